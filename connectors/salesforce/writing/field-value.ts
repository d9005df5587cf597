/** Whether a value fits a field, by what describe says of it; refused here, it never reaches the audit object. */
import { HubError } from "#connector";
import { SYSTEM } from "../errors.ts";
import { recordId18 } from "../ids.ts";
import type { FieldDescribe } from "../shapes.ts";

export type FieldValue = string | number | boolean | null;

/** Enough for a model to choose from; more would only fill the error. */
const MOST_SHOWN = 30;

/** Picklist values are an administrator's words: shown as plain facts only where they look like a name. */
const PLAIN_NAME = /^[\p{L}\p{N} .,&/()+-]{1,60}$/u;

/**
 * The value as Salesforce stores it: text without blanks around it, empty text as null, numbers and
 * booleans also from text. Throws `invalid_input`, with the allowed values where there is a list.
 */
export const fittingValue = (field: FieldDescribe, given: FieldValue): FieldValue => {
  const value = plainValue(given);
  if (value === null) {
    if (field.nillable && field.type !== "boolean") return null;
    throw refuse(field, "cannot be empty");
  }
  const check = FITS[field.type];
  if (!check) throw refuse(field, `is of the type ${field.type}, which this tool does not write`);
  return check(field, value);
};

/** What of it can be said without knowing the field. */
export const plainValue = (given: FieldValue): FieldValue => {
  const value = typeof given === "string" ? given.trim() : given;
  return value === "" ? null : value;
};

type Fit = (field: FieldDescribe, value: string | number | boolean) => FieldValue;

const text: Fit = (field, value) => {
  if (typeof value !== "string") throw refuse(field, "takes text");
  if (value.length > field.length)
    throw refuse(field, `takes at most ${field.length} characters; this has ${value.length}`);
  return value;
};

/** One line: what Salesforce would make of line breaks is written as it is going to read. */
const line: Fit = (field, value) =>
  text(field, typeof value === "string" ? value.replace(/\s*[\r\n]+\s*/g, " ") : value);

/** From here on a double no longer holds cents. */
const TOO_LARGE = 1e15;

const number: Fit = (field, value) => {
  const parsed = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof parsed !== "number" || !Number.isFinite(parsed))
    throw refuse(field, "takes a number, such as 12000.5");
  if (Math.abs(parsed) >= TOO_LARGE) throw refuse(field, "takes numbers below 1,000,000,000,000,000 here");
  if (Number(parsed.toFixed(field.scale)) !== parsed)
    throw refuse(field, field.scale === 0 ? "takes a whole number" : `takes at most ${field.scale} decimals`);
  if (typeof value === "string" && parsed.toFixed(field.scale) !== asWritten(value, field.scale))
    throw refuse(field, `takes this number with fewer digits: it would be stored as ${parsed}`);
  if (field.precision > 0 && Math.abs(parsed) >= 10 ** (field.precision - field.scale))
    throw refuse(field, `takes at most ${field.precision - field.scale} digits before the point`);
  return parsed;
};

/** Digits as text, as `toFixed` writes them: without needless zeros, with `scale` decimals at least. */
const asWritten = (digits: string, scale: number): string => {
  const [whole = "", decimals = ""] = digits.replace(/^(-?)0+(?=\d)/, "$1").split(".");
  const needed = decimals.replace(/0+$/, "").padEnd(scale, "0");
  return needed === "" ? whole : `${whole}.${needed}`;
};

/** Salesforce's int has 32 bits. */
const integer: Fit = (field, value) => {
  const parsed = number({ ...field, precision: 0, scale: 0 }, value);
  if (Number(parsed) === (Number(parsed) | 0)) return parsed;
  throw refuse(field, "takes whole numbers up to 2147483647");
};

const picked: Fit = (field, value) => {
  const allowed = allowedIn(field);
  // Only where Salesforce does not tell the values does it alone know them.
  if (typeof value === "string" && (!field.picklistValues || allowed.includes(value))) return value;
  throw refuse(field, "takes one of its picklist values", allowed);
};

const pickedSeveral: Fit = (field, value) => {
  const allowed = allowedIn(field);
  const parts = typeof value === "string" ? value.split(";").map((part) => part.trim()) : [];
  if (parts.length > 0 && (!field.picklistValues || parts.every((part) => allowed.includes(part))))
    return parts.join(";");
  throw refuse(field, "takes its picklist values, with ; between them", allowed);
};

const FITS: Readonly<Record<string, Fit>> = {
  string: line,
  textarea: text,
  email: line,
  phone: line,
  url: line,
  currency: number,
  double: number,
  percent: number,
  int: integer,
  picklist: picked,
  multipicklist: pickedSeveral,
  boolean: (field, value) => {
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw refuse(field, "takes true or false");
  },
  date: (field, value) => {
    if (typeof value === "string" && isDay(value)) return value;
    throw refuse(field, "takes a date such as 2026-12-31");
  },
  datetime: (field, value) => {
    const withZone =
      typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
    if (withZone && isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)))
      return new Date(value).toISOString().replace(/\.\d{3}Z$/, "Z");
    throw refuse(field, "takes a time with its zone, such as 2026-12-31T09:00:00Z");
  },
  reference: (field, value) => {
    if (typeof value === "string") return recordId18(value);
    throw refuse(field, "takes a record id");
  },
};

const allowedIn = ({ picklistValues }: FieldDescribe): string[] =>
  (picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value);

const isDay = (text: string): boolean => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

const refuse = ({ name }: FieldDescribe, why: string, allowed: readonly string[] = []) => {
  const plain = allowed.filter((value) => PLAIN_NAME.test(value));
  const other = allowed.filter((value) => !PLAIN_NAME.test(value));
  return new HubError("invalid_input", `${name} ${why}.`, {
    hint: "Nothing was sent. Correct new_value and call again.",
    facts: { field: name, ...(plain.length > 0 && { allowed: plain.slice(0, MOST_SHOWN) }) },
    ...(other.length > 0 && {
      vendor: { system: SYSTEM, message: `Also allowed: ${other.slice(0, MOST_SHOWN).join("; ")}` },
    }),
  });
};
