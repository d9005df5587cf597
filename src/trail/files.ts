/**
 * What of the trail is on disk: `trail.db`, the key that signs it, and the mark of its size. Opened
 * when they are needed, made when something is to be recorded, and checked before it is.
 *
 * What no check here can find: an older state of the whole folder put back, and a trail forged with
 * the key itself. The Salesforce audit rows, which carry sequence and head, show both.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { HubError } from "../errors.ts";
import { type Head, isSigned } from "./chain.ts";
import { makeKeys, readKeys, type TrailKeys } from "./keys.ts";
import { raiseMark, readMark } from "./mark.ts";
import { openTables, type TrailTables } from "./tables.ts";

export interface TrailFiles {
  /** Undefined while there is no trail: who only looks makes none. */
  existing(): TrailTables | undefined;
  /** Made if missing. Throws `audit_unavailable`. */
  tables(): TrailTables;
  /** Undefined while there are none. Throws `audit_unavailable`. */
  existingKeys(): TrailKeys | undefined;
  /** Made if missing, but never for a trail that was signed with lost ones. Throws `audit_unavailable`. */
  keys(): TrailKeys;
  /** What is wrong with the end of the trail, if anything: cheap enough for every commit. */
  damage(): string | undefined;
  /** The head the trail may be continued from. Throws `audit_unavailable` when the trail is damaged. */
  sound(): Head | undefined;
  /** Call it when this head is on disk. */
  committed(head: Head): void;
  close(): void;
}

/** A mark costs a tenth of a millisecond; so many entries may be lost unnoticed after a crash. */
const ENTRIES_BETWEEN_MARKS = 256;

export const createTrailFiles = (folder: string): TrailFiles => {
  const path = join(folder, "trail.db");
  let opened: TrailTables | undefined;
  let known: TrailKeys | undefined;
  /** The last head this process has signed or checked: it is not checked again. */
  let trusted: Head | undefined;
  /** Entries there have certainly been. */
  let atLeast = 0;
  let marked = 0;
  let written = 0;

  const existingKeys = () => {
    known ??= readKeys(folder);
    return known;
  };
  const tables = () => {
    if (!opened) {
      // First what may throw while no file is held; the mark before the trail, which only grows.
      existingKeys();
      atLeast = marked = readMark(folder);
      opened = openTables(path);
    }
    return opened;
  };
  const existing = () => opened ?? (existsSync(path) ? tables() : undefined);

  const examine = (): { head: Head | undefined; problem: string | undefined } => {
    const found = existing();
    if (!found) atLeast = readMark(folder);
    const { head, last } = found?.end() ?? {};
    const bad = (problem: string) => ({ head, problem });
    const size = head?.size ?? 0;
    if (head) {
      if (last?.sequence !== size)
        return bad(`the head counts ${size} entries, the last is ${last?.sequence ?? 0}`);
      if (last.hash !== head.hash) return bad("the last entry is not the one the head was signed over");
      if (!same(head, trusted)) {
        const keys = existingKeys();
        if (!keys) return bad("trail.key, which signed it, is missing");
        if (head.origin !== keys.origin || !isSigned(head, keys.verifying))
          return bad("the head's signature is not this hub's");
        trusted = head;
      }
    } else if (last) return bad("entries without a signed head");
    if (size < atLeast) return bad(`it has held ${atLeast} entries, ${size} are left`);
    atLeast = size;
    return { head, problem: undefined };
  };

  const sound = () => {
    const { head, problem } = examine();
    if (problem) throw new HubError("audit_unavailable", `The audit trail is damaged: ${problem}.`, DAMAGED);
    return head;
  };

  const mark = () => {
    raiseMark(folder, written);
    marked = written;
  };

  return {
    existing,
    tables,
    existingKeys,
    keys: () => {
      if (!existingKeys()) {
        tables();
        // Another hub makes its key before its first entry: seeing neither, ours may be the first.
        if (!sound()) known = makeKeys(folder);
      }
      return known!;
    },
    damage: () => examine().problem,
    sound,
    committed: (head) => {
      trusted = head;
      written = head.size;
      atLeast = Math.max(atLeast, written);
      if (marked === 0 || written - marked >= ENTRIES_BETWEEN_MARKS) mark();
    },
    close: () => {
      if (written > marked) mark();
      if (opened?.db.isOpen) opened.db.close();
    },
  };
};

const same = (a: Head, b: Head | undefined): boolean =>
  a.signature === b?.signature && a.hash === b.hash && a.size === b.size && a.origin === b.origin;

const DAMAGED = {
  hint:
    "Run `revops-hub audit verify`. To start a new trail, stop every hub and move trail.db, trail.key and " +
    "trail.size out of the state folder; keep them as evidence.",
};
