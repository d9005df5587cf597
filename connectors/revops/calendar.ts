/** Days, weeks and calls as this company counts them: in its time zone, from its first day of the week. */
import { dayIn, parseQuarter, type Quarter } from "#connector";

export const WEEKDAYS = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface Calendar {
  readonly timeZone: string;
  readonly fiscalYearStartMonth: number;
}

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/**
 * The instant (epoch milliseconds) at which a day (ISO) begins in a time zone. Where clocks are put forward at
 * midnight that is not 00:00.
 */
export const startOfDay = (day: string, timeZone: string): number => {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const inZone = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  // No zone is further from UTC than 14 hours. Before `late` it is not yet that day, from `early` on it is.
  let late = midnight - 16 * 60 * MINUTE;
  let early = midnight + 16 * 60 * MINUTE;
  while (early - late > MINUTE) {
    const middle = late + Math.floor((early - late) / MINUTE / 2) * MINUTE;
    if (inZone.format(middle).slice(0, 10) >= day) early = middle;
    else late = middle;
  }
  return early;
};

/** Its last millisecond. */
export const endOfDay = (day: string, timeZone: string): number => startOfDay(dayAfter(day, 1), timeZone) - 1;

/** First day of the week that holds `day`. */
export const weekOf = (day: string, weekStart: Weekday): string => {
  const since = new Date(`${day}T00:00:00Z`).getUTCDay() - WEEKDAYS.indexOf(weekStart);
  return dayAfter(day, -((since + 7) % 7));
};

/** The latest such weekday before `today`: on the day of a call, the call of a week ago. */
export const lastCallBefore = (today: string, callDay: Weekday): string =>
  weekOf(dayAfter(today, -1), callDay);

export const todayIn = ({ timeZone }: Calendar, now: number): string => dayIn(timeZone, now);

/** Throws `invalid_input`. */
export const quarterOf = (text: string, calendar: Calendar, now: number): Quarter =>
  parseQuarter(text, todayIn(calendar, now), calendar.fiscalYearStartMonth);
