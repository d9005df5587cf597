/** Fiscal quarters as people and systems write them. */
import { HubError } from "../errors.ts";

export interface Quarter {
  /** `2026_Q4` */
  readonly id: string;
  /** First and last day, ISO. */
  readonly start: string;
  readonly end: string;
}

/** For the model: the forms that {@link parseQuarter} understands. */
export const QUARTER_FORMS = "2026_Q4, Q4-2026, Q4, current, next or previous";

/** A quarter named by where it lies from today. */
export type QuarterPosition = "current" | "next" | "previous";

const POSITIONS: Record<string, { readonly position: QuarterPosition; readonly steps: number }> = {
  current: { position: "current", steps: 0 },
  this: { position: "current", steps: 0 },
  next: { position: "next", steps: 1 },
  previous: { position: "previous", steps: -1 },
  last: { position: "previous", steps: -1 },
};

/** Undefined when the text names a quarter itself, or nothing. */
export const quarterPosition = (text: string): QuarterPosition | undefined =>
  POSITIONS[text.trim().toLowerCase()]?.position;

/**
 * The quarter a text means, seen from `today` (ISO date). A fiscal year is named after the calendar
 * year it ends in. A quarter without a year is the one in today's fiscal year. Throws `invalid_input`.
 */
export const parseQuarter = (text: string, today: string, fiscalYearStartMonth = 1): Quarter => {
  const now = quarterOf(today, fiscalYearStartMonth);
  const word = text.trim().toLowerCase();
  const relative = POSITIONS[word];
  if (relative) return quarterAt(now.index + relative.steps, fiscalYearStartMonth);

  const match = /^(?:fy)?(?<year>\d{4})?[ _/-]*q(?<number>[1-4])[ _/-]*(?:fy)?(?<after>\d{4})?$/.exec(word);
  const year = match?.groups?.year ?? match?.groups?.after;
  if (!match || (match.groups?.year && match.groups.after))
    throw new HubError("invalid_input", "The time period is not a fiscal quarter.", {
      hint: `Write ${QUARTER_FORMS}.`,
    });
  const index = Number(year ?? Math.floor(now.index / 4)) * 4 + Number(match.groups?.number) - 1;
  return quarterAt(index, fiscalYearStartMonth);
};

/** Quarters are counted: fiscal year × 4 + quarter − 1. */
const quarterOf = (date: string, startMonth: number): { index: number } => {
  const [year = 0, month = 1] = date.split("-").map(Number);
  const monthsIn = (month - startMonth + 12) % 12;
  const beganIn = month < startMonth ? year - 1 : year;
  return { index: (beganIn + (startMonth > 1 ? 1 : 0)) * 4 + Math.floor(monthsIn / 3) };
};

const quarterAt = (index: number, startMonth: number): Quarter => {
  const fiscalYear = Math.floor(index / 4);
  const quarter = (((index % 4) + 4) % 4) + 1;
  const firstYear = fiscalYear - (startMonth > 1 ? 1 : 0);
  const month = startMonth - 1 + (quarter - 1) * 3;
  const day = (monthIndex: number, dayOfMonth: number) =>
    new Date(Date.UTC(firstYear, monthIndex, dayOfMonth)).toISOString().slice(0, 10);
  return { id: `${fiscalYear}_Q${quarter}`, start: day(month, 1), end: day(month + 3, 0) };
};

/** The ISO date at `at` in an IANA time zone. */
export const dayIn = (timeZone: string, at: number): string => {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
    formats.set(timeZone, format);
  }
  return format.format(at).slice(0, 10);
};

/** By time zone: making one takes longer than a hundred uses. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whole days from one ISO date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round(
    (Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / 86_400_000,
  );

/** Of ISO times; undefined when there is none. Offsets may differ, so they do not sort as text. */
export const oldest = (times: readonly (string | null | undefined)[]): string | undefined =>
  times.filter((time) => typeof time === "string").sort((a, b) => Date.parse(a) - Date.parse(b))[0];
