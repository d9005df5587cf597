import type { Span } from "./ast.ts";
import { type SoqlCode, SoqlError } from "./errors.ts";
import type { ParseLimits } from "./limits.ts";
import { endOfString, isControl } from "./string-literal.ts";

export interface Token extends Span {
  readonly type: "word" | "string" | "number" | "currency" | "date" | "dateTime" | "symbol" | "end";
  /** As written; empty for `end`. */
  readonly text: string;
  /** A word in upper case, by which keywords are known; empty for everything else. */
  readonly keyword: string;
}

const WORD = /[A-Za-z][A-Za-z0-9_]*/y;
const DIGITS = /[0-9][0-9A-Za-z_.]*/y;
const DATE = /[0-9A-Za-z_.:+-]*/y;
const SYMBOL = /<=|>=|<>|!=|[=<>(),.:]/y;

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isLetter = (code: number) => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);

/** The match of a sticky expression at exactly this place, or "". */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/**
 * Cuts `text` between two offsets into tokens, the last of them `end`. Each character is looked at a
 * bounded number of times, so that the time is linear in the length whatever the text holds.
 *
 * @throws SoqlError at the first place, from the left, that is no token of SOQL
 */
export function tokenize(text: string, span: Span, limits: ParseLimits): Token[] {
  const tokens: Token[] = [];
  let at = span.start;
  for (;;) {
    at = skipBlanks(text, at, span.end);
    if (at >= span.end) break;
    const token = tokenAt(text, at, span.end, limits);
    tokens.push(token);
    if (tokens.length > limits.maxTokens) {
      const message = `The query has more than ${limits.maxTokens} tokens; ask for less at a time`;
      throw new SoqlError("TOO_COMPLEX", message, token);
    }
    at = token.end;
  }
  tokens.push({ type: "end", text: "", keyword: "", start: span.end, end: span.end });
  return tokens;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) break;
    at++;
  }
  return at;
}

function tokenAt(text: string, at: number, end: number, limits: ParseLimits): Token {
  const code = text.charCodeAt(at);
  if (code === 0x27) return token("string", text, at, endOfString(text, at, end, limits.maxLiteral));
  if (isDigit(code)) return numberAt(text, at, at);
  if (isLetter(code)) return wordAt(text, at);
  if (code === 0x2d && isDigit(text.charCodeAt(at + 1))) return numberAt(text, at, at + 1);
  const symbol = matchAt(SYMBOL, text, at);
  if (symbol !== "") return token("symbol", text, at, at + symbol.length);
  throw strangeCharacter(text, at);
}

const token = (type: Token["type"], text: string, start: number, end: number): Token => {
  const written = text.slice(start, end);
  return { type, text: written, keyword: type === "word" ? written.toUpperCase() : "", start, end };
};

function wordAt(text: string, at: number): Token {
  const word = matchAt(WORD, text, at);
  const end = at + word.length;
  // USD5000.50: no field path has a digit after a dot, so this can only be an amount.
  if (text.charAt(end) === "." && isDigit(text.charCodeAt(end + 1)) && isAmount(word)) {
    const decimals = matchAt(DIGITS, text, end + 1);
    const stop = end + 1 + decimals.length;
    if (!/^[0-9]{1,18}$/.test(decimals)) throw badNumber(text, at, stop);
    return token("currency", text, at, stop);
  }
  return token("word", text, at, end);
}

/** Three letters and at most 18 digits: `USD5000`. As a value an amount, elsewhere a name. */
export const isAmount = (word: string): boolean => word.length <= 21 && /^[A-Za-z]{3}[0-9]+$/.test(word);

function numberAt(text: string, start: number, digits: number): Token {
  let end = digits + matchAt(DIGITS, text, digits).length;
  const next = text.charAt(end);
  const isDate = next === "-" && isDigit(text.charCodeAt(end + 1)) && start === digits && end - start === 4;
  if (!isDate && next !== ":") {
    if (!/^[0-9]{1,18}(\.[0-9]{1,18})?$/.test(text.slice(digits, end))) throw badNumber(text, start, end);
    return token("number", text, start, end);
  }
  end += matchAt(DATE, text, end).length;
  const written = text.slice(start, end);
  if (isCalendarDate(written)) return token("date", text, start, end);
  if (dateTimeMillis(written) !== undefined) return token("dateTime", text, start, end);
  throw badNumber(text, start, end);
}

function badNumber(text: string, start: number, end: number): SoqlError {
  const written = text.slice(start, Math.min(end, start + 40));
  const message = `${written} is neither a plain number (no exponent, at most 18 digits), nor a date like 2026-11-21, nor a dateTime like 2026-11-21T05:32:21Z`;
  return new SoqlError("BAD_NUMBER", message, { start, end });
}

/** Whether the text is YYYY-MM-DD and that day exists. */
export function isCalendarDate(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const millis = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(millis) && new Date(millis).toISOString().slice(0, 10) === text;
}

const DATE_TIME =
  /^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?<time>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,3})?)(?:Z|(?<sign>[+-])(?<hours>[01][0-9]):?(?<minutes>[0-5][0-9]))$/;

/** Milliseconds since 1970 of a SOQL dateTime, which always names its zone; undefined if it is none. */
export function dateTimeMillis(text: string): number | undefined {
  if (text.length > 40) return undefined;
  const parts = DATE_TIME.exec(text)?.groups;
  if (parts === undefined || !isCalendarDate(parts.day ?? "")) return undefined;
  const offset = (Number(parts.hours ?? 0) * 60 + Number(parts.minutes ?? 0)) * 60_000;
  return Date.parse(`${parts.day}T${parts.time}Z`) - (parts.sign === "-" ? -offset : offset);
}

function strangeCharacter(text: string, at: number): SoqlError {
  const character = text.charAt(at);
  const pair = text.slice(at, at + 2);
  const refuse = (code: SoqlCode, message: string) =>
    new SoqlError(code, message, { start: at, end: at + 1 });
  if (character.charCodeAt(0) > 0x7f) {
    return refuse(
      "NON_ASCII",
      "Outside of string literals SOQL is ASCII only; replace this character (it may look like a blank or a Latin letter)",
    );
  }
  if (isControl(text.charCodeAt(at))) return refuse("CONTROL_CHAR", "Remove this control character");
  if (pair === "--" || pair === "//" || pair === "/*" || character === "#") {
    return refuse("COMMENT", "SOQL has no comments; remove this one");
  }
  switch (character) {
    case ";":
      return refuse("MULTIPLE_STATEMENTS", "Send one query a call, without a semicolon");
    case '"':
    case "`":
      return refuse(
        "BAD_QUOTE",
        "String literals stand in single quotes, and names without quotes, in SOQL; replace this quote",
      );
    case "*":
      return refuse("BAD_CHAR", "SOQL has no *; name the fields, and write COUNT() to count rows");
    default:
      return refuse(
        "BAD_CHAR",
        "SOQL does not know this character; remove it, or put the text in single quotes",
      );
  }
}
