import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { Desk } from "../kit/desk.ts";
import { type StartOptions, startHub } from "../kit/hub.ts";
import { intent, LIMITS } from "../trail/entries.ts";

const WRITE = { id: "r1", value: "new", justification: "corrected after the call" };
const start = (options: StartOptions = {}) => startHub({ connectors: ["desk"], ...options });
const drawer = (hub: Awaited<ReturnType<typeof start>>) => (hub.built.supervised[0]!.api as Desk).records;

test("a write stands in the trail before it happens and after it happened", async () => {
  const hub = await start();
  expect(await hub.call("desk_set_record", WRITE)).toHaveAnswer({ before: null, after: "new", intent: 1 });
  const [intent, outcome] = hub.trail.entries();
  expect(intent).toMatchObject({
    kind: "intent",
    targets: ["desk:Record:r1"],
    justification: WRITE.justification,
    changes: [{ record: "desk:Record:r1", field: "value" }],
  });
  expect(outcome).toMatchObject({ kind: "call", outcome: "applied", intent: 1 });
  expect(hub.built.trail.verify()).toEqual({ ok: true, entries: 2 });
});

test("old and new values are sealed in the trail unless the configuration says otherwise", async () => {
  const sealed = await start();
  await sealed.call("desk_set_record", { ...WRITE, value: "very private" });
  expect(JSON.stringify(sealed.trail.entries())).not.toContain("very private");
  const plain = await start({ config: { trail: { values: "plain" } } });
  await plain.call("desk_set_record", { ...WRITE, value: "very private" });
  expect(JSON.stringify(plain.trail.entries())).toContain("very private");
});

test("a read-only hub hides writes and refuses them by name", async () => {
  const hub = await start({ config: { readOnly: true } });
  expect(await hub.toolNames()).not.toContain("desk_set_record");
  expect(await hub.call("desk_set_record", WRITE)).toBeRefused("read_only");
  expect(drawer(hub).size).toBe(0);
  expect(hub.trail.last()).toMatchObject({ outcome: "refused", code: "read_only" });
});

test("a write needs a justification of ten characters", async () => {
  const hub = await start();
  expect(await hub.call("desk_set_record", { ...WRITE, justification: "because" })).toBeRefused(
    "invalid_input",
  );
  expect(drawer(hub).size).toBe(0);
});

test("a card number is not written anywhere", async () => {
  const hub = await start();
  expect(await hub.call("desk_set_record", { ...WRITE, value: "card 4111 1111 1111 1111" })).toBeRefused(
    "forbidden",
  );
  expect(drawer(hub).size).toBe(0);
});

test("a dry run shows the request and sends none", async () => {
  const hub = await start();
  expect(await hub.call("desk_set_record", { ...WRITE, dry_run: true })).toHaveAnswer({
    dry_run: { requests: [{ system: "desk", method: "PATCH", url: "/records/r1", body: { value: "new" } }] },
  });
  expect(drawer(hub).size).toBe(0);
  expect(hub.trail.last()).toMatchObject({ kind: "call", outcome: "ok" });
});

test.each(["2025", "2026"] as const)(
  "era %s: a person sees the change field by field and accepts it",
  async (era) => {
    const asked: string[] = [];
    const hub = await start({
      era,
      person: (message) => {
        asked.push(message);
        return "accept";
      },
    });
    expect(await hub.call("desk_set_record", WRITE)).toHaveAnswer({ after: "new" });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("r1, value: (empty) → new");
    expect(asked[0]).toContain(WRITE.justification);
  },
);

test.each(["decline", "cancel"] as const)("when a person says %s, nothing is written", async (answer) => {
  const hub = await start({ person: () => answer });
  expect(await hub.call("desk_set_record", WRITE)).toBeRefused("declined");
  expect(drawer(hub).size).toBe(0);
  expect(hub.trail.entries()).toMatchObject([
    { kind: "call", outcome: "asked" },
    { kind: "call", outcome: "refused", code: "declined" },
  ]);
});

test("a person sees exactly what will be written, and no secret of what was there", async () => {
  const asked: string[] = [];
  const hub = await start({
    person: (message) => {
      asked.push(message);
      return "accept";
    },
  });
  drawer(hub).set("r1", `old card 4111 1111 1111 1111`);
  await hub.call("desk_set_record", { ...WRITE, value: "<b>see [this](https://x.example)</b>" });
  expect(asked[0]).toContain("old card [CARD] → <b>see [this](https://x.example)</b>");
  expect(await hub.call("desk_set_record", { ...WRITE, value: "x".repeat(4_001) })).toBeRefused(
    "confirmation_required",
  );
  expect(await hub.call("desk_set_record", { ...WRITE, value: "zero\u200bwidth" })).toBeRefused(
    "invalid_input",
  );
});

test("confirm: required refuses where nobody can be asked; off never asks", async () => {
  const required = await start({ config: { writes: { confirm: "required" } } });
  expect(await required.call("desk_set_record", WRITE)).toBeRefused("confirmation_required");
  const off = await start({ config: { writes: { confirm: "off" } }, person: () => "decline" });
  expect(await off.call("desk_set_record", WRITE)).toHaveAnswer({ after: "new" });
});

test.each([
  ["explode", "vendor_unavailable", "unknown"],
  ["explode surely", "vendor_unavailable", "failed"],
  ["refuse", "vendor_rejected", "rejected"],
])("a write that ends with %s is recorded as %s: %s", async (value, code, outcome) => {
  const hub = await start();
  expect(await hub.call("desk_set_record", { ...WRITE, value })).toBeRefused(code as "vendor_rejected");
  expect(hub.trail.last()).toMatchObject({ outcome, intent: 1 });
});

test("while the trail cannot be written nothing is written, and the answer says so", async () => {
  const hub = await start();
  const blocker = new DatabaseSync(join(hub.home, "trail.db"));
  blocker.exec("BEGIN IMMEDIATE");
  expect(await hub.call("desk_set_record", WRITE)).toBeRefused("audit_unavailable");
  expect(drawer(hub).size).toBe(0);
  blocker.exec("ROLLBACK");
  blocker.close();
  expect(await hub.call("desk_set_record", WRITE)).toHaveAnswer({ after: "new" });
});

test("the kill switch stops a system at once, in every hub over the same state, and is itself recorded", async () => {
  const hub = await start();
  const other = await start({ home: hub.home });
  await other.built.trail.kill("desk", true, "admin");
  expect(await hub.call("desk_echo", { text: "a" })).toBeRefused("killed");
  expect(await hub.call("desk_set_record", WRITE)).toBeRefused("killed");
  expect(await hub.call("hub_status")).toHaveAnswer({ killed: ["desk"] });
  await other.built.trail.kill("desk", false, "admin");
  expect(await hub.call("desk_set_record", WRITE)).toHaveAnswer({ after: "new" });
  expect(hub.trail.entries().filter(({ kind }) => kind === "kill")).toHaveLength(2);
});

test("a record with an unfinished write is not written again, until the dead process's intent is settled", async () => {
  const hub = await start();
  await hub.built.trail.intend(intent("desk:Record:r1"), LIMITS);
  expect(await hub.call("desk_set_record", WRITE)).toBeRefused("busy");
  expect(await hub.call("desk_set_record", { ...WRITE, id: "r2" })).toHaveAnswer({ after: "new" });
});

test("a plan that tries to send something is stopped", async () => {
  const { createFetch, ledger } = await import("../../src/connector/upstream.ts");
  const hub = await start();
  const seen = { lastAnswerAt: undefined, lastFailureAt: undefined, lastFailure: undefined };
  const fetch = createFetch({ system: "desk", clock: hub.clock, concurrency: 1, seen });
  const origin = "http://127.0.0.1:9";
  const sending = ledger.run(
    { signal: AbortSignal.timeout(1_000), statuses: new Map(), mayRequest: false },
    async () => fetch({ method: "POST", url: `${origin}/x`, origin }),
  );
  await expect(sending).rejects.toMatchObject({ code: "internal" });
  expect(seen.lastFailureAt).toBeUndefined();
});
