/** Small durable values: what a connector must still know after a crash, such as a job it has paid for. */
import type { Clock, KeyedStore } from "../connector/contract.ts";
import { type DatabaseSync, openDatabase, patiently, transact } from "./sqlite.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keyed (
    space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER,
    PRIMARY KEY (space, key)
  ) STRICT, WITHOUT ROWID;
`;

export interface KeyedStores {
  /** One namespace per connector. */
  space(name: string): KeyedStore;
  close(): void;
}

/** The file is opened on first use. */
export const createKeyedStores = (path: string, clock: Clock): KeyedStores => {
  let open: DatabaseSync | undefined;
  const db = () => {
    if (!open) {
      open = openDatabase(path, SCHEMA);
      // What has expired, such as a change that nobody approved, is gone from the file as well.
      open.exec("PRAGMA secure_delete = ON");
      void write("DELETE FROM keyed WHERE expires_at <= ?", Math.floor(clock.now())).catch(() => {});
    }
    return open;
  };
  const write = (sql: string, ...values: (string | number | null)[]) =>
    transact(db(), () =>
      Number(
        db()
          .prepare(sql)
          .run(...values).changes,
      ),
    );

  return {
    space: (space) => ({
      async get<T>(key: string) {
        const row = (await patiently(() =>
          db()
            .prepare(
              "SELECT value FROM keyed WHERE space = ? AND key = ? AND (expires_at IS NULL OR expires_at > ?)",
            )
            .get(space, key, Math.floor(clock.now())),
        )) as { value: string } | undefined;
        return row && (JSON.parse(row.value) as T);
      },
      async list<T>(prefix: string) {
        const rows = (await patiently(() =>
          db()
            .prepare(
              `SELECT key, value FROM keyed WHERE space = ? AND substr(key, 1, ?) = ?
               AND (expires_at IS NULL OR expires_at > ?) ORDER BY key`,
            )
            .all(space, prefix.length, prefix, Math.floor(clock.now())),
        )) as { key: string; value: string }[];
        return rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as T }));
      },
      async put(key, value, { expiresAt = null as number | null } = {}) {
        await write(
          `INSERT INTO keyed VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
          ...[space, key, JSON.stringify(value), whole(expiresAt)],
        );
      },
      async claim(key, value, { expiresAt = null as number | null } = {}) {
        const changes = await write(
          `INSERT INTO keyed VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
           WHERE keyed.expires_at <= ?`,
          ...[space, key, JSON.stringify(value), whole(expiresAt), Math.floor(clock.now())],
        );
        return changes === 1;
      },
      async delete(key) {
        await write("DELETE FROM keyed WHERE space = ? AND key = ?", space, key);
      },
    }),
    close: () => open?.close(),
  };
};

/** Milliseconds as SQLite's integer column takes them. */
const whole = (at: number | null): number | null => at && Math.ceil(at);
