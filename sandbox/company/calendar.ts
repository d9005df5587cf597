/**
 * Dates as the company counts them. Days are whole days since 1970 (UTC); working time is counted in
 * weekdays, whole part the day and fraction the hour, so that what is generated in order stays in
 * order and falls into office hours.
 */
import type { Quarter } from "./types.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const OFFICE_OPENS = 13 * HOUR;
const OFFICE_HOURS = 9 * HOUR;
/** 1970-01-01 was a Thursday. */
const DAYS_SINCE_MONDAY = 3;

const isoDates = new Map<number, string>();

/** `YYYY-MM-DD` of a day. */
export const isoDate = (day: number): string => {
  let iso = isoDates.get(day);
  if (iso === undefined) {
    iso = new Date(day * DAY).toISOString().slice(0, 10);
    isoDates.set(day, iso);
  }
  return iso;
};

export const dayOf = (time: number): number => Math.floor(time / DAY);

export const parseDay = (iso: string): number => Date.parse(iso) / DAY;

/** Weekdays before this day; of a Saturday or Sunday, the number of the Monday after. */
export const workDays = (day: number): number => {
  const shifted = day + DAYS_SINCE_MONDAY;
  return Math.floor(shifted / 7) * 5 + Math.min(shifted % 7, 5);
};

export const dayOfWork = (work: number): number => {
  const whole = Math.floor(work);
  return Math.floor(whole / 5) * 7 + (whole % 5) - DAYS_SINCE_MONDAY;
};

/** Epoch milliseconds in office hours. Grows with `work`. */
export const workTime = (work: number): number =>
  dayOfWork(work) * DAY + OFFICE_OPENS + Math.floor((work % 1) * OFFICE_HOURS);

export interface QuarterSpan {
  readonly quarter: Quarter;
  readonly index: number;
  readonly startDay: number;
  readonly endDay: number;
}

/** Index of the quarter that contains today. */
export const CURRENT = 4;
const QUARTERS = 6;

/** Four past calendar quarters, the current one and the next. */
export const quartersAround = (today: number): QuarterSpan[] => {
  const date = new Date(today * DAY);
  const current = date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
  return Array.from({ length: QUARTERS }, (_, index) => quarterSpan(current + index - CURRENT, index));
};

const quarterSpan = (quartersSinceYearZero: number, index: number): QuarterSpan => {
  const year = Math.floor(quartersSinceYearZero / 4);
  const number = (quartersSinceYearZero % 4) + 1;
  const startDay = Date.UTC(year, (number - 1) * 3, 1) / DAY;
  const endDay = Date.UTC(year, number * 3, 1) / DAY - 1;
  const weeks = [];
  const firstMonday = startDay - ((startDay + DAYS_SINCE_MONDAY) % 7);
  for (let monday = firstMonday; monday <= endDay; monday += 7) {
    weeks.push({ start: isoDate(monday), end: isoDate(monday + 6) });
  }
  return {
    index,
    startDay,
    endDay,
    quarter: {
      id: `${year}_Q${number}`,
      label: `Q${number}`,
      year,
      start: isoDate(startDay),
      end: isoDate(endDay),
      weeks,
    },
  };
};
