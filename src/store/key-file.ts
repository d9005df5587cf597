/** Key files in the state folder: private to the user, made once, whole whenever they are read. */
import {
  chmodSync,
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { HubError } from "../errors.ts";

/** What to throw when the file cannot be used, and why not. */
export type Unusable = (path: string, why: string, cause?: unknown) => HubError;

/** Undefined when there is no such file. */
export const readKeyFile = (path: string, unusable: Unusable): string | undefined => {
  try {
    const file = openSync(path, "r");
    try {
      // A backup or a copy may have opened it to others. Windows keeps no such mode.
      if (process.platform !== "win32" && (fstatSync(file).mode & 0o077) !== 0) chmodSync(path, 0o600);
      return readFileSync(file, "utf8");
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(path, "cannot be read and kept private", error);
  }
};

/** Two processes that start at once end up with the same key. */
export const readOrMakeKeyFile = (path: string, make: () => string, unusable: Unusable): string => {
  const there = readKeyFile(path, unusable);
  if (there !== undefined) return there;
  const key = make();
  try {
    publish(path, key);
  } catch (error) {
    // EEXIST: another process was first, and its key is the one.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, "cannot be written", error);
  }
  return readKeyFile(path, unusable) ?? key;
};

/** Throws EEXIST when the file is there. */
const publish = (path: string, key: string): void => {
  // Written aside and linked: a reader sees a whole key or none, and the first writer wins.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, key, { mode: 0o600, flush: true });
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    // Some file systems (exFAT) know no hard links. A reader that comes between must call again.
    writeFileSync(path, key, { flag: "wx", mode: 0o600, flush: true });
  } finally {
    unlinkSync(aside);
  }
};
