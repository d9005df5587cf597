/** The trail's tables and every statement that touches them. */
import { type DatabaseSync, openDatabase, readNow } from "../store/sqlite.ts";
import type { Head } from "./chain.ts";
import type { ChainedEntry } from "./entry.ts";
import type { Holder } from "./holder.ts";

/** The triggers are the first lock, not the last: the chain shows who went around them. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
  CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
  CREATE TABLE IF NOT EXISTS head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL, size INTEGER NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS kills (scope TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS leases (
    target TEXT PRIMARY KEY, sequence INTEGER NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS unsettled (sequence INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS writes (
    principal TEXT NOT NULL, day TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (principal, day)
  ) STRICT, WITHOUT ROWID;
`;

/** Where the trail ends, as of one moment: by the signed head, and by the entries themselves. */
export interface End {
  readonly head: Head | undefined;
  readonly last: { readonly sequence: number; readonly hash: string } | undefined;
}

export interface Lease extends Holder {
  /** Of the intent. */
  readonly sequence: number;
}

export interface TrailTables {
  readonly db: DatabaseSync;
  /** Inside a transaction: all of `work`, or nothing of it. */
  whole(work: () => void): void;
  end(): End;
  putHead(head: Head): void;
  insert(entry: ChainedEntry): void;
  /** From one sequence number to another, both included, in order. */
  entries(from: number, to: number): Iterable<ChainedEntry>;
  kills(): readonly string[];
  setKill(scope: string, on: boolean): void;
  /** Whether an unfinished write holds this target. */
  isLeased(target: string): boolean;
  lease(targets: readonly string[], sequence: number, holder: Holder): void;
  release(sequence: number): void;
  isOpen(sequence: number): boolean;
  leases(): readonly Lease[];
  /** Writes of unknown outcome, by the sequence of their intent. */
  unsettled(): readonly number[];
  setUnsettled(sequence: number, unsettled: boolean): void;
  /** Writes begun by this principal on this day. */
  writesOn(principal: string, day: string): number;
  countWrite(principal: string, day: string): void;
}

/** One statement, hence one moment: two would see what another process committed in between. */
const END = `
  SELECT origin, size, head.hash AS hash, signature, last.sequence AS last, last.hash AS lastHash
  FROM (SELECT 1) LEFT JOIN head ON one = 1
  LEFT JOIN (SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1) AS last ON TRUE`;

/** No cursor stays open between two of them, so that a slow reader holds up nobody. */
const PAGE = 512;

/** Throws `audit_unavailable`. */
export const openTables = (path: string): TrailTables => {
  const db = openDatabase(path, SCHEMA);
  // Every call needs these; the others are prepared when they are used.
  const end = db.prepare(END);
  const putHead = db.prepare(
    "INSERT OR REPLACE INTO head (one, origin, size, hash, signature) VALUES (1, ?, ?, ?, ?)",
  );
  const insert = db.prepare("INSERT INTO entries (sequence, body, hash) VALUES (?, ?, ?)");
  const kills = db.prepare("SELECT scope FROM kills ORDER BY scope");

  return {
    db,
    whole: (work) => {
      db.exec("SAVEPOINT whole");
      try {
        work();
      } catch (error) {
        // A full disk may already have ended the transaction.
        if (db.isTransaction) db.exec("ROLLBACK TO whole; RELEASE whole");
        throw error;
      }
      db.exec("RELEASE whole");
    },
    end: () => {
      const { last, lastHash, ...head } = readNow(() => end.get()) as Record<string, unknown>;
      return {
        head: head.size === null ? undefined : (head as unknown as Head),
        last: last === null ? undefined : { sequence: Number(last), hash: String(lastHash) },
      };
    },
    putHead: ({ origin, size, hash, signature }) => void putHead.run(origin, size, hash, signature),
    insert: ({ sequence, body, hash }) => void insert.run(sequence, body, hash),
    *entries(from, to) {
      const page = db.prepare(
        `SELECT sequence, body, hash FROM entries
         WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ${PAGE}`,
      );
      for (let next = from; ; ) {
        const rows = readNow(() => page.all(next, to)) as unknown as ChainedEntry[];
        yield* rows;
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return;
        next = last.sequence + 1;
      }
    },
    kills: () => readNow(() => kills.all()).map(({ scope }) => String(scope)),
    setKill: (scope, on) =>
      void db
        .prepare(on ? "INSERT OR IGNORE INTO kills VALUES (?)" : "DELETE FROM kills WHERE scope = ?")
        .run(scope),
    isLeased: (target) => db.prepare("SELECT 1 FROM leases WHERE target = ?").get(target) !== undefined,
    lease: (targets, sequence, { pid, started }) => {
      const take = db.prepare("INSERT INTO leases (target, sequence, pid, started) VALUES (?, ?, ?, ?)");
      for (const target of new Set(targets)) take.run(target, sequence, pid, started);
    },
    release: (sequence) => void db.prepare("DELETE FROM leases WHERE sequence = ?").run(sequence),
    isOpen: (sequence) => db.prepare("SELECT 1 FROM leases WHERE sequence = ?").get(sequence) !== undefined,
    leases: () =>
      readNow(() =>
        db.prepare("SELECT DISTINCT sequence, pid, started FROM leases ORDER BY sequence").all(),
      ).map(({ sequence, pid, started }) => ({
        sequence: Number(sequence),
        pid: Number(pid),
        started: String(started),
      })),
    unsettled: () =>
      readNow(() => db.prepare("SELECT sequence FROM unsettled ORDER BY sequence").all()).map(
        ({ sequence }) => Number(sequence),
      ),
    setUnsettled: (sequence, unsettled) =>
      void db
        .prepare(
          unsettled
            ? "INSERT OR IGNORE INTO unsettled VALUES (?)"
            : "DELETE FROM unsettled WHERE sequence = ?",
        )
        .run(sequence),
    writesOn: (principal, day) =>
      Number(
        db.prepare("SELECT count FROM writes WHERE principal = ? AND day = ?").get(principal, day)?.count ??
          0,
      ),
    countWrite: (principal, day) =>
      void db
        .prepare("INSERT INTO writes VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1")
        .run(principal, day),
  };
};
