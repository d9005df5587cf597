/**
 * How long the trail once was, in a small file beside it: without it a deleted trail could not be told
 * from a hub that is new. It is a hint against loss, not against a thief of the folder: who can put
 * back an older trail can put back an older mark. Against that stands the outside witness, the
 * sequence and head in Salesforce's audit rows.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileIn = (folder: string): string => join(folder, "trail.size");

/** Never more than what is on disk; 0 when nothing is known. */
export const readMark = (folder: string): number => {
  try {
    const size = Number(readFileSync(fileIn(folder), "utf8"));
    return Number.isSafeInteger(size) && size > 0 ? size : 0;
  } catch {
    return 0;
  }
};

/** Call it after the commit. A mark that cannot be written stays behind, which does no harm. */
export const raiseMark = (folder: string, size: number): void => {
  if (size <= readMark(folder)) return;
  const aside = `${fileIn(folder)}.${process.pid}`;
  try {
    writeFileSync(aside, `${size}\n`, { mode: 0o600 });
    renameSync(aside, fileIn(folder));
  } catch {}
};
