/** Rows that did not fit into an answer, kept for a while for the principal who asked. */
import { randomBytes } from "node:crypto";
import type { Clock, Principal } from "../connector/contract.ts";

export interface HeldRows {
  readonly rows: readonly Record<string, unknown>[];
  readonly total: number;
  /** Place of the first held row among all. */
  readonly from: number;
  /** Whose rows they are; the hub's own when they were held before. */
  readonly connector: string;
}

export interface Held {
  /** Returns the cursor. The oldest are dropped when memory is needed. */
  put(principal: Principal, rows: HeldRows): string;
  /** Undefined for an unknown, expired or another principal's cursor: the three look the same. */
  take(principal: Principal, cursor: string): HeldRows | undefined;
}

const KEPT_MS = 15 * 60_000;
const MOST_ROWS = 200_000;

export const createHeld = (clock: Clock): Held => {
  const kept = new Map<string, HeldRows & { readonly principal: string; readonly until: number }>();

  const drop = () => {
    let rows = 0;
    for (const [cursor, { until }] of kept) if (until <= clock.now()) kept.delete(cursor);
    for (const one of kept.values()) rows += one.rows.length;
    for (const [cursor, one] of kept) {
      // The newest stays, however large: its cursor has just been promised.
      if (rows <= MOST_ROWS || kept.size === 1) break;
      kept.delete(cursor);
      rows -= one.rows.length;
    }
  };

  return {
    put(principal, rows) {
      const cursor = randomBytes(16).toString("base64url");
      kept.set(cursor, { ...rows, principal: principal.id, until: clock.now() + KEPT_MS });
      drop();
      return cursor;
    },
    take(principal, cursor) {
      drop();
      const found = kept.get(cursor);
      return found?.principal === principal.id ? found : undefined;
    },
  };
};
