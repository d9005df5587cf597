import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "#sandbox/clock.ts";
import { startServer } from "#sandbox/server.ts";

const start = async () => {
  const sandbox = await startServer({
    clock: systemClock,
    answer: () => ({ status: 200, body: { ok: true } }),
    reset: () => {},
    configure: () => ({}),
  });
  onTestFinished(() => sandbox.close());
  return sandbox;
};

/** Sends bytes as they are and resolves with what came back when the connection has closed. */
const raw = (url: string, text: string, abort: boolean): Promise<string> =>
  new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () =>
      socket.write(text, () => abort && socket.destroy()),
    );
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
  });

test.each([
  ["an upload that breaks off", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", true, /^$/],
  ["a Host that is none", "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", false, /^HTTP\/1\.1 400/],
])("%s does not end the sandbox", async (_, text, abort, answer) => {
  const sandbox = await start();
  expect(await raw(sandbox.url, text, abort)).toMatch(answer);
  expect((await fetch(`${sandbox.url}/b`)).status).toBe(200);
  expect(sandbox.requests().map(({ path }) => path)).toEqual(["/b"]);
});

test("a bomb is small on the wire and 64 MiB when unpacked", async () => {
  const sandbox = await start();
  sandbox.fault({ spoil: "bomb", times: 1 });
  const response = await fetch(sandbox.url);
  let unpacked = 0;
  for await (const chunk of response.body!) unpacked += chunk.length;
  expect(unpacked).toBe(64 * 1024 * 1024);
  sandbox.fault({ spoil: "bomb", times: 1 });
  const request = "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  expect((await raw(sandbox.url, request, false)).length).toBeLessThan(100_000);
  expect(await (await fetch(sandbox.url)).json()).toEqual({ ok: true });
});
