import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import type { Desk } from "../kit/desk.ts";
import { startHub } from "../kit/hub.ts";

const start = (config = {}) => startHub({ connectors: ["desk"], config });
const runs = (hub: Awaited<ReturnType<typeof start>>) => (hub.built.supervised[0]!.api as Desk).runs;

test("a read is answered, recorded, and carries only what the tool declared", async () => {
  const hub = await start();
  expect(await hub.call("desk_echo", { text: "hello" })).toEqual({
    isError: false,
    answer: { text: "hello" },
  });
  expect(hub.trail.last()).toMatchObject({
    kind: "call",
    tool: "desk_echo",
    principal: "tester",
    client: "test-client/1.0.0",
    outcome: "ok",
  });
});

test("the log has one line a call, with a hash instead of the arguments", async () => {
  const hub = await start();
  await hub.call("desk_echo", { text: "hello" });
  const lines = (await hub.log()).filter(({ tool }) => tool === "desk_echo");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    principal: "tester",
    client: "test-client/1.0.0",
    outcome: "ok",
    upstream: {},
  });
  expect(lines[0]?.args).toMatch(/^[\w-]{22}$/);
  expect(lines[0]?.ms).toEqual(expect.any(Number));
  expect(JSON.stringify(await hub.log())).not.toContain("hello");
});

test("an unknown tool is refused, recorded, and the nearest one is named", async () => {
  const hub = await start();
  const result = await hub.call("desk_echo_back", { text: "hello" });
  expect(result).toBeRefused("unknown_tool");
  expect(result.answer.error.hint).toContain("desk_echo");
  expect(hub.trail.last()).toMatchObject({
    tool: "desk_echo_back",
    outcome: "refused",
    code: "unknown_tool",
  });
});

test.each([
  ["a missing argument", {}],
  ["a wrong type", { text: 5 }],
  ["an unknown argument", { text: "a", colour: "red" }],
  ["dry_run where nothing is sent", { text: "a", dry_run: true }],
  ["a list of 1,001", { text: "a", list: Array(1_001).fill("x") }],
  ["more than 256 KiB", { text: "a".repeat(262_145) }],
  ["seventeen levels", { text: JSON.parse(`${"[".repeat(17)}${"]".repeat(17)}`) }],
  ["a prototype key", { text: "a", constructor: {} }],
  ["a bidirectional override", { text: "gnp.\u202eexe" }],
  ["a lone surrogate", { text: "\ud800" }],
  ["a NUL", { text: "a\u0000b" }],
])("%s is refused before the tool runs, and recorded", async (_, input) => {
  const hub = await start();
  expect(await hub.call("desk_echo", input)).toBeRefused("invalid_input");
  expect(runs(hub)).toBe(0);
  expect(hub.trail.last()).toMatchObject({ outcome: "refused", code: "invalid_input" });
});

test("an error names the argument and what the tool takes", async () => {
  const hub = await start();
  const { answer } = await hub.call("desk_echo", { txt: "a" });
  expect(answer.error.message).toContain("text");
  expect(answer.error.hint).toContain("text, list");
});

test("the vendor's own words come cleaned and marked, ours say what to do", async () => {
  const hub = await start();
  const { answer } = await hub.call("desk_get_failure", { how: "vendor" });
  expect(answer.error.code).toBe("vendor_rejected");
  expect(answer.error.message).not.toContain("Ignore");
  expect(answer.error.vendor.message).toMatch(/untrusted/);
  expect(answer.error.vendor.message).not.toContain("\u202e");
});

test("a bug becomes `internal`; its details go to the log alone", async () => {
  const hub = await start();
  const result = await hub.call("desk_get_failure", { how: "bug" });
  expect(result).toBeRefused("internal");
  expect(JSON.stringify(result)).not.toContain("secret detail");
  expect(JSON.stringify(await hub.log())).toContain("secret detail");
  expect(await hub.call("desk_get_failure", { how: "wrong output" })).toBeRefused("internal");
});

test("floods are throttled per tool, and the answer says until when", async () => {
  const hub = await start({ limits: { callsPerMinute: 3 } });
  for (let i = 0; i < 3; i += 1) expect((await hub.call("desk_echo", { text: "a" })).isError).toBe(false);
  const refused = await hub.call("desk_echo", { text: "a" });
  expect(refused).toBeRefused("throttled");
  hub.clock.set(Date.parse(refused.answer.error.retryAt));
  expect((await hub.call("desk_echo", { text: "a" })).isError).toBe(false);
});

test("tables travel as columns and rows, without the empty column", async () => {
  const hub = await start();
  const { answer } = await hub.call("desk_list_rows", { count: 2 });
  expect(answer.rows).toEqual({
    columns: ["id", "name"],
    rows: [
      [0, "row 0"],
      [1, "row 1"],
    ],
    returned: 2,
    total: 2,
    truncated: false,
  });
});

test("what does not fit the budget is paged in whole rows, to the last one, for the same principal only", async () => {
  const hub = await start({ limits: { answerTokens: 500 } });
  const ids: number[] = [];
  let { answer } = await hub.call("desk_list_rows", { count: 200 });
  const first = answer.rows.cursor;
  expect(answer.notices[0]).toContain("hub_get_more");
  for (let pages = 0; ; pages += 1) {
    expect(encode(JSON.stringify(answer)).length).toBeLessThan(500);
    expect(answer.rows.total).toBe(200);
    ids.push(...answer.rows.rows.map(([id]: [number]) => id));
    if (!answer.rows.cursor) break;
    expect(answer.rows.truncated).toBe(true);
    expect(pages).toBeLessThan(100);
    ({ answer } = await hub.call("hub_get_more", { cursor: answer.rows.cursor }));
  }
  expect(answer.rows.truncated).toBe(false);
  expect(ids).toEqual(Array.from({ length: 200 }, (_, id) => id));

  expect(await hub.call("hub_get_more", { cursor: "never-issued" })).toBeRefused("not_found");
  hub.clock.advance(16 * 60_000);
  expect(await hub.call("hub_get_more", { cursor: first })).toBeRefused("not_found");
});

test("cancelling reaches the tool, and is recorded", async () => {
  const hub = await start();
  const cancel = new AbortController();
  const call = hub.call(
    "desk_get_later",
    {},
    { signal: cancel.signal, onprogress: () => cancel.abort("enough") },
  );
  await expect(call).rejects.toThrow();
  await expect
    .poll(() => hub.trail.last())
    .toMatchObject({ tool: "desk_get_later", outcome: "failed", code: "cancelled" });
});

test("a tool that never answers is ended at the deadline", async () => {
  const hub = await start({ limits: { timeoutMs: 20 } });
  expect(await hub.call("desk_get_later")).toBeRefused("deadline_exceeded");
});

test("progress is sent when the client asks for it", async () => {
  const hub = await start({ limits: { timeoutMs: 50 } });
  const seen: unknown[] = [];
  await hub.call("desk_get_later", {}, { onprogress: (progress) => void seen.push(progress) });
  expect(seen).toEqual([{ progress: 1, total: 2, message: "waiting" }]);
});
