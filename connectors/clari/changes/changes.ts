/** What moved, whoever tells it: one shape for moves of deals, adjustments and calls, merged over the tellers. */
import { type HubError, isHubError, toId18 } from "#connector";
import { amountOf, DAY, dayOf, daysFrom } from "../values.ts";

/** Of a deal, of which Clari itself keeps a history. */
export const DEAL_KINDS = ["stage", "amount", "close_date", "owner"] as const;
export type DealKind = (typeof DEAL_KINDS)[number];

/** `adjustment`: what a manager expects instead of a call; `forecast`: the call itself. */
export const KINDS = [...DEAL_KINDS, "adjustment", "forecast"] as const;
export type Kind = (typeof KINDS)[number];

export const isDealKind = (kind: Kind): kind is DealKind => (DEAL_KINDS as readonly Kind[]).includes(kind);

/** Clari's history of a deal's fields, its audit log, two snapshots of a forecast. */
export const TELLERS = ["history", "audit", "snapshots"] as const;
export type Teller = (typeof TELLERS)[number];

export type Value = string | number | null;

export interface Change {
  readonly kind: Kind;
  /** Epoch milliseconds. Of a difference between snapshots: the latest it can have been. */
  readonly at: number;
  /** And the earliest; absent when `at` is when it was. */
  readonly since?: number;
  /** Of a deal, 18 characters; null: of a person's call. */
  readonly deal: string | null;
  /** Clari id and name of whose call it is; absent for a deal's field. */
  readonly caller?: { readonly id: string; readonly name: string | null };
  readonly fieldId: string;
  /** The field for people. */
  readonly label: string;
  /** Close dates are ISO days, amounts numbers. Null: empty, or that the audit log did not say. */
  readonly from: Value;
  readonly to: Value;
  /** Who moved it; the history of a deal does not say. */
  readonly person: string | null;
  readonly tellers: readonly Teller[];
}

/** First and last day, UTC. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** What one teller told. */
export interface Told {
  readonly changes: readonly Change[];
  /** Told, but with a time or a value that cannot be. */
  readonly unreadable: number;
  /** Why it told nothing, or not all. */
  readonly missing?: string;
  /** It should have told more, and failed. */
  readonly failure?: HubError;
  /** What whoever configures the hub could do to be told more. */
  readonly advice?: string;
}

/** Of a teller that failed altogether. Throws what is no HubError. */
export const failed = (error: unknown): Told => {
  if (!isHubError(error)) throw error;
  return { ...nothing(error.message), failure: error };
};

export const nothing = (missing: string): Told => ({ changes: [], unreadable: 0, missing });

export const startOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);
export const endOf = (day: string): number => startOf(day) + DAY - 1;

export const isWithin = ({ from, to }: Range, at: number): boolean => startOf(from) <= at && at <= endOf(to);

/** Clocks differ by so much; what is said to have been later than that has not been. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
export const isFuture = (at: number, now: number): boolean => at > now + CLOCKS_DIFFER_MS;

/** A sent value in the terms of its kind; undefined when it cannot be read. */
export const valueIn = (kind: Kind, sent: unknown): Value | undefined => {
  if (sent === undefined || sent === null || sent === "") return null;
  if (kind === "close_date") return dayOf(sent);
  if (kind !== "stage" && kind !== "owner") return amountOf(sent);
  return typeof sent === "string" || typeof sent === "number" ? sent : undefined;
};

/** Days a close date moved out, in if negative; null for all else. */
export const daysOf = ({ kind, from, to }: Change): number | null =>
  kind === "close_date" ? daysFrom(from, to) : null;

/** By how much an amount grew; an empty one counts as none, unless only the audit log tells of it. */
export const deltaOf = ({ kind, from, to, tellers }: Change): number | null => {
  if (kind !== "amount") return null;
  if ((from === null || to === null) && !tellers.includes("history")) return null;
  return Number(to ?? 0) - Number(from ?? 0);
};

// --- one list of several ---------------------------------------------------------------------------

/** Systems sync: what is told within a day is the same move, if its values are. */
const SAME_MOVE_MS = DAY;

/**
 * Newest first, each move once, with all who tell of it. A move that changed nothing is none.
 */
export const mergeChanges = (lists: Readonly<Record<Teller, readonly Change[]>>): Change[] => {
  const moving = (changes: readonly Change[]) => changes.filter(({ from, to }) => from !== to);
  const told = [...distinct(moving(lists.history)), ...moving(lists.snapshots)];
  const open = Map.groupBy(told, subjectOf);
  const merged: Change[] = [];
  for (const event of distinct(moving(lists.audit))) {
    const among = open.get(subjectOf(event)) ?? [];
    const same = among
      .filter((one) => areOne(one, event))
      .sort((a, b) => Math.abs(a.at - event.at) - Math.abs(b.at - event.at))[0];
    if (!same) merged.push(event);
    else {
      among.splice(among.indexOf(same), 1);
      merged.push(together(same, event));
    }
  }
  return [...merged, ...[...open.values()].flat()].sort(
    (a, b) => b.at - a.at || compare(a.deal ?? "", b.deal ?? "") || compare(a.kind, b.kind),
  );
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const subjectOf = ({ kind, deal, caller }: Change): string => `${kind} ${deal} ${caller?.id}`;

/** One move may be told twice in one place: by pages that overlap, or of an owner by name and by id. */
const distinct = (changes: readonly Change[]): Change[] => {
  const known = new Map<string, Change>();
  for (const change of changes) {
    const { kind, fieldId, from, to, at } = change;
    const what = kind === "owner" ? "" : `${fieldId} ${from} ${to}`;
    const key = `${subjectOf(change)} ${at} ${what}`;
    const earlier = known.get(key);
    if (!earlier || (isId(earlier.to) && !isId(to))) known.set(key, change);
  }
  return [...known.values()];
};

const isId = (value: Value): boolean => typeof value === "string" && toId18(value) !== undefined;

const areOne = (told: Change, event: Change): boolean => {
  if (told.since !== undefined) {
    const isBetween = told.since < event.at && event.at <= told.at + CLOCKS_DIFFER_MS;
    return isBetween && told.fieldId === event.fieldId && told.to === event.to;
  }
  if (Math.abs(told.at - event.at) > SAME_MOVE_MS) return false;
  // The history has names where the log has ids.
  if (told.kind === "owner" && (isId(event.to) || isId(event.from))) return true;
  return told.to === event.to && (told.from === event.from || event.from === null);
};

/** The log knows when and who, the others what. */
const together = ({ since, ...told }: Change, event: Change): Change => ({
  ...told,
  at: since === undefined ? told.at : event.at,
  person: event.person,
  tellers: [...told.tellers, ...event.tellers],
});
