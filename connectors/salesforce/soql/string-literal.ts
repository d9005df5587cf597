import { SoqlError } from "./errors.ts";

/**
 * String literals of SOQL: single quotes; `\n \r \t \b \f \" \' \\ \uXXXX` with letters in either
 * case; `\%` and `\_` in the pattern of LIKE. Every other backslash is an error.
 */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ...["n", "N"].map((letter) => [letter, "\n"] as const),
  ...["r", "R"].map((letter) => [letter, "\r"] as const),
  ...["t", "T"].map((letter) => [letter, "\t"] as const),
  ...["b", "B"].map((letter) => [letter, "\b"] as const),
  ...["f", "F"].map((letter) => [letter, "\f"] as const),
  ...['"', "'", "\\"].map((letter) => [letter, letter] as const),
]);

const QUOTE = 0x27;
const BACKSLASH = 0x5c;
const isHex = (text: string) => /^[0-9a-fA-F]{4}$/.test(text);

/** C0, DEL and C1: never meant, and what terminals and logs trip over. */
export const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code <= 0x9f);

/** The offset after the closing quote of the literal that opens at `start`. One pass, whatever it holds. */
export function endOfString(text: string, start: number, end: number, maxLiteral: number): number {
  let at = start + 1;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      if (at - start - 1 > maxLiteral) {
        const message = `A string literal may have at most ${maxLiteral} characters; shorten this one`;
        throw new SoqlError("LITERAL_TOO_LONG", message, { start, end: at + 1 });
      }
      return at + 1;
    }
    if (isControl(code)) {
      const message = "A string literal may not hold a raw control character; write \\n, \\r, \\t or \\uXXXX";
      throw new SoqlError("CONTROL_CHAR", message, { start: at, end: at + 1 });
    }
    at += code === BACKSLASH ? escapeLength(text, at, end) : 1;
  }
  const message = "This string literal is never closed; end it with ' and write \\' for a quote inside it";
  throw new SoqlError("UNTERMINATED_STRING", message, { start, end });
}

function escapeLength(text: string, at: number, end: number): number {
  if (at + 1 >= end) return 1; // the caller finds the literal unterminated
  const letter = text.charAt(at + 1);
  if (ESCAPES.has(letter) || letter === "%" || letter === "_") return 2;
  if (/u/i.test(letter) && at + 6 <= end && isHex(text.slice(at + 2, at + 6))) return 6;
  const message = "SOQL does not know this escape; write \\\\ for a backslash and \\' for a quote";
  throw new SoqlError("BAD_ESCAPE", message, { start: at, end: Math.min(at + 2, end) });
}

/** The text that a literal means; `raw` has been through {@link endOfString}. See `StringLiteral.value`. */
export function decodeString(raw: string, pattern: boolean): string {
  const last = raw.length - 1;
  let value = "";
  let from = 1;
  for (let at = raw.indexOf("\\"); at >= 0; at = raw.indexOf("\\", from)) {
    const letter = raw.charAt(at + 1);
    const meant = pattern && letter === "\\" ? undefined : ESCAPES.get(letter);
    const isUnicode = letter === "u" || letter === "U";
    value += raw.slice(from, at);
    from = at + (isUnicode ? 6 : 2);
    value += isUnicode
      ? String.fromCharCode(Number.parseInt(raw.slice(at + 2, from), 16))
      : (meant ?? raw.slice(at, from));
  }
  return value + raw.slice(from, last);
}

/** The offset in `raw` of the first `\%` or `\_`, which are errors outside of LIKE; -1 if there is none. */
export function patternEscape(raw: string): number {
  for (let at = raw.indexOf("\\"); at >= 0; at = raw.indexOf("\\", at + 2)) {
    const next = raw.charAt(at + 1);
    if (next === "%" || next === "_") return at;
  }
  return -1;
}
