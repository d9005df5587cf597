import { spawn } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { exportLines, verifyExport } from "../../src/trail/export.ts";
import { createTrail, type Trail } from "../../src/trail/trail.ts";
import { createClock } from "../kit/clock.ts";
import { temporaryFolder } from "../kit/hub.ts";
import { call, intent, LIMITS, outcome } from "./entries.ts";

const openTrail = (folder = temporaryFolder(), isAlive = (_pid: number) => true) => {
  const trail = createTrail({ folder, clock: createClock(), isAlive });
  onTestFinished(() => trail.close());
  return { trail, folder };
};

const WRITER = fileURLToPath(new URL("writer.ts", import.meta.url));

const startWriter = (folder: string, count: number) => {
  const child = spawn(process.execPath, [WRITER, folder, String(count)], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return new Promise<number | null>((resolve) => child.on("close", resolve));
};

const bodies = (trail: Trail) => [...trail.entries()].map(({ body }) => JSON.parse(body));

test("while two processes write, a third never sees a false alarm", { timeout: 60_000 }, async () => {
  const { trail, folder } = openTrail();
  // The trail it looks at is longer than a page.
  await Promise.all(Array.from({ length: 600 }, (_, n) => trail.append(call(n))));
  const [a, b] = [startWriter(folder, 500), startWriter(folder, 500)];
  let writing = true;
  const ended = Promise.all([a, b]).finally(() => {
    writing = false;
  });
  const seen = new Set<number>();
  while (writing) {
    const verdict = trail.verify();
    expect(verdict).toMatchObject({ ok: true });
    seen.add(verdict.entries);
    expect(trail.damage()).toBeUndefined();
    expect(verifyExport([...exportLines(trail)].join("\n"))).toMatchObject({ ok: true });
    await new Promise((turn) => setImmediate(turn));
  }
  expect(await ended).toEqual([0, 0]);
  expect(seen.size).toBeGreaterThan(3);
  expect(trail.verify()).toEqual({ ok: true, entries: 1600 });
});

test("an export holds the trail of one moment, though it is read slowly", async () => {
  const { trail, folder } = openTrail();
  await Promise.all(Array.from({ length: 1100 }, (_, n) => trail.append(call(n))));
  const other = openTrail(folder).trail;
  const lines: string[] = [];
  for (const line of exportLines(trail)) {
    lines.push(line);
    if (lines.length === 600) await other.append(call(0));
  }
  expect(verifyExport(lines.join("\n"))).toMatchObject({ ok: true, entries: 1100 });
  expect(trail.verify()).toEqual({ ok: true, entries: 1101 });
});

test("an entry that cannot be recorded is refused alone", async () => {
  const { trail } = openTrail();
  const { sequence } = await trail.intend(intent("desk:Note:1"), LIMITS);
  const poisoned = { ...call(1), tool: Number.NaN } as unknown as ReturnType<typeof call>;
  const settled = await Promise.allSettled([
    trail.append(call(2)),
    trail.append(poisoned),
    trail.intend({ ...intent("desk:Note:2"), targets: [{} as string] }, LIMITS),
    trail.conclude(outcome(sequence)),
    trail.append(call(3)),
  ]);
  expect(settled.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(trail.verify()).toEqual({ ok: true, entries: 4 });
  expect(bodies(trail).map(({ call }) => call)).toEqual(["call-of-a-write", "call-2", "call-0", "call-3"]);
});

test("a write that names a record twice takes it once", async () => {
  const { trail } = openTrail();
  const { sequence } = await trail.intend(intent("desk:Note:1", "desk:Note:1"), LIMITS);
  await expect(trail.intend(intent("desk:Note:1"), LIMITS)).rejects.toMatchObject({ code: "busy" });
  await trail.conclude(outcome(sequence));
  await expect(trail.intend(intent("desk:Note:1"), LIMITS)).resolves.toMatchObject({ sequence: 3 });
});

test("the outcome of a write is tried once more when its commit failed", async () => {
  const { trail, folder } = openTrail();
  const { sequence } = await trail.intend(intent("desk:Note:1"), LIMITS);
  // Refuses the head that counts three entries: the commit of both, not that of the outcome alone.
  const db = new DatabaseSync(join(folder, "trail.db"));
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON head WHEN NEW.size = 3
    BEGIN SELECT RAISE(ABORT, 'no space'); END`);
  db.close();
  const [read, write] = await Promise.allSettled([trail.append(call(1)), trail.conclude(outcome(sequence))]);
  expect(read).toMatchObject({ status: "rejected", reason: { code: "audit_unavailable" } });
  expect(write).toMatchObject({ status: "fulfilled", value: { sequence: 2 } });
  expect(trail.verify()).toEqual({ ok: true, entries: 2 });
});

/** A lease as a hub with this process id has left it that was not this process. */
const leftBehind = (folder: string, pid: number, started: string) => {
  const db = new DatabaseSync(join(folder, "trail.db"));
  db.prepare("UPDATE leases SET pid = ?, started = ?").run(pid, started);
  db.close();
};

test("a write left by a dead hub with our own process id does not hold its record", async () => {
  const { trail, folder } = openTrail();
  const { sequence } = await trail.intend(intent("desk:Note:1"), LIMITS);
  expect(await trail.abandon()).toEqual([]);
  leftBehind(folder, process.pid, "an earlier start");
  await expect(trail.intend(intent("desk:Note:1"), LIMITS)).resolves.toMatchObject({ sequence: 3 });
  expect(bodies(trail)[1]).toMatchObject({ kind: "abandoned", intent: sequence, outcome: "unknown" });
});

test.runIf(process.platform === "linux")(
  "another program that got a dead hub's process id does not keep its write open",
  async () => {
    const { trail, folder } = openTrail();
    const { sequence } = await trail.intend(intent("desk:Note:1"), LIMITS);
    leftBehind(folder, process.ppid, "an earlier start");
    expect(await trail.abandon()).toEqual([sequence]);
  },
);

test("a hub that dies while this one runs frees its records with the next write to them", async () => {
  let alive = true;
  const { trail } = openTrail(temporaryFolder(), () => alive);
  await trail.intend(intent("desk:Note:1"), LIMITS);
  await expect(trail.intend(intent("desk:Note:1"), LIMITS)).rejects.toMatchObject({ code: "busy" });
  alive = false;
  await expect(trail.intend(intent("desk:Note:1"), LIMITS)).resolves.toMatchObject({ sequence: 3 });
});
