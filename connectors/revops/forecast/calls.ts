/** What one person called, week by week. */
import type { ForecastFigure, ForecastLine } from "#connector";
import { sumOf } from "../sums.ts";
import type { Member } from "./hierarchy.ts";

export interface WeekOfCalls {
  /** ISO day it began. */
  readonly week: string;
  readonly currency: string | null;
  readonly figures: ReadonlyMap<ForecastFigure, number>;
}

export const linesOf = (lines: readonly ForecastLine[], { id, name }: Member): ForecastLine[] =>
  lines.filter((line) =>
    id === null ? line.personId === null && line.personName === name : line.personId === id,
  );

/**
 * Oldest first. Roles of one person are added, unless one is in the other's team: that one is in its figure
 * already. Of several currencies the one with most lines.
 */
export const weeksOf = (own: readonly ForecastLine[]): WeekOfCalls[] => {
  const heads = own.filter(({ managerId, personId }) => managerId === null || managerId !== personId);
  const byCurrency = [...Map.groupBy(heads.length > 0 ? heads : own, ({ currency }) => currency)];
  const [currency, lines] = byCurrency.sort(([, a], [, b]) => b.length - a.length)[0] ?? [null, []];
  return [...Map.groupBy(lines, ({ week }) => week)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([week, ofWeek]) => ({
      week,
      currency,
      figures: new Map(
        [...Map.groupBy(ofWeek, ({ figure }) => figure)].map(([figure, some]) => [
          figure,
          sumOf(some.map(({ value }) => value)),
        ]),
      ),
    }));
};

/** Those in which there is a call. */
export const calledWeeks = (weeks: readonly WeekOfCalls[]): WeekOfCalls[] =>
  weeks.filter(({ figures }) => figures.has("commit"));

/** The one role somebody forecasts in; null: none is named, or several. */
export const roleOf = (own: readonly ForecastLine[]): string | null => {
  const roles = new Set(own.map(({ role }) => role));
  const [only = null] = roles;
  return roles.size === 1 ? only : null;
};
