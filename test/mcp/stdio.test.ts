import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createInFlight } from "../../src/mcp/in-flight.ts";
import { serveStdio } from "../../src/mcp/stdio.ts";
import { startHub, type TestHub, temporaryFolder } from "../kit/hub.ts";

const PATIENT = fileURLToPath(new URL("patient.ts", import.meta.url));
const LIMIT = 8 * 1024 * 1024;

const start = async () => startHub({ connectors: { patient: { from: PATIENT } } });
const impatient = () => createInFlight({ answersMs: 0, writesMs: 600_000, endMs: 10_000 });

test("a line over the limit is refused and skipped, and the next request is answered", async () => {
  const { input, message, ended } = serve(await start());
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let sent = 0; sent <= LIMIT; sent += chunk.length) input.write(chunk);
  input.write("\n");
  expect(await message(null)).toMatchObject({
    error: { code: -32600, message: expect.stringContaining(`${LIMIT}`) },
  });
  input.write(`${initialize(1)}\n`);
  expect(await message(1)).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  input.end();
  await ended;
});

test("a message is understood however it is cut into pieces, also without a last line break", async () => {
  const { input, message, ended } = serve(await start());
  const text = `${initialize(1)}\n\n${call(2, "hub_status")}`;
  for (let at = 0; at < text.length; at += 7) input.write(text.slice(at, at + 7));
  input.end();
  await ended;
  expect(await message(1)).toHaveProperty("result");
  expect(await message(2)).toHaveProperty("result.structuredContent");
});

test("all that was asked before the client closed its end is answered", async () => {
  const { input, messages, ended } = serve(await start());
  const asked = Array.from({ length: 5 }, (_, place) => call(place + 2, "hub_status"));
  input.end([initialize(1), ...asked, ""].join("\n"));
  await ended;
  expect(
    messages()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each(["the client closes its end", "a signal says stop"])(
  "when %s, a write under way is finished, answered and recorded",
  async (how) => {
    const hub = await start();
    const stop = new AbortController();
    const { input, message, ended } = serve(hub, { stop: stop.signal, inFlight: impatient() });
    const file = join(temporaryFolder(), "go");
    input.write(
      `${initialize(1)}\n${call(2, "patient_set_record", { file, justification: "asked by the owner" })}\n`,
    );
    await expect.poll(() => hub.trail.entries().some(({ kind }) => kind === "intent")).toBe(true);
    if (how === "a signal says stop") stop.abort();
    else input.end();
    let over = false;
    void ended.then(() => {
      over = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    writeFileSync(file, "");
    await ended;
    expect(await message(2)).toMatchObject({ result: { structuredContent: { written: true } } });
    expect(hub.trail.last()).toMatchObject({ tool: "patient_set_record", outcome: "applied" });
  },
);

test("a read that takes too long for a client that has left is cut short, and recorded as such", async () => {
  const hub = await start();
  const { input, ended } = serve(hub, { inFlight: impatient() });
  input.end(`${initialize(1)}\n${call(2, "patient_get_record", { file: "/no/such/file" })}\n`);
  await ended;
  await expect
    .poll(() => hub.trail.entries().at(-1))
    .toMatchObject({ tool: "patient_get_record", code: "cancelled" });
});

const initialize = (id: number) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "0" } },
  });
const call = (id: number, name: string, input = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: input } });

type Message = { readonly id: number | null } & Record<string, unknown>;

const serve = ({ built }: TestHub, options: Parameters<typeof serveStdio>[3] = {}) => {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = "";
  output.on("data", (chunk) => {
    text += chunk;
  });
  const ended = serveStdio(built.hub, { input, output }, built.log, options);
  const messages = (): Message[] =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return {
    input,
    messages,
    ended,
    async message(id: number | null) {
      await expect.poll(() => messages().some((message) => message.id === id)).toBe(true);
      return messages().find((message) => message.id === id);
    },
  };
};
