/** Tables that did not fit into an answer, kept whole for a while for the principal who asked. */
import { randomBytes } from "node:crypto";
import type { Clock, Principal } from "../connector/contract.ts";
import { HubError } from "../errors.ts";
import type { Columns } from "../middleware/columnar.ts";

export interface HeldTable extends Columns {
  /** All rows that exist, also those not held. */
  readonly total: number;
  /** Place of the first held row among all. */
  readonly from: number;
  /** What the rows were read from: while one of these is killed, they are not shown. */
  readonly systems: ReadonlySet<string>;
  /** Deep link of each row, with `{id}` in the place of its id. */
  readonly link?: string;
}

/** A held table, and from which of its rows on. */
export interface HeldPart extends HeldTable {
  readonly result: string;
  readonly offset: number;
}

/** What the hub's own tools return in the place of rows that are held. */
export interface HeldReference {
  readonly cursor: string;
  readonly fields?: readonly string[];
  readonly page?: number;
}

export interface Held {
  /** Returns the result's name; undefined when it is too large. The oldest are dropped when memory is needed. */
  put(principal: Principal, table: HeldTable): string | undefined;
  /** The same again and again. Throws `not_found` for an unknown, expired or another principal's: they look the same. */
  take(principal: Principal, cursor: string): HeldPart;
}

/** How a notice ends that tells a client about rows which are held. At a terminal nothing outlives the answer. */
export const MORE_HELD = "are held: call hub_get_more with the cursor, or ask a narrower question.";

/** Names a result and a place in it. */
export const cursorTo = (result: string, offset: number): string => `${result}.${offset}`;

const CURSOR = /^([\w-]{16})\.(\d{1,9})$/;
const KEPT_MS = 15 * 60_000;
const MOST_BYTES = 64 * 1024 * 1024;

export const createHeld = (clock: Clock, mostBytes = MOST_BYTES): Held => {
  const kept = new Map<string, HeldTable & Kept>();

  const makeRoom = (bytes: number) => {
    let left = mostBytes - bytes;
    for (const one of kept.values()) left -= one.bytes;
    for (const [result, one] of kept) {
      if (left >= 0 && one.until > clock.now()) break;
      kept.delete(result);
      left += one.bytes;
    }
  };

  return {
    put(principal, table) {
      const bytes = sizeOf(table.rows);
      if (bytes > mostBytes / 2) return undefined;
      makeRoom(bytes);
      const result = randomBytes(12).toString("base64url");
      kept.set(result, { ...table, principal: principal.id, until: clock.now() + KEPT_MS, bytes });
      return result;
    },
    take(principal, cursor) {
      const [, result = "", place] = CURSOR.exec(cursor) ?? [];
      const found = kept.get(result);
      const offset = Number(place);
      if (found?.principal !== principal.id || found.until <= clock.now() || offset >= found.rows.length)
        throw new HubError("not_found", "There are no held rows under this cursor.", {
          hint: "They expire after 15 minutes. Ask the first question again.",
        });
      return { ...found, result, offset };
    },
  };
};

interface Kept {
  readonly principal: string;
  readonly until: number;
  readonly bytes: number;
}

/** About what a JSON value takes in memory: two bytes a character, and what stands around each value. */
const sizeOf = (value: unknown): number => {
  if (typeof value === "string") return 16 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  let bytes = 16;
  for (const key in value) bytes += 8 + sizeOf((value as Record<string, unknown>)[key]);
  return bytes;
};
