/** The trail's tables and every statement that touches them. */
import { type DatabaseSync, openDatabase } from "../store/sqlite.ts";
import type { Head } from "./chain.ts";
import type { ChainedEntry } from "./entry.ts";

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
  CREATE TABLE IF NOT EXISTS open_intents (
    target TEXT PRIMARY KEY, sequence INTEGER NOT NULL, pid INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

export interface TrailTables {
  readonly db: DatabaseSync;
  head(): Head | undefined;
  putHead(head: Head): void;
  insert(entry: ChainedEntry): void;
  /** From this sequence number on, in order. */
  entries(from: number): Iterable<ChainedEntry>;
  last(): ChainedEntry | undefined;
  kills(): readonly string[];
  setKill(scope: string, on: boolean): void;
  /** Whether an unfinished write holds this target. */
  isLeased(target: string): boolean;
  lease(targets: readonly string[], sequence: number, pid: number): void;
  release(sequence: number): void;
  isOpen(sequence: number): boolean;
  openIntents(): readonly { readonly sequence: number; readonly pid: number }[];
}

export const openTables = (path: string): TrailTables => {
  const db = openDatabase(path, SCHEMA);
  // Every call needs these; the others are prepared when they are used.
  const head = db.prepare("SELECT origin, size, hash, signature FROM head WHERE one = 1");
  const putHead = db.prepare(
    "INSERT OR REPLACE INTO head (one, origin, size, hash, signature) VALUES (1, ?, ?, ?, ?)",
  );
  const insert = db.prepare("INSERT INTO entries (sequence, body, hash) VALUES (?, ?, ?)");
  const kills = db.prepare("SELECT scope FROM kills ORDER BY scope");
  const columns = "SELECT sequence, body, hash FROM entries";

  return {
    db,
    head: () => head.get() as Head | undefined,
    putHead: ({ origin, size, hash, signature }) => void putHead.run(origin, size, hash, signature),
    insert: ({ sequence, body, hash }) => void insert.run(sequence, body, hash),
    entries: (from) =>
      db
        .prepare(`${columns} WHERE sequence >= ? ORDER BY sequence`)
        .iterate(from) as Iterable<unknown> as Iterable<ChainedEntry>,
    last: () => db.prepare(`${columns} ORDER BY sequence DESC LIMIT 1`).get() as ChainedEntry | undefined,
    kills: () => kills.all().map(({ scope }) => String(scope)),
    setKill: (scope, on) =>
      void db
        .prepare(on ? "INSERT OR IGNORE INTO kills VALUES (?)" : "DELETE FROM kills WHERE scope = ?")
        .run(scope),
    isLeased: (target) => db.prepare("SELECT 1 FROM open_intents WHERE target = ?").get(target) !== undefined,
    lease: (targets, sequence, pid) => {
      const take = db.prepare("INSERT INTO open_intents (target, sequence, pid) VALUES (?, ?, ?)");
      for (const target of targets) take.run(target, sequence, pid);
    },
    release: (sequence) => void db.prepare("DELETE FROM open_intents WHERE sequence = ?").run(sequence),
    isOpen: (sequence) =>
      db.prepare("SELECT 1 FROM open_intents WHERE sequence = ?").get(sequence) !== undefined,
    openIntents: () =>
      db
        .prepare("SELECT DISTINCT sequence, pid FROM open_intents ORDER BY sequence")
        .all()
        .map(({ sequence, pid }) => ({ sequence: Number(sequence), pid: Number(pid) })),
  };
};

/** What is wrong with the end of the trail, if anything: cheap enough for every start. */
export const tailDamage = (tables: TrailTables): string | undefined => {
  const head = tables.head();
  const last = tables.last();
  if (!head) return last && "entries without a signed head";
  if (last?.sequence !== head.size)
    return `the head counts ${head.size} entries, the last is ${last?.sequence ?? 0}`;
  return last.hash === head.hash ? undefined : "the last entry is not the one the head was signed over";
};
