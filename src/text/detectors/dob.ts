import { type Detector, NOTHING, type Span, scan } from "./detector.ts";

/** A word that makes the date after it a birthday, and what may stand between: signs and a small word. */
const LABEL =
  /(?<![\p{L}\d])(?:dob|d\.o\.b\.?|date of birth|birth[ _-]?da(?:te|y)|born|geb(?:oren|urtsdatum|\.)|n[ée]{1,2} le|date de naissance|(?:fecha de )?nacimiento|nacid[oa]|data di nascita|nascimento)(?:__c)?[ \t:=.,"'()#-]{0,6}(?:(?:is|was|on|in|the|am|el|le|del|value)\b[ \t:="'-]{1,4}){0,2}/giu;

const MONTH =
  "(?:jan|feb|mar|m[äa]r|apr|ma[iy]|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|f[ée]v|avr|juin|juil|ao[ûu]|d[ée]c)\\p{L}{0,8}";
const DATE = new RegExp(
  [
    "(?:19|20)\\d\\d[-/. ]\\d{1,2}[-/. ]\\d{1,2}",
    "\\d{1,2}[-/. ]{1,2}\\d{1,2}[-/. ]{1,2}(?:(?:19|20)\\d\\d|\\d\\d)",
    `\\d{1,2}(?:st|nd|rd|th|\\.)?[-/ ]{0,2}(?:of |de )?${MONTH}[-/., ]{0,2}(?:de )?(?:(?:19|20)\\d\\d|'?\\d\\d)`,
    `${MONTH}[ .-]{1,2}\\d{1,2}(?:st|nd|rd|th)?[, -]{1,3}(?:19|20)\\d\\d`,
    "(?:19|20)\\d{6}",
  ]
    .map((form) => `(?:${form})(?![\\p{L}\\d])`)
    .join("|"),
  "iuy",
);
const LABEL_AFTER =
  /(?<![\p{L}\d/.-])(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)(?= {0,2}[([]? ?(?:dob|d\.o\.b|date of birth|birth ?da(?:te|y))(?!\p{L}| {0,2}[:=]))/giu;

/** Something that stands in every label: most dates are close dates, and need no more than this look. */
const HINT = /dob|d\.o\.b|birth|born|geb|n[ée]{1,2} le|naissance|naci|nascit|nascim/i;

/** Dates of birth: a date alone is a close date; beside a word for birth it is a person's. */
export const dob: Detector = (text, survey) => {
  if (survey.digits < 4 || !survey.letters || !HINT.test(text)) return NOTHING;
  const spans: Span[] = [];
  const add = ({ 0: date, index }: RegExpExecArray) => spans.push({ start: index, end: index + date.length });
  scan(LABEL, text, () => {
    DATE.lastIndex = LABEL.lastIndex;
    const date = DATE.exec(text);
    if (date) add(date);
  });
  scan(LABEL_AFTER, text, add);
  return spans;
};
