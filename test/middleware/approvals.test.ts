import { expect, test } from "vitest";
import type { Desk } from "../kit/desk.ts";
import { type StartOptions, startHub } from "../kit/hub.ts";

const WRITE = { id: "r1", value: "new", justification: "corrected after the call" };
const DAY = 24 * 60 * 60_000;

const start = (options: StartOptions = {}) =>
  startHub({ connectors: ["desk"], config: { writes: { confirm: "required" } }, ...options });
const drawer = (hub: Awaited<ReturnType<typeof start>>) => (hub.built.supervised[0]!.api as Desk).records;

test("a write that must be confirmed, by a client that cannot ask, waits for a person at a terminal", async () => {
  const hub = await start();
  const result = await hub.call("desk_set_record", WRITE);
  expect(result).toBeRefused("confirmation_required");
  const { approval, hint } = result.answer.error;
  expect(hint).toContain(`revops-hub approve ${approval}`);
  expect(drawer(hub).size).toBe(0);
  expect(await hub.built.approvals.list()).toEqual([
    {
      id: approval,
      tool: "desk_set_record",
      arguments: WRITE,
      principal: "tester",
      client: expect.stringContaining("test-client"),
      askedAt: expect.any(String),
      question: expect.stringContaining("r1, value: (empty) → new"),
    },
  ]);
  expect(hub.trail.entries().map(({ kind }) => kind)).toEqual(["call"]);
});

test("asked again for the same change, it waits under the same id; another change is another question", async () => {
  const hub = await start();
  const ask = async (more = {}) =>
    (await hub.call("desk_set_record", { ...WRITE, ...more })).answer.error.approval;
  const first = await ask();
  expect(await ask()).toBe(first);
  expect(await ask({ value: "other" })).not.toBe(first);
  drawer(hub).set("r1", "changed meanwhile");
  expect(await ask()).not.toBe(first);
});

test("what waits is kept for a day, also by another hub of the machine", async () => {
  const hub = await start();
  await hub.call("desk_set_record", WRITE);
  const other = await start({ home: hub.home, clock: hub.clock });
  expect(await other.built.approvals.list()).toHaveLength(1);
  hub.clock.advance(DAY);
  expect(await other.built.approvals.list()).toEqual([]);
});

test("no argument can play the person", async () => {
  const hub = await start();
  for (const more of [{ confirm: true }, { approved: "yes" }, { approval: "1234abcd" }])
    expect(await hub.call("desk_set_record", { ...WRITE, ...more })).toBeRefused("invalid_input");
  expect(drawer(hub).size).toBe(0);
});
