/** The quarters around today, by the configured fiscal calendar. */
import { parseQuarter, type Quarter } from "#connector";
import { type Calendar, dayAfter, todayIn } from "./calendar.ts";

export interface QuartersAround {
  readonly current: Quarter;
  /** The next ones, nearest first. */
  readonly next: readonly Quarter[];
  /** The past ones, nearest first. */
  readonly past: readonly Quarter[];
}

export const quartersAround = (
  calendar: Calendar,
  now: number,
  { next, past }: { readonly next: number; readonly past: number },
): QuartersAround => {
  const on = (day: string) => parseQuarter("current", day, calendar.fiscalYearStartMonth);
  const current = on(todayIn(calendar, now));
  return {
    current,
    next: steps(current, next, ({ end }) => on(dayAfter(end, 1))),
    past: steps(current, past, ({ start }) => on(dayAfter(start, -1))),
  };
};

const steps = (from: Quarter, count: number, step: (quarter: Quarter) => Quarter): readonly Quarter[] => {
  const all: Quarter[] = [];
  for (let at = from; all.length < count; ) {
    at = step(at);
    all.push(at);
  }
  return all;
};
