/** What came back from Clari: one quarter of it, and whether that is the quarter that was asked for. */
import { HubError, type QuarterPosition } from "#connector";
import type { ForecastField, ForecastUser, TimeFrame, TimePeriod } from "../answers.ts";
import { DAY } from "../values.ts";
import type { Entry } from "./forecast-entry.ts";
import type { ReadFile } from "./forecast-file.ts";

export interface AskedQuarter {
  /** When it was asked, ISO: from there "current" and "next" are meant, however late the answer comes. */
  readonly today: string;
  /** Undefined: whichever is current for Clari, which knows its fiscal calendar better than our config. */
  readonly id: string | undefined;
  /** The same quarter by our config. */
  readonly expected: string;
  readonly position: QuarterPosition | undefined;
  /** First day by our config, if that chose the year: of a bare `Q4`. */
  readonly start: string | undefined;
}

export interface ForecastReading {
  /** Undefined if Clari answered for others than the quarter asked for. */
  readonly period: TimePeriod | undefined;
  /** Ids of the quarters that Clari answered for. */
  readonly answered: readonly string[];
  /** Oldest first; only those that have entries. */
  readonly weeks: readonly TimeFrame[];
  /** Of this period, each once. */
  readonly entries: readonly Entry[];
  readonly users: readonly ForecastUser[];
  readonly fields: readonly ForecastField[];
  /** Entries of fields that are no figures were too many to keep. */
  readonly onlyFigures: boolean;
}

/** `id` as in {@link AskedQuarter}. Throws `vendor_malformed` when an entry's week cannot be told. */
export const readForecast = (
  file: ReadFile,
  { id, today }: Pick<AskedQuarter, "id" | "today">,
): ForecastReading => {
  const { users, fields, timePeriods, onlyFigures } = file;
  const period = timePeriods.find((one) =>
    id === undefined ? contains(one, today) : one.timePeriodId === id,
  );
  const chosen = period ?? (id === undefined ? timePeriods[0] : undefined);
  const entries = distinct(file.entries.filter(({ timePeriodId }) => timePeriodId === chosen?.timePeriodId));
  return {
    period: chosen,
    answered: timePeriods.map(({ timePeriodId }) => timePeriodId.replace(/[^\w-]/g, "?").slice(0, 20)),
    weeks: weeksOf(entries, file.timeFrames),
    entries,
    users,
    fields,
    onlyFigures,
  };
};

const contains = ({ startDate, endDate }: TimePeriod, day: string) =>
  !!startDate && !!endDate && startDate <= day && day <= endDate;

/** Values of one key may come in one entry or in several, and twice. */
const distinct = (entries: readonly Entry[]): Entry[] => {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.timeFrameId} ${entry.userId} ${entry.fieldId}`;
    const earlier = byKey.get(key);
    byKey.set(key, earlier ? { ...earlier, ...entry } : entry);
  }
  return [...byKey.values()];
};

/** The order of weeks is not defined, the first one may begin before the quarter, and one may be unlisted. */
const weeksOf = (entries: readonly Entry[], listed: readonly TimeFrame[]): TimeFrame[] => {
  const known = new Map(listed.map((week) => [week.timeFrameId, week]));
  return [...new Set(entries.map(({ timeFrameId }) => timeFrameId))]
    .map((timeFrameId) => known.get(timeFrameId) ?? { timeFrameId, startDate: null, endDate: null })
    .sort((a, b) => (firstDay(a) < firstDay(b) ? -1 : 1));
};

/** `TF:2026-11-16` says it too. Throws `vendor_malformed` if nothing does. */
export const firstDay = ({ startDate, timeFrameId }: TimeFrame): string => {
  const day = startDate ?? /\d{4}-\d\d-\d\d$/.exec(timeFrameId)?.[0];
  if (day) return day;
  throw new HubError(
    "vendor_malformed",
    "Clari sent figures without saying of which week; they are not shown.",
  );
};

// --- the quarter asked for -------------------------------------------------------------------------

/** Clari answers the current quarter, without a word, for one that it does not know or has no data for. */
export const anotherQuarter = (
  id: string | undefined,
  answered: readonly string[],
  askedAgainAfter: string,
): HubError =>
  new HubError(
    "vendor_malformed",
    `Clari answered for another quarter than ${id}; its figures are not shown.`,
    {
      hint: "Clari answers the current quarter for one it has no data for. Ask for another quarter, or check the id in Clari. To save exports Clari is not asked for this one again for a day, except with fresh.",
      facts: { asked: id, returned: answered, askedAgainAfter },
    },
  );

/** Throws `config` when a quarter that was named from today does not lie there for Clari. */
export const checkCalendar = (period: TimePeriod, { id, position, start, today }: AskedQuarter) => {
  const fits =
    (position === undefined || position === "current" || isBeside(period, position, today)) &&
    (start === undefined || isAbout(period, start));
  if (fits) return;
  const meant = position ?? "expected";
  throw new HubError("config", `${id} is not the ${meant} quarter in Clari's fiscal calendar.`, {
    hint: 'Set "fiscalYearStartMonth" in the connector\'s config, or name the quarter with its year.',
    facts: { asked: id },
  });
};

const LONGEST_QUARTER_DAYS = 100;
/** Of the calendar from a retail one, whose quarters are of whole weeks. */
const CALENDARS_DIFFER_DAYS = 16;

/** Begins after today, or ended before it, by no more than a quarter. */
const isBeside = ({ startDate, endDate }: TimePeriod, position: QuarterPosition, today: string): boolean => {
  const day = position === "next" ? startDate : endDate;
  if (!day) return true;
  const days = (Date.parse(day) - Date.parse(today)) / DAY;
  return position === "next"
    ? days > 0 && days <= LONGEST_QUARTER_DAYS
    : days < 0 && days >= -LONGEST_QUARTER_DAYS;
};

const isAbout = ({ startDate }: TimePeriod, start: string): boolean =>
  !startDate || Math.abs(Date.parse(startDate) - Date.parse(start)) <= CALENDARS_DIFFER_DAYS * DAY;
