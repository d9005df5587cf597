import { before, type Detector, NOTHING, type Span, scan } from "./detector.ts";

/** Country codes of ITU-T E.164. */
const COUNTRY =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(?:2[1-69]|3[578]|42|5[09]|6[7-9]|8[0578]|9[679])\d)/;
/** The most digits, country code included, where they are fewer than the 15 that E.164 allows. */
// biome-ignore format: a table
const MOST_DIGITS: Readonly<Record<string, number>> = {
  1: 11, 7: 11, 31: 11, 32: 11, 33: 11, 34: 11, 41: 11, 44: 12, 45: 10, 46: 12, 47: 10, 48: 11, 52: 12, 55: 13,
  61: 11, 64: 12, 65: 10, 81: 12, 86: 13, 91: 12, 351: 12, 353: 12,
};

const INTERNATIONAL = /(?<![\p{L}\d_+.-])(?:\+|00(?=[1-9]))\(?\d(?:[ ./()-]{0,3}\d){6,17}(?!\d)/gu;
const NORTH_AMERICAN =
  /(?<![\p{L}\d_+./#-]|\d[(]|\d, ?)(?:1[ .-]?)?(?:\([2-9]\d{2}\)[ .-]{0,2}|[2-9]\d{2}([ .-]))[2-9]\d{2}(?:\1|[ .-])\d{4}(?![\p{L}\d_]|[-./,]\d)/gu;
/** 020 7946 0958, 0171 1234567, 01 99 00 12 34, (030) 23125-000. */
const TRUNK = /(?<![\p{L}\d_+./#-])\(?0[1-9]\d{0,3}\)?(?:[ /-]{1,3}\d{2,8}){1,4}(?![\p{L}\d_]|[-./,]\d)/gu;
const LABELLED = /(?<![\p{L}\d_+./#$€£-])\(?\d(?:[ ./()-]{0,2}\d){6,14}(?![\p{L}\d_%]|[-./,:]\d)/gu;

const LABEL =
  /(?<!\p{L})(?:(?:cell|home|mobile|office|other|smart|tele|work)?phone|tel|telefon|mobile|mob|cell|fax|whatsapp|sms|handy|direct|dial|hotline|t[ée]l|m[óo]vil)s?(?:__c)?\b["'):.=# -]{0,5}(?:(?:no|nr|num|number|is|at|me at|us at|on)\b["'):.=# -]{0,4}){0,2}$/iu;
/** Something that stands in every label: without it no plain number is looked at. */
const HINT = /phone|t[ée]l|mob|cell|fax|whatsapp|sms|handy|direct|dial|hotline|m[óo]vil/i;
const NOT_A_PHONE =
  /\b(?:order|case|invoice|ref|reference|po|sku|id|ticket|part|serial|isbn|tracking|contract|quote|opp)[.:# -]{0,3}(?:(?:no|nr|number|id)\b[.:# -]{0,3})?$/i;
/** Close dates and ranges of dates are digits with dashes too. */
const DATE =
  /(?<!\d)(?:(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)(?!\d)/;
const MONEY_AFTER = /^ ?(?:%|[$€£]|(?:USD|EUR|GBP|ARR|TCV|ACV|MRR|deals?|seats?|users?)\b)/i;

const onlyDigits = (text: string) => text.replace(/\D/g, "");

/** Judges a candidate: the part that is a number, or undefined. `labelled`: a word for telephone stands before. */
type Judge = (candidate: string, labelled: () => boolean) => string | undefined;

/** Cuts the candidate to what its country allows, at a gap between digits. */
const international: Judge = (candidate, labelled) => {
  const prefix = candidate.startsWith("00") ? 2 : 0;
  const country = COUNTRY.exec(onlyDigits(candidate.slice(prefix)))?.[0];
  if (country === undefined) return undefined;
  let kept = candidate;
  // A trunk zero in parentheses, +44 (0)20, is written but not dialled.
  const count = () => onlyDigits(kept.replace("(0)", "")).length - prefix;
  while (count() > (MOST_DIGITS[country] ?? 15)) {
    const gap = kept.search(/[ ./()-]+\d+$/);
    if (gap < 0) return undefined;
    kept = kept.slice(0, gap);
  }
  if (country === "1") return count() === 11 && !/^\D*1\D*[01]/.test(kept.slice(prefix)) ? kept : undefined;
  // Eight digits in a row after a plus are as likely a difference between two amounts.
  const clear = /\d\D+\d/.test(kept) || labelled();
  return count() >= (clear ? 8 : 10) && (clear || prefix === 0) ? kept : undefined;
};

const northAmerican: Judge = (candidate) => candidate;

const national: Judge = (candidate) => {
  const { length } = onlyDigits(candidate);
  return length >= 10 && length <= 12 ? candidate : undefined;
};

const anyLabelled: Judge = (candidate, labelled) => (labelled() ? candidate : undefined);

/** Telephone numbers: with a country code, in the usual national forms, or beside a word for telephone. */
export const phone: Detector = (text, survey) => {
  if (survey.digits < 7) return NOTHING;
  const spans: Span[] = [];
  const look = (pattern: RegExp, judge: Judge) =>
    scan(pattern, text, ({ 0: candidate, index }) => {
      const kept = judge(candidate, () => LABEL.test(before(text, index, 28)));
      if (kept === undefined || DATE.test(kept)) return;
      if (judge !== anyLabelled && NOT_A_PHONE.test(before(text, index, 28))) return;
      const end = index + kept.length;
      if (!MONEY_AFTER.test(text.slice(end, end + 8))) spans.push({ start: index, end });
    });
  if (survey.plus || survey.digits >= 10) look(INTERNATIONAL, international);
  if (survey.digits >= 10) look(NORTH_AMERICAN, northAmerican);
  if (survey.digits >= 10) look(TRUNK, national);
  if (survey.letters && HINT.test(text)) look(LABELLED, anyLabelled);
  return spans;
};
