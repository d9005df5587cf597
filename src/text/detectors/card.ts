import { after, before, type Detector, NOTHING, type Span, scan } from "./detector.ts";

/** A first digit that cards have, then digits in a row, or groups of which the first has four or more, all with one separator. */
const CANDIDATE = /(?<![\p{L}\d_])[2-689]\d{3,18}(?!\d)(?:([ .-])\d{3,7}(?!\d)(?:\1\d{3,7}(?!\d)){0,3})?/gu;
const CONTEXT = /\b(?:card|cards|cc|pan|visa|credit|debit|maestro|amex|carte|karte|kreditkarte|tarjeta)\b/i;

type Rule = readonly [prefix: RegExp, lengths: readonly number[], needsContext?: true];

/** Issuer prefixes and lengths. Where a length is common for other numbers too, a word must say card. */
const BRANDS: readonly Rule[] = [
  [/^4/, [16, 19]],
  [/^4/, [13], true],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:30[0-5]|3095|3[689])/, [14, 16]],
  [/^(?:62|81)/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [16, 18, 19]],
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 17], true],
];

/** ISO/IEC 7812-1 annex B. */
const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
};

/** `near` tells whether a word for cards stands by; asked only when everything else agrees. */
const isCard = (digits: string, near: () => boolean): boolean => {
  if (digits.length < 12 || digits.length > 19 || !passesLuhn(digits)) return false;
  const rules = BRANDS.filter(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits));
  return rules.some((rule) => !rule[2]) || (rules.length > 0 && near());
};

/** Payment card numbers: brand, length and check digit must agree. */
export const card: Detector = (text, survey) => {
  if (survey.digits < 12) return NOTHING;
  const spans: Span[] = [];
  scan(CANDIDATE, text, (match) => {
    const start = match.index;
    const groups = match[1] === undefined ? [match[0]] : match[0].split(match[1]);
    let digits = groups.join("");
    // The longest that checks wins; a security code or a date may follow the number.
    for (let count = groups.length; count > 0; count--) {
      const end = start + digits.length + count - 1;
      const near = () => CONTEXT.test(`${before(text, start)}|${after(text, end)}`);
      if (isCard(digits, near)) {
        spans.push({ start, end });
        CANDIDATE.lastIndex = end;
        return;
      }
      digits = digits.slice(0, digits.length - groups[count - 1]!.length);
    }
    CANDIDATE.lastIndex = start + groups[0]!.length;
  });
  return spans;
};
