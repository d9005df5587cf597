/** Fiscal quarters: how people write them, and what Clari calls them (`2026_Q4`). */

export type Position = "current" | "next" | "previous";

/** A named quarter, or one relative to today. */
export type AskedPeriod = { readonly id: string } | { readonly position: Position };

const YEAR_FIRST = /^(\d{4})[\s_-]*Q([1-4])$/i;
const QUARTER_FIRST = /^Q([1-4])[\s_-]*(\d{4})$/i;
const POSITION = /^(current|next|previous)$/i;

/**
 * `2026_Q4`, `2026-Q4`, `Q4-2026`, `Q4 2026`, `current`, `next`, `previous`; undefined for anything else.
 * Clari itself must never be asked for anything else: it answers the current quarter instead.
 */
export const parseTimePeriod = (text: string): AskedPeriod | undefined => {
  const trimmed = text.trim();
  const position = POSITION.exec(trimmed)?.[1];
  if (position) return { position: position.toLowerCase() as Position };
  const [, year, quarter] = YEAR_FIRST.exec(trimmed) ?? [];
  if (year && quarter) return { id: `${year}_Q${quarter}` };
  const [, q, y] = QUARTER_FIRST.exec(trimmed) ?? [];
  return q && y ? { id: `${y}_Q${q}` } : undefined;
};

/**
 * The quarter so many quarters away from the one `now` (UTC) lies in. A fiscal year is called by the
 * year it ends in, as Clari's customers do: with a start in February, December 2022 is 2023_Q4.
 */
export const quarterName = (now: number, fiscalYearStartMonth: number, away = 0): string => {
  const date = new Date(now);
  const endsNextYear = fiscalYearStartMonth === 1 ? 0 : 1;
  const sinceStart = date.getUTCMonth() - (fiscalYearStartMonth - 1);
  const quarters = (date.getUTCFullYear() + endsNextYear) * 4 + Math.floor(sinceStart / 3) + away;
  return `${Math.floor(quarters / 4)}_Q${(quarters % 4) + 1}`;
};
