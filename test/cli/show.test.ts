/** `call --open`: what the little server gives whom. What a browser makes of it: test/views/open.test.ts. */
import { request as httpRequest } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { serveView, type ViewResult, type ViewServerOptions } from "../../src/cli/view-server.ts";
import { systemClock } from "../../src/clock.ts";
import { createClock } from "../kit/clock.ts";
import { ROOT } from "../kit/hub.ts";
import { cleanEnvironment, run, startProcess } from "../kit/process.ts";

const result = (text: string): ViewResult => ({
  content: [{ type: "text", text: JSON.stringify({ text }) }],
  structuredContent: { text },
});

const VIEW = {
  uri: "ui://revops/review-commits",
  title: "Review Commit deals",
  file: new URL("dist/connectors/revops/views/review-commits.html", ROOT),
};

/** As a browser does that opens the address. */
const enter = async (address: string): Promise<string> =>
  (await fetch(address)).headers.getSetCookie()[0]!.split(";")[0]!;

const serve = async (options: Partial<ViewServerOptions> = {}) => {
  const stop = new AbortController();
  const calls: unknown[] = [];
  const served = await serveView({
    tool: "revops_review_commits",
    view: VIEW,
    input: { time_period: "q4" },
    result: result("first"),
    call: async (tool, input) => {
      calls.push({ tool, input });
      return result("fresh");
    },
    clock: systemClock,
    signal: stop.signal,
    ...options,
  });
  onTestFinished(() => stop.abort());
  const { origin } = new URL(served.address);
  let cookie: string | undefined;
  const ask = async (path: string, init?: RequestInit) => {
    cookie ??= await enter(served.address);
    const headers = { ...init?.headers, cookie };
    const response = await fetch(new URL(path, served.address), { ...init, headers });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const call = (body: unknown, from = origin) =>
    ask("call", { method: "POST", headers: { origin: from }, body: JSON.stringify(body) });
  return { ...served, origin, stop, calls, ask, call };
};

test("under its path: the page, the view under a strict policy, and the answer", async () => {
  const { ask, address } = await serve();
  expect(new URL(address).hostname).toBe("127.0.0.1");
  expect(new URL(address).pathname.length).toBeGreaterThan(40);
  const page = await ask("");
  expect(page.status).toBe(200);
  const nonce = /nonce-([^']+)'/.exec(page.headers.get("content-security-policy")!)![1]!;
  expect(page.text).toContain(`<script nonce="${nonce}">`);
  expect((await ask("")).text).not.toContain(nonce);
  const view = await ask("view");
  expect(view.text).toContain("<!doctype html>");
  expect(view.headers.get("content-security-policy")).toMatch(/^sandbox allow-scripts; default-src 'none'/);
  expect(JSON.parse((await ask("answer")).text)).toMatchObject({
    tool: "revops_review_commits",
    input: { time_period: "q4" },
    result: { structuredContent: { text: "first" } },
  });
});

test("the first browser is let in, and comes back as often as it likes; nobody else with the same address", async () => {
  const { address, ask, origin, calls } = await serve();
  const post = { method: "POST", headers: { origin }, body: JSON.stringify({ name: "hub_status" }) };
  // Who has read the address in the list of processes, and does not begin at the beginning.
  expect((await fetch(`${address}answer`)).status).toBe(403);
  expect((await fetch(`${address}call`, post)).status).toBe(403);
  const { status, headers } = await ask("");
  expect(status).toBe(200);
  expect(headers.get("set-cookie")).toMatch(
    /^revops-hub-view=[\w-]{43}; Path=\/[\w-]{43}\/; HttpOnly; SameSite=Strict$/,
  );
  expect((await ask("answer")).status).toBe(200);
  const late = await fetch(address);
  expect([late.status, await late.text()]).toEqual([
    403,
    "Another browser shows this. Run the command again.",
  ]);
  expect(late.headers.has("set-cookie")).toBe(false);
  expect((await fetch(`${address}answer`, { headers: { cookie: "revops-hub-view=x" } })).status).toBe(403);
  expect(calls).toEqual([]);
});

test("a view calls back with the page's own origin", async () => {
  const { call, calls } = await serve();
  const { text } = await call({ name: "hub_get_more", arguments: { cursor: "c" } });
  expect(JSON.parse(text).structuredContent).toEqual({ text: "fresh" });
  expect(calls).toEqual([{ tool: "hub_get_more", input: { cursor: "c" } }]);
});

test("without the path, or with another one as long, there is nothing", async () => {
  const { ask, address } = await serve();
  expect((await ask("/")).status).toBe(404);
  expect((await ask("/view")).status).toBe(404);
  const { pathname } = new URL(address);
  expect((await ask(`${pathname.slice(0, -3)}xx/answer`)).status).toBe(404);
  expect((await ask(`${pathname}etc`)).status).toBe(404);
});

test("a page elsewhere cannot call, not even under a name that points here", async () => {
  const { call, calls, address } = await serve();
  expect((await call({ name: "hub_status" }, "https://evil.example")).status).toBe(403);
  expect((await call({ name: "hub_status" }, "null")).status).toBe(403);
  const { port, pathname } = new URL(address);
  const status = await new Promise((resolve) => {
    const headers = { host: `evil.example:${port}` };
    httpRequest({ host: "127.0.0.1", port, path: pathname, headers }, ({ statusCode }) =>
      resolve(statusCode),
    ).end();
  });
  expect(status).toBe(404);
  expect(calls).toEqual([]);
});

test.each([
  ["no JSON", "{"],
  ["no name", '{"arguments":{}}'],
  ["arguments that are none", '{"name":"a","arguments":1}'],
])("%s is no call", async (_, body) => {
  const { ask, origin, calls } = await serve();
  expect((await ask("call", { method: "POST", headers: { origin }, body })).status).toBe(400);
  expect(calls).toEqual([]);
});

test("a call that is too large is refused", async () => {
  const { ask, origin } = await serve();
  const body = JSON.stringify({ name: "a", arguments: { text: "x".repeat(70_000) } });
  expect((await ask("call", { method: "POST", headers: { origin }, body })).status).toBe(400);
});

test("what a call refuses is said to the page", async () => {
  const { call } = await serve({
    call: async () => {
      throw new Error("A view may only read.");
    },
  });
  expect(await call({ name: "salesforce_update_field" })).toMatchObject({
    status: 400,
    text: "A view may only read.",
  });
});

test("it ends when the signal says so, and after a quarter of an hour in which nobody asked", async () => {
  const { stop, ended, address } = await serve();
  stop.abort();
  await ended;
  await expect(fetch(address)).rejects.toThrow();
  const clock = createClock();
  const began = clock.now();
  const idle = await serve({ clock });
  await idle.ended;
  expect(clock.now() - began).toBe(15 * 60_000);
});

test("when the page says goodbye it ends, unless the page comes back", async () => {
  const sleeps: { ms: number; wake: () => void; signal: AbortSignal | undefined }[] = [];
  const clock = {
    now: () => 0,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, reject) => {
        sleeps.push({ ms, wake, signal });
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const { ask, origin, ended } = await serve({ clock });
  const bye = () => ask("bye", { method: "POST", headers: { origin } });
  await bye();
  await ask("");
  const [, , left] = sleeps;
  expect(left).toMatchObject({ ms: 3_000, signal: { aborted: true } });
  await bye();
  sleeps.at(-1)!.wake();
  await ended;
});

test("the command prints where, serves a real answer, calls back, refuses writes, and ends with Ctrl-C", async () => {
  const env = cleanEnvironment();
  const child = startProcess(["call", "revops_review_commits", "{}", "--open", "--sandbox"], env);
  const address = await new Promise<string>((resolve) => {
    let out = "";
    child.stdout.on("data", (piece) => {
      out += piece;
      if (out.includes("\n")) resolve(out.trim());
    });
  });
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/);
  const { origin } = new URL(address);
  const cookie = await enter(address);
  const { result } = (await (await fetch(`${address}answer`, { headers: { cookie } })).json()) as {
    result: ViewResult;
  };
  const { deals } = result.structuredContent as { deals: { cursor: string; returned: number } };
  expect(deals.returned).toBeGreaterThan(10);
  const post = (body: object) =>
    fetch(`${address}call`, { method: "POST", headers: { origin, cookie }, body: JSON.stringify(body) });
  const more = (await (
    await post({ name: "hub_get_more", arguments: { cursor: deals.cursor } })
  ).json()) as ViewResult;
  expect(more.structuredContent).toMatchObject({ rows: { truncated: false } });
  const write = await post({ name: "salesforce_update_field", arguments: {} });
  expect([write.status, await write.text()]).toEqual([400, "A view may only read."]);
  child.kill("SIGINT");
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
});

test("a tool without a view is refused with those that have one; an error is printed, not shown", async () => {
  const env = cleanEnvironment();
  const none = await run(["call", "hub_status", "--open", "--sandbox"], env);
  expect(none.status).toBe(2);
  expect(none.stderr).toMatch(/no view for "hub_status".*revops_review_commits/);
  const wrong = await run(
    ["call", "revops_review_commits", '{"time_period":"Q9"}', "--open", "--sandbox"],
    env,
  );
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain("invalid_input");
});
