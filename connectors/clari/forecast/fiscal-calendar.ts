/** Quarters around today: as Clari gave them where an export has shown them, else by the configured calendar. */
import { dayIn, daysBetween, parseQuarter } from "#connector";
import type { Clari } from "../clari.ts";
import { DAY } from "../values.ts";

export interface ListedQuarter {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly source: "clari" | "calendar";
  /** When Clari said so, epoch milliseconds. */
  readonly at: number | undefined;
}

export interface FiscalCalendar {
  /** Oldest first. */
  readonly quarters: readonly ListedQuarter[];
  /** By which the two differ; the configured start month is wrong then. */
  readonly differing: readonly string[];
}

const BEFORE = 5;
const AFTER = 2;
/** A retail calendar's quarters are of whole weeks. */
const MOST_DAYS_APART = 16;

export const fiscalCalendar = async ({ settings, known, clock }: Clari): Promise<FiscalCalendar> => {
  const { fiscalYearStartMonth } = settings;
  const today = dayIn("UTC", clock.now());
  const computed = around(today, fiscalYearStartMonth);
  const told = await known.periods();
  const quarters = new Map<string, ListedQuarter>(
    computed.map((one) => [one.id, { ...one, source: "calendar", at: undefined }]),
  );
  for (const { id, from, to, at } of told) quarters.set(id, { id, from, to, source: "clari", at });
  const starts = new Map(computed.map(({ id, from }) => [id, from]));
  return {
    quarters: [...quarters.values()].sort((a, b) => (a.from < b.from ? -1 : 1)),
    differing: told
      .filter(({ id, from }) => Math.abs(daysBetween(starts.get(id) ?? from, from)) > MOST_DAYS_APART)
      .map(({ id }) => id),
  };
};

const around = (today: string, startMonth: number) => {
  const quarters = [quarterOn(today, startMonth)];
  for (let n = 0; n < BEFORE; n += 1)
    quarters.unshift(quarterOn(dayBeside(quarters[0]!.from, -1), startMonth));
  for (let n = 0; n < AFTER; n += 1) quarters.push(quarterOn(dayBeside(quarters.at(-1)!.to, 1), startMonth));
  return quarters;
};

const quarterOn = (day: string, startMonth: number) => {
  const { id, start: from, end: to } = parseQuarter("current", day, startMonth);
  return { id, from, to };
};

const dayBeside = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
