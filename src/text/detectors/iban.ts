import { type Detector, NOTHING, type Span, scan } from "./detector.ts";

/** Lengths from the SWIFT IBAN registry. */
const LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 " +
    "EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 " +
    "KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 " +
    "PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 " +
    "UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const START = /(?<![\p{L}\p{N}])[A-Z]{2}\d\d(?=[ .-]?[A-Z0-9])/giu;
/** Digits and letters of ASCII. */
const isPart = (unit: number) => (unit >= 48 && unit <= 57) || ((unit | 32) >= 97 && (unit | 32) <= 122);
const SEPARATORS = " .-";

/** ISO 7064 MOD 97-10 over the rearranged number; letters count from A = 10. */
const checks = (compact: string): boolean => {
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
};

/** The end of a number of `length` characters from `start`, single separators allowed; or -1. */
const endOf = (text: string, start: number, length: number): number => {
  let index = start;
  for (let count = 0; count < length; index++) {
    if (isPart(text.charCodeAt(index))) count++;
    else if (!SEPARATORS.includes(text.charAt(index) || "?") || !isPart(text.charCodeAt(index + 1)))
      return -1;
  }
  return isPart(text.charCodeAt(index)) ? -1 : index;
};

/** International bank account numbers: country, length and check digits must agree. */
export const iban: Detector = (text, survey) => {
  if (survey.digits < 7 || !survey.letters) return NOTHING;
  const spans: Span[] = [];
  scan(START, text, (match) => {
    const start = match.index;
    const length = LENGTHS[match[0].slice(0, 2).toUpperCase()];
    const end = length === undefined ? -1 : endOf(text, start, length);
    if (end < 0 || !checks(text.slice(start, end).replace(/[ .-]/g, "").toUpperCase())) return;
    spans.push({ start, end });
    START.lastIndex = end;
  });
  return spans;
};
