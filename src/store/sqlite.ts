/**
 * Opens an SQLite file the way every file of the hub is opened: durable, private to the user, safe
 * when several hub processes share it.
 */
import { chmodSync, closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import type { DatabaseSync } from "node:sqlite";
import { HubError } from "../errors.ts";

export type { DatabaseSync } from "node:sqlite";

/** Before 3.51.3 two connections that write and checkpoint at once could corrupt a WAL file. */
const WAL_SAFE_FROM = [3, 51, 3] as const;

export const walIsSafe = (version: string): boolean => {
  const parts = version.split(".").map(Number);
  for (const [place, least] of WAL_SAFE_FROM.entries()) {
    const part = parts[place] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
};

/** Connections that must not write to a WAL file; another process may turn theirs into one. */
const withoutWal = new WeakSet<DatabaseSync>();

const ONE_VERSION = "Stop every hub and run all of this machine on the same version of Node.";

/** Throws `audit_unavailable` when the file cannot be opened or is not a database. */
export const openDatabase = (path: string, schema: string): DatabaseSync => {
  let db: DatabaseSync | undefined;
  try {
    // Loaded here, not at the top: a hub that only lists its tools never pays for SQLite.
    const { DatabaseSync } = createRequire(import.meta.url)("node:sqlite") as typeof import("node:sqlite");
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    db = new DatabaseSync(path, { timeout: 250 });
    const { version } = db.prepare("SELECT sqlite_version() AS version").get() as { version: string };
    // The journal mode is stored in the file, so a process too old for WAL must switch the file back.
    const wal = walIsSafe(version);
    if (!wal) withoutWal.add(db);
    db.exec(`PRAGMA journal_mode=${wal ? "WAL" : "DELETE"}`);
    db.exec(`PRAGMA synchronous=${wal ? "FULL" : "EXTRA"}`);
    if (process.platform === "darwin") db.exec("PRAGMA fullfsync=1; PRAGMA checkpoint_fullfsync=1");
    // A log that is written over costs half of one that still grows: it may stay below a megabyte.
    db.exec("PRAGMA wal_autocheckpoint=200");
    db.exec("PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY");
    db.exec(schema);
    // From here on waiting is ours: SQLite's own busy handler blocks the event loop.
    db.exec("PRAGMA busy_timeout=0");
    return db;
  } catch (error) {
    if (db?.isOpen) db.close();
    throw new HubError("audit_unavailable", `The file ${path} cannot be used.`, {
      hint: isBusy(error)
        ? `Another hub holds it. ${ONE_VERSION}`
        : "Check that the state folder is on a local disk, writable, and not full.",
      cause: error,
    });
  }
};

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && ((error.errcode as number) & 0xff) === 5;

/** A full disk, a lost folder: not the caller's doing. What the work itself refused stays as it is. */
export const storageError = (error: unknown): unknown =>
  error instanceof Error && (error as { code?: string }).code === "ERR_SQLITE_ERROR"
    ? new HubError("audit_unavailable", "The state folder cannot be read or written.", { cause: error })
    : error;

const locked = (cause: unknown): HubError =>
  new HubError("audit_unavailable", "The state folder is locked by another process.", { cause });

const WAIT_LIMIT_MS = 2_000;

/**
 * Runs `work`. While another process holds the lock it tries again after short random waits, for two
 * seconds at most; then throws `audit_unavailable`.
 */
export const patiently = async <T>(work: () => T): Promise<T> => {
  const giveUpAt = performance.now() + WAIT_LIMIT_MS;
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw storageError(error);
      if (performance.now() > giveUpAt) throw locked(error);
      await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
    }
  }
};

/** Runs `work` in one write transaction, {@link patiently}. */
export const transact = <T>(db: DatabaseSync, work: () => T): Promise<T> =>
  patiently(() => transactNow(db, work));

/** Reads are short, and only a file without WAL makes them wait at all: for its writer's one commit. */
const READ_WAIT_LIMIT_MS = 1_000;

/** Like {@link patiently} for a read whose answer is needed in this turn: it blocks for a second at most. */
export const readNow = <T>(work: () => T): T => {
  for (let giveUpAt: number | undefined; ; ) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw storageError(error);
      giveUpAt ??= performance.now() + READ_WAIT_LIMIT_MS;
      if (performance.now() > giveUpAt) throw locked(error);
      Atomics.wait(asleep, 0, 0, 1 + Math.random());
    }
  }
};
const asleep = new Int32Array(new SharedArrayBuffer(4));

const transactNow = <T>(db: DatabaseSync, work: () => T): T => {
  db.exec("BEGIN IMMEDIATE");
  try {
    if (withoutWal.has(db)) refuseWal(db);
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
};

/** Looked at under the write lock, where nobody can switch it any more. */
const refuseWal = (db: DatabaseSync): void => {
  const { journal_mode } = db.prepare("PRAGMA journal_mode").get() as { journal_mode: string };
  if (journal_mode === "wal")
    throw new HubError(
      "audit_unavailable",
      "A hub on a newer version of Node uses the same state folder; this one cannot write beside it safely.",
      { hint: ONE_VERSION },
    );
};
