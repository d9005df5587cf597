import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { GENESIS, link } from "../../src/trail/chain.ts";
import type { Entry } from "../../src/trail/entry.ts";
import { createTrail } from "../../src/trail/trail.ts";
import { createClock } from "../kit/clock.ts";
import { temporaryFolder } from "../kit/hub.ts";
import { call, intent, LIMITS } from "./entries.ts";

const openTrail = (folder = temporaryFolder()) => {
  const trail = createTrail({ folder, clock: createClock(), isAlive: () => true });
  onTestFinished(() => trail.close());
  return { trail, folder };
};

/** A folder with a trail of three entries, its hub ended. */
const finished = async () => {
  const { trail, folder } = openTrail();
  for (let n = 1; n <= 3; n += 1) await trail.append(call(n));
  await trail.close();
  return folder;
};

/** Writes the whole chain anew, as who knows all of the hub but its key would. */
const forge = (folder: string, change: (entry: Entry) => Entry) => {
  const db = new DatabaseSync(join(folder, "trail.db"));
  const bodies = db.prepare("SELECT body FROM entries ORDER BY sequence").all();
  db.exec("DROP TRIGGER entries_stay; DROP TRIGGER entries_remain; DELETE FROM entries");
  let hash = GENESIS;
  for (const [n, { body }] of bodies.entries()) {
    const next = link(hash, n + 1, change(JSON.parse(String(body))));
    db.prepare("INSERT INTO entries VALUES (?, ?, ?)").run(next.sequence, next.body, next.hash);
    hash = next.hash;
  }
  db.prepare("UPDATE head SET hash = ?").run(hash);
  db.close();
};

const DAMAGED = { code: "audit_unavailable", message: expect.stringContaining("damaged") };

test.each(["at the next start", "while the hub runs"])(
  "a forged trail is found %s, and nothing is added that would make it genuine",
  async (when) => {
    const { trail, folder } = openTrail();
    for (let n = 1; n <= 3; n += 1) await trail.append(call(n));
    forge(folder, (entry) => ({ ...entry, principal: "somebody else" }) as Entry);

    const victim = when === "while the hub runs" ? trail : openTrail(folder).trail;
    await expect(victim.append(call(4))).rejects.toMatchObject(DAMAGED);
    await expect(victim.intend(intent("a"), LIMITS)).rejects.toMatchObject(DAMAGED);
    await expect(victim.kill("*", true, "tester")).rejects.toMatchObject(DAMAGED);
    expect(victim.damage()).toContain("signature");
    expect(victim.verify()).toMatchObject({ ok: false });
    expect([...victim.entries()]).toHaveLength(3);
  },
);

test("a trail that another hub of the same folder continued is no forgery", async () => {
  const { trail, folder } = openTrail();
  const other = openTrail(folder).trail;
  for (let n = 1; n <= 3; n += 1) {
    await trail.append(call(n));
    await other.append(call(n));
  }
  expect(trail.damage()).toBeUndefined();
  expect(other.verify()).toEqual({ ok: true, entries: 6 });
});

test("an older trail put back under a running hub is found", async () => {
  const folder = await finished();
  const older = new DatabaseSync(join(folder, "trail.db"));
  onTestFinished(() => older.close());
  const head = older.prepare("SELECT * FROM head").get() as Record<string, string>;
  const { trail } = openTrail(folder);
  await trail.append(call(4));
  older.exec("DROP TRIGGER entries_remain; DELETE FROM entries WHERE sequence = 4");
  older.prepare("UPDATE head SET size = 3, hash = ?, signature = ?").run(head.hash!, head.signature!);
  await expect(trail.append(call(5))).rejects.toMatchObject(DAMAGED);
  expect(trail.damage()).toContain("held 4 entries, 3 are left");
});

test("a trail whose key is lost is damaged, and gets no new key", async () => {
  const folder = await finished();
  rmSync(join(folder, "trail.key"));
  const { trail } = openTrail(folder);
  expect(trail.damage()).toContain("trail.key");
  expect(trail.verify()).toMatchObject({ ok: false, firstBad: 1 });
  expect(() => trail.keys).toThrow("trail.key");
  await expect(trail.append(call(4))).rejects.toMatchObject(DAMAGED);
  expect(existsSync(join(folder, "trail.key"))).toBe(false);
});

test("a trail that is gone is missed, and no new one is begun in its place", async () => {
  const folder = await finished();
  for (const name of readdirSync(folder).filter((name) => name.startsWith("trail.db")))
    rmSync(join(folder, name));
  const { trail } = openTrail(folder);
  expect(trail.damage()).toContain("held 3 entries, 0 are left");
  expect(trail.verify()).toMatchObject({ ok: false, problem: expect.stringContaining("0 are left") });
  await expect(trail.append(call(1))).rejects.toMatchObject(DAMAGED);
});

test("who moves all of the trail away starts a new one", async () => {
  const folder = await finished();
  for (const name of readdirSync(folder).filter((name) => name.startsWith("trail.")))
    rmSync(join(folder, name));
  const { trail } = openTrail(folder);
  await expect(trail.append(call(1))).resolves.toMatchObject({ sequence: 1 });
  expect(trail.verify()).toEqual({ ok: true, entries: 1 });
});

test("looking at an empty folder leaves it empty", async () => {
  const { trail, folder } = openTrail();
  expect(trail.verify()).toEqual({ ok: true, entries: 0 });
  expect([trail.damage(), trail.head(), trail.kills(), [...trail.entries()], await trail.abandon()]).toEqual([
    undefined,
    undefined,
    [],
    [],
    [],
  ]);
  await trail.close();
  expect(readdirSync(folder)).toEqual([]);
});

test.each(["", "not a key", "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n"])(
  "a key file that holds %j is named, and left alone",
  async (content) => {
    const folder = await finished();
    writeFileSync(join(folder, "trail.key"), content);
    const { trail } = openTrail(folder);
    await expect(trail.append(call(4))).rejects.toMatchObject({
      code: "audit_unavailable",
      message: expect.stringContaining(join(folder, "trail.key")),
    });
    expect(readFileSync(join(folder, "trail.key"), "utf8")).toBe(content);
  },
);

test.runIf(existsSync("/proc/self/fd"))("a trail that cannot be used leaves no file open", async () => {
  const folder = await finished();
  const open = () => readdirSync("/proc/self/fd").length;
  writeFileSync(join(folder, "trail.key"), "");
  const before = open();
  const { trail } = openTrail(folder);
  for (let n = 1; n <= 10; n += 1) await expect(trail.append(call(n))).rejects.toThrow("trail.key");
  rmSync(join(folder, "trail.key"));
  writeFileSync(
    join(folder, "trail.db"),
    "this is no database, and longer than its header would be".repeat(9),
  );
  for (let n = 1; n <= 10; n += 1) await expect(trail.append(call(n))).rejects.toThrow("trail.db");
  expect(open()).toBe(before);
});

test("an empty sealing key is refused: everybody could compute its seals", async () => {
  const folder = await finished();
  writeFileSync(join(folder, "seal.key"), "");
  const { trail } = openTrail(folder);
  expect(() => trail.keys.seal("x")).toThrow("seal.key");
});

test.runIf(process.platform !== "win32")("keys that others could read are made private again", async () => {
  const folder = await finished();
  chmodSync(join(folder, "trail.key"), 0o644);
  const { trail } = openTrail(folder);
  await trail.append(call(4));
  expect(statSync(join(folder, "trail.key")).mode & 0o777).toBe(0o600);
});

test("values without a canonical form have seals of their own", () => {
  const { seal } = openTrail().trail.keys;
  let deep: unknown = 1;
  for (let n = 0; n < 100_000; n += 1) deep = [deep];
  const values = [
    { to: "\ud800", amount: 1 },
    { to: "\ud800", amount: 2 },
    { to: "\udc00", amount: 1 },
    Number.NaN,
    "NaN",
    "number NaN",
    [Number.NaN, "NaN"],
    ["NaN", Number.NaN],
    Number.POSITIVE_INFINITY,
    1n,
    null,
    deep,
  ];
  expect(new Set(values.map(seal)).size).toBe(values.length);
  expect(seal(deep)).not.toBe(seal(deep));
  for (const value of values.slice(0, -1)) expect(seal(value)).toBe(seal(value));
});
