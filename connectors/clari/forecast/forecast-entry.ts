/**
 * One value of a forecast's file. Read by hand and not by a schema: a large file has hundreds of thousands,
 * and what a schema leaves behind for each would be several times the file.
 */
import { HubError } from "#connector";
import { timeOf } from "../values.ts";

/** What one person calls in one field and week; which values there are depends on the types asked for. */
export interface Entry {
  readonly userId: string;
  readonly fieldId: string;
  readonly timePeriodId: string;
  readonly timeFrameId: string;
  readonly forecastValue?: number;
  readonly quotaValue?: number;
  readonly adjustmentValue?: number;
  readonly aggregationTotal?: number;
  /** Under a key that is not documented. */
  readonly closedValue?: number;
  /** ISO code of the amounts. */
  readonly currency?: string;
  readonly updatedOn?: number;
}

type Sent = Readonly<Record<string, unknown>>;

const VALUES = ["forecastValue", "quotaValue", "adjustmentValue", "aggregationTotal"] as const;
/** `aggregationClosed` or `crmClosed`, but not `closedOn` or `closedBy`. */
const CLOSED = /closed$|^aggregation.*closed/i;

/** `once` gives the one copy that is kept of a text. Throws `vendor_malformed`, naming the place. */
export const readEntry = (sent: unknown, once: (text: string) => string, place: number): Entry => {
  if (typeof sent !== "object" || sent === null) throw malformed(`${place}`);
  const values = sent as Sent;
  const key = (name: string): string => {
    const value = values[name];
    if (typeof value !== "string") throw malformed(`${place}.${name}`);
    return once(value);
  };
  const entry: { -readonly [K in keyof Entry]: Entry[K] } = {
    userId: key("userId"),
    fieldId: key("fieldId"),
    timePeriodId: key("timePeriodId"),
    timeFrameId: key("timeFrameId"),
  };
  for (const name of VALUES) {
    const value = values[name] ?? undefined;
    if (typeof value === "number") entry[name] = value;
    else if (value !== undefined) throw malformed(`${place}.${name}`);
  }
  const closed = closedIn(values);
  if (closed !== undefined) entry.closedValue = closed;
  const code = currencyIn(values.currency);
  if (code) entry.currency = once(code);
  const updatedOn = timeOf(values.updatedOn);
  if (updatedOn !== undefined) entry.updatedOn = updatedOn;
  return entry;
};

/** Kinds of values, in the order of their bits in {@link kindsIn}. */
export const KINDS = [...VALUES, "closedValue"] as const;

/** Which kinds of values an entry has, of which nothing else is wanted. */
export const kindsIn = (sent: unknown): number => {
  const values = (sent ?? {}) as Sent;
  const closed = closedIn(values) === undefined ? 0 : 1 << VALUES.length;
  return VALUES.reduce(
    (bits, kind, n) => (typeof values[kind] === "number" ? bits | (1 << n) : bits),
    closed,
  );
};

/** The id of its field; empty if it says none. */
export const fieldIn = (sent: unknown): string => {
  const id = ((sent ?? {}) as Sent).fieldId;
  return typeof id === "string" ? id : "";
};

const closedIn = (values: Sent): number | undefined => {
  for (const name in values) {
    const value = values[name];
    if (typeof value === "number" && CLOSED.test(name)) return value;
  }
  return undefined;
};

/** `USD`, or `{ code: "USD", symbol: "$" }`. */
const currencyIn = (sent: unknown): string | undefined => {
  const code = typeof sent === "object" && sent !== null ? (sent as Sent).code : sent;
  return typeof code === "string" ? code : undefined;
};

const malformed = (at: string): HubError =>
  new HubError(
    "vendor_malformed",
    "Clari sent data of another shape than it documents; nothing of it was used.",
    { facts: { at: `entries.${at}` } },
  );
