import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase, patiently, readNow, walIsSafe } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "../kit/hub.ts";

test("WAL is used from the SQLite on that keeps it whole under two writers", () => {
  expect(["3.50.4", "3.51.2", "2.99.99"].map(walIsSafe)).toEqual([false, false, false]);
  expect(["3.51.3", "3.52.0", "4.0.0"].map(walIsSafe)).toEqual([true, true, true]);
});

/** A file without WAL and another thread that holds its lock until `release` is called. */
const locked = async () => {
  const path = join(temporaryFolder(), "a.db");
  const db = openDatabase(path, "CREATE TABLE IF NOT EXISTS t (x)");
  onTestFinished(() => db.close());
  db.exec("INSERT INTO t VALUES (7); PRAGMA journal_mode=DELETE");
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const holder = new Worker(
    `const { workerData: { path, signal }, parentPort } = require("node:worker_threads");
     const db = new (require("node:sqlite").DatabaseSync)(path);
     db.exec("BEGIN EXCLUSIVE");
     parentPort.postMessage("locked");
     Atomics.wait(signal, 0, 0);
     db.exec("COMMIT");
     db.close();`,
    { eval: true, workerData: { path, signal } },
  );
  onTestFinished(() => void holder.terminate());
  await new Promise((locked) => holder.once("message", locked));
  const release = () => {
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
  return { read: () => db.prepare("SELECT x FROM t").get(), release };
};

test("a read waits for the writer of a file that has no WAL", async () => {
  const { read, release } = await locked();
  expect(read).toThrow("locked");
  const refused: unknown[] = [];
  const row = readNow(() => {
    try {
      return read();
    } catch (error) {
      refused.push(error);
      release();
      throw error;
    }
  });
  expect(row).toEqual({ x: 7 });
  expect(refused).not.toEqual([]);
});

test("whoever can wait for the writer lets others work meanwhile", async () => {
  const { read, release } = await locked();
  const reading = patiently(read);
  release();
  expect(await reading).toEqual({ x: 7 });
});

test("a lock nobody gives up ends the wait, and says so", { timeout: 20_000 }, async () => {
  const { read } = await locked();
  expect(() => readNow(read)).toThrow(
    expect.objectContaining({ code: "audit_unavailable", message: expect.stringContaining("locked") }),
  );
});
