import { recordId18 } from "../ids.ts";
import { dateTimeMillis, isCalendarDate } from "./tokens.ts";

/**
 * Ready-made queries are written as templates whose values are typed literals, never strings:
 *
 *     soql`SELECT Id FROM Opportunity WHERE OwnerId = ${id(ownerId)} AND CloseDate >= ${date(from)}`
 *
 * A plain string as a value does not compile, so nothing can be concatenated raw. Pieces nest, which
 * is how an optional condition is written.
 */
export interface Soql {
  readonly soql: string;
}

export const soql = (texts: TemplateStringsArray, ...values: readonly Soql[]): Soql => ({
  soql: texts.reduce((query, text, index) => query + values[index - 1]!.soql + text),
});

/** No condition: what stands in a template where an optional piece is left out. */
export const nothing: Soql = { soql: "" };

const NAMED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

const unicodeEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Backslash and quote, control characters, and halves of surrogate pairs. */
const escaped = (text: string) =>
  text.replace(
    /[\\'\u0000-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => NAMED[character] ?? unicodeEscape(character),
  );

/** Any text as a string literal, quotes included: `O'Brien` becomes `'O\'Brien'`. */
export const quote = (text: string): string => `'${escaped(text)}'`;

/** Text to be found literally by LIKE, without quotes: `%` and `_` lose their meaning. */
const literalPattern = (text: string) => escaped(text).replace(/[%_]/g, "\\$&");

/** A LIKE pattern that finds the text anywhere, at the start, or exactly. */
export function quoteLike(text: string, place: "anywhere" | "start" | "exact" = "anywhere"): string {
  const pattern = literalPattern(text);
  if (place === "exact") return `'${pattern}'`;
  return place === "start" ? `'${pattern}%'` : `'%${pattern}%'`;
}

export const text = (value: string): Soql => ({ soql: quote(value) });
export const contains = (value: string): Soql => ({ soql: quoteLike(value) });

/** A record id. @throws HubError `invalid_input` if it is none */
export const id = (value: string): Soql => ({ soql: `'${recordId18(value)}'` });

/** A day, `2026-11-21`. @throws RangeError if the calendar has no such day */
export function date(day: string): Soql {
  if (!isCalendarDate(day)) throw new RangeError(`not a date: ${day}`);
  return { soql: day };
}

/** A moment, from a Date or ISO text with a zone. @throws RangeError if it is none */
export function dateTime(moment: Date | string): Soql {
  const millis = moment instanceof Date ? moment.getTime() : dateTimeMillis(moment);
  if (millis === undefined || Number.isNaN(millis)) throw new RangeError(`not a date and time: ${moment}`);
  return { soql: new Date(millis).toISOString() };
}

/** A plain number. @throws RangeError if SOQL could not write it without an exponent */
export function number(value: number): Soql {
  const written = String(value);
  if (!/^-?[0-9]{1,18}(\.[0-9]{1,18})?$/.test(written))
    throw new RangeError(`not a plain number: ${written}`);
  return { soql: written };
}

/** The parenthesised list of IN. @throws RangeError if it is empty, which SOQL does not allow */
export function list(members: readonly Soql[]): Soql {
  if (members.length === 0) throw new RangeError("an IN list needs at least one member");
  return { soql: `(${members.map((member) => member.soql).join(", ")})` };
}
