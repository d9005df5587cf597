import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical } from "../../src/trail/canonical.ts";
import { GENESIS, link, signHead, verifyChain } from "../../src/trail/chain.ts";
import type { ChainedEntry } from "../../src/trail/entry.ts";
import { exportLines, verifyExport } from "../../src/trail/export.ts";
import { createTrail } from "../../src/trail/trail.ts";
import { createClock } from "../kit/clock.ts";
import { temporaryFolder } from "../kit/hub.ts";
import { call, intent, LIMITS } from "./entries.ts";

const newTrail = (home = temporaryFolder(), isAlive = (_pid: number) => true) => ({
  home,
  trail: createTrail({ folder: home, clock: createClock(), isAlive }),
});

/** A whole trail in memory, as an export holds it. */
const written = (size: number) => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const entries: ChainedEntry[] = [];
  for (let n = 1; n <= size; n += 1) entries.push(link(entries.at(-1)?.hash ?? GENESIS, n, call(n)));
  const head = signHead(
    { origin: "revops-hub/test", size, hash: entries.at(-1)?.hash ?? GENESIS },
    privateKey,
  );
  return { entries, head, key: publicKey.export({ type: "spki", format: "pem" }) as string };
};

test("an honest trail verifies", () => {
  const { entries, head, key } = written(50);
  expect(verifyChain(entries, head, key)).toEqual({ ok: true, entries: 50 });
});

const tampering: Record<string, (entries: ChainedEntry[], at: number) => ChainedEntry[]> = {
  edited: (entries, at) =>
    entries.map((one, n) => (n === at ? { ...one, body: one.body.replace("tester", "nobody") } : one)),
  deleted: (entries, at) => entries.filter((_, n) => n !== at),
  duplicated: (entries, at) => [...entries.slice(0, at + 1), ...entries.slice(at)],
  "moved behind the next": (entries, at) => [
    ...entries.slice(0, at),
    ...entries.slice(at, at + 2).reverse(),
    ...entries.slice(at + 2),
  ],
  "cut off from here": (entries, at) => entries.slice(0, at),
  "renumbered after a deletion": (entries, at) =>
    entries
      .filter((_, n) => n !== at)
      .map((one, n) => ({
        ...one,
        sequence: n + 1,
        body: one.body.replace(/"sequence":\d+/, `"sequence":${n + 1}`),
      })),
};

test.each(Object.entries(tampering))("an entry %s is found, and its place named", (_, tamper) => {
  const { entries, head, key } = written(20);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 18 }), (at) => {
      const verdict = verifyChain(tamper(entries, at), head, key);
      expect(verdict.ok).toBe(false);
      expect(verdict.firstBad).toBeGreaterThan(at);
      expect(verdict.firstBad).toBeLessThanOrEqual(at + 2);
    }),
  );
});

test("a whole trail written anew with another key is found", () => {
  const { key } = written(3);
  const forged = written(3);
  expect(verifyChain(forged.entries, forged.head, key)).toMatchObject({
    ok: false,
    problem: expect.stringContaining("signature"),
  });
});

test("SQLite itself refuses to change or delete an entry", async () => {
  const { trail, home } = newTrail();
  await trail.append(call(1));
  await trail.close();
  const db = new DatabaseSync(join(home, "trail.db"));
  expect(() => db.exec("UPDATE entries SET body = '{}'")).toThrow("append-only");
  expect(() => db.exec("DELETE FROM entries")).toThrow("append-only");
  db.close();
});

test("whoever goes around the triggers is found at the next start, and writes are refused", async () => {
  const { trail, home } = newTrail();
  for (let n = 1; n <= 3; n += 1) await trail.append(call(n));
  await trail.close();
  const db = new DatabaseSync(join(home, "trail.db"));
  db.exec("DROP TRIGGER entries_remain; DELETE FROM entries WHERE sequence = 3");
  db.close();

  const again = newTrail(home).trail;
  expect(again.damage()).toContain("the last is 2");
  expect(again.verify()).toMatchObject({ ok: false, firstBad: 3 });
  await expect(again.intend(intent("a"), LIMITS)).rejects.toMatchObject({ code: "audit_unavailable" });
  await again.close();
});

test("an export verifies offline with the public key alone, and a changed line does not", async () => {
  const { trail } = newTrail();
  for (let n = 1; n <= 5; n += 1) await trail.append(call(n));
  const text = [...exportLines(trail)].join("\n");
  expect(verifyExport(text, trail.keys.publicKey)).toMatchObject({ ok: true, entries: 5 });
  expect(verifyExport(text.replace("call-3", "call-9"))).toMatchObject({ ok: false, firstBad: 3 });
  expect(verifyExport(text.split("\n").slice(0, -1).join("\n"))).toMatchObject({ ok: false });
  await trail.close();
});

test("two processes' worth of trails over one file make one chain, and appends of one tick share a commit", async () => {
  const home = temporaryFolder();
  const a = newTrail(home).trail;
  const b = newTrail(home).trail;
  const committed = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? a : b).append(call(n))));
  expect(new Set(committed.map(({ sequence }) => sequence)).size).toBe(40);
  expect(a.verify()).toEqual({ ok: true, entries: 40 });
  expect(a.keys.publicKey).toBe(b.keys.publicKey);
  await Promise.all([a.close(), b.close()]);
});

test("an intent that a dead process left is recorded as unknown, and its record is free again", async () => {
  const home = temporaryFolder();
  const first = newTrail(home).trail;
  const { sequence } = await first.intend(intent("a"), LIMITS);
  await first.close();

  const next = newTrail(home, () => false).trail;
  expect(await next.abandon()).toEqual([sequence]);
  expect(await next.abandon()).toEqual([]);
  expect([...next.entries()].map(({ body }) => JSON.parse(body)).at(-1)).toMatchObject({
    kind: "abandoned",
    intent: sequence,
    outcome: "unknown",
  });
  await expect(next.intend(intent("a"), LIMITS)).resolves.toMatchObject({ sequence: 3 });
  await next.close();
});

test("the canonical form does not depend on the order of keys, and refuses what has none", () => {
  expect(canonical({ b: 1, a: [true, null, "é\n"] })).toBe('{"a":[true,null,"é\\n"],"b":1}');
  expect(canonical({ a: undefined })).toBe("{}");
  for (const bad of ["\ud800", Number.NaN, 1n, () => 0]) expect(() => canonical(bad)).toThrow(TypeError);
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
