/**
 * Date literals as ranges of days (SOQL reference, "Date Formats and Date Literals"). Weeks begin on
 * Sunday (locale en_US); the fiscal year is the calendar year.
 */
import type { RelativeDate } from "../../soql/ast.ts";
import { DAY } from "../calendar.ts";

/** Days since 1970; `end` is the first day after. */
export interface DayRange {
  readonly start: number;
  readonly end: number;
}

type Unit = "DAY" | "WEEK" | "MONTH" | "QUARTER" | "YEAR";

/** First day of the unit that lies `offset` units from the one `today` is in. */
const startOf = (unit: Unit, today: number, offset: number): number => {
  const date = new Date(today * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case "DAY":
      return today + offset;
    case "WEEK":
      return today - date.getUTCDay() + 7 * offset;
    case "MONTH":
      return Date.UTC(year, month + offset, 1) / DAY;
    case "QUARTER":
      return Date.UTC(year, month - (month % 3) + 3 * offset, 1) / DAY;
    case "YEAR":
      return Date.UTC(year + offset, 0, 1) / DAY;
  }
};

const SINGLE: Readonly<Record<string, number>> = { LAST: -1, THIS: 0, NEXT: 1 };

export const rangeOf = ({ name, n = 0 }: RelativeDate, now: number): DayRange => {
  const today = Math.floor(now / DAY);
  const units = (unit: Unit, first: number, count = 1): DayRange => ({
    start: startOf(unit, today, first),
    end: startOf(unit, today, first + count),
  });
  const plain = name.replace("FISCAL_", "");

  if (plain === "YESTERDAY") return units("DAY", -1);
  if (plain === "TODAY") return units("DAY", 0);
  if (plain === "TOMORROW") return units("DAY", 1);
  if (plain === "LAST_90_DAYS") return units("DAY", -90, 91);
  if (plain === "NEXT_90_DAYS") return units("DAY", 1, 90);

  const counted = /^(?:(LAST|NEXT)_N_([A-Z]+)S|N_([A-Z]+)S_AGO)$/.exec(plain);
  if (counted) {
    const [, direction, of, ago] = counted;
    if (ago !== undefined) return units(ago as Unit, -n);
    if (direction === "NEXT") return units(of as Unit, 1, n);
    // The last n days include today; the last n weeks, months … do not include the present one.
    return of === "DAY" ? units("DAY", -n, n + 1) : units(of as Unit, -n, n);
  }
  const [, which = "", unit] = /^(LAST|THIS|NEXT)_([A-Z]+)$/.exec(plain) ?? [];
  return units(unit as Unit, SINGLE[which] ?? 0);
};
