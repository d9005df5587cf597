import { card } from "./detectors/card.ts";
import { type Detector, type Span, VOID } from "./detectors/detector.ts";
import { dob } from "./detectors/dob.ts";
import { email } from "./detectors/email.ts";
import { iban } from "./detectors/iban.ts";
import { ip } from "./detectors/ip.ts";
import { phone } from "./detectors/phone.ts";
import { secret } from "./detectors/secret.ts";
import { ssn } from "./detectors/ssn.ts";
import { normalise } from "./normalise.ts";
import { survey } from "./survey.ts";

/**
 * What the hub can recognise in free text, most telling first: what one detector found, the next does
 * not see. Names of people have no form and cannot be found this way.
 */
const DETECTORS = { secret, email, iban, card, ssn, dob, ip, phone } as const satisfies Record<
  string,
  Detector
>;

export type SensitiveType = keyof typeof DETECTORS;

/** Every type, in the order of detection. `dob` is a date of birth. */
export const SENSITIVE_TYPES = Object.keys(DETECTORS) as readonly SensitiveType[];

/** Half open, in code units of the text as it was given. */
export interface Finding {
  readonly type: SensitiveType;
  readonly start: number;
  readonly end: number;
}

/**
 * Gives the same short name to the same value, so that rows can still be joined: one to eight lower-case
 * letters or digits. The value comes in canonical form (digits without separators, e-mail in lower case).
 */
export type Pseudonym = (type: SensitiveType, value: string) => string;

const NONE: readonly Finding[] = [];

/** Dates, times and Salesforce ids: the commonest strings with digits, told by their whole form. */
const HARMLESS =
  /^(?:\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?)?|0[0-9A-Z]{2}(?=\d{0,14}[A-Za-z])[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?)$/;

/** Marks of an earlier redaction are not looked into. */
const MARK = /\[(?:SECRET|EMAIL|IBAN|CARD|SSN|DOB|IP|PHONE)(?::[a-z0-9]{1,8})?\]/g;

/** Something found can uncover something else once it is gone: look again, but not for ever. */
const MOST_ROUNDS = 4;

/** Everything of the given types in the text, in order, without overlaps. Linear in the text's length. */
export const findSensitive = (
  text: string,
  types: readonly SensitiveType[] = SENSITIVE_TYPES,
): readonly Finding[] => {
  if (text.length < 30 && HARMLESS.test(text)) return NONE;
  let seen = survey(text);
  if (seen.digits < 4 && seen.longestToken < 16 && !seen.at && !seen.colon && !seen.equals && !seen.unclear)
    return NONE;
  const { text: plain, origin } = seen.folds ? normalise(text) : { text, origin: undefined };
  if (seen.unclear) seen = survey(plain);

  let open = seen.bracket ? plain.replace(MARK, (mark) => VOID.repeat(mark.length)) : plain;
  const findings: Finding[] = [];
  for (let round = 0, known = -1; round < MOST_ROUNDS && known < findings.length; round++) {
    known = findings.length;
    for (const type of SENSITIVE_TYPES) {
      if (!types.includes(type)) continue;
      const spans = DETECTORS[type](open, seen);
      if (spans.length === 0) continue;
      const apart = merge(spans);
      open = hide(open, apart);
      for (const { start, end } of apart) findings.push({ type, start, end });
    }
    if (findings.length === 0) return NONE;
  }
  findings.sort((one, other) => one.start - other.start);
  return origin === undefined
    ? findings
    : findings.map(({ type, start, end }) => ({ type, start: origin[start]!, end: origin[end]! }));
};

/**
 * The text with a mark like `[EMAIL]`, or `[EMAIL:k3f9]` with a pseudonym, in place of every finding.
 * The same string object if there is none. Redacting again changes nothing.
 */
export const redact = (
  text: string,
  types: readonly SensitiveType[] = SENSITIVE_TYPES,
  pseudonym?: Pseudonym,
): string => {
  const findings = findSensitive(text, types);
  if (findings.length === 0) return text;
  let redacted = "";
  let kept = 0;
  for (const { type, start, end } of findings) {
    const name = pseudonym ? `:${pseudonym(type, canonical(type, text.slice(start, end)))}` : "";
    redacted += `${text.slice(kept, start)}[${type.toUpperCase()}${name}]`;
    kept = end;
  }
  return redacted + text.slice(kept);
};

/** One spelling a value: two that a person would call the same get the same pseudonym. */
const canonical = (type: SensitiveType, value: string): string => {
  const plain = normalise(value).text;
  if (type === "email") return plain.toLowerCase();
  if (type === "card" || type === "ssn" || type === "phone") return plain.replace(/\D/g, "");
  if (type === "iban") return plain.replace(/[^A-Za-z0-9]/g, "").toUpperCase();
  return plain;
};

const merge = (spans: readonly Span[]): readonly Span[] => {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
};

const hide = (text: string, spans: readonly Span[]): string => {
  let hidden = "";
  let kept = 0;
  for (const { start, end } of spans) {
    hidden += text.slice(kept, start) + VOID.repeat(end - start);
    kept = end;
  }
  return hidden + text.slice(kept);
};
