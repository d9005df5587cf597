import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { createKeyedStores } from "../../src/store/keyed.ts";
import { openDatabase, readNow, walIsSafe } from "../../src/store/sqlite.ts";
import { createClock } from "../kit/clock.ts";
import { temporaryFolder } from "../kit/hub.ts";

test("WAL is used from the SQLite on that keeps it whole under two writers", () => {
  expect(["3.50.4", "3.51.2", "2.99.99"].map(walIsSafe)).toEqual([false, false, false]);
  expect(["3.51.3", "3.52.0", "4.0.0"].map(walIsSafe)).toEqual([true, true, true]);
});

/** Another thread that holds the file's exclusive lock until `release` is set. */
const lockedBy = async (path: string) => {
  const release = new Int32Array(new SharedArrayBuffer(4));
  const holder = new Worker(
    `const { workerData: { path, release }, parentPort } = require("node:worker_threads");
     const db = new (require("node:sqlite").DatabaseSync)(path);
     db.exec("BEGIN EXCLUSIVE");
     parentPort.postMessage("locked");
     Atomics.wait(release, 0, 0, 100);
     db.exec("COMMIT");
     db.close();`,
    { eval: true, workerData: { path, release } },
  );
  onTestFinished(() => void holder.terminate());
  await new Promise((locked) => holder.once("message", locked));
  return () => void Atomics.notify(release, 0);
};

test("a read waits for the writer of a file that has no WAL", async () => {
  const path = join(temporaryFolder(), "a.db");
  const db = openDatabase(path, "CREATE TABLE IF NOT EXISTS t (x)");
  onTestFinished(() => db.close());
  db.exec("INSERT INTO t VALUES (7); PRAGMA journal_mode=DELETE");
  await lockedBy(path);
  expect(() => db.prepare("SELECT x FROM t").get()).toThrow("locked");
  expect(readNow(() => db.prepare("SELECT x FROM t").get())).toEqual({ x: 7 });
});

test("a stored value is read although a writer holds the file", async () => {
  const path = join(temporaryFolder(), "state.db");
  const stores = createKeyedStores(path, createClock());
  onTestFinished(() => stores.close());
  const store = stores.space("desk");
  await store.put("job", { id: 1 });
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode=DELETE");
  db.close();
  const release = await lockedBy(path);
  const read = store.get("job");
  release();
  expect(await read).toEqual({ id: 1 });
});
