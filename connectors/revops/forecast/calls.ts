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

/** Whose lines are which, found out once: there may be thousands of people, and a hundred thousand lines. */
export const linesOf = (lines: readonly ForecastLine[]): ((member: Member) => readonly ForecastLine[]) => {
  const own = Map.groupBy(lines, ({ personId, personName }) => personId ?? personName);
  return ({ id, name }) => own.get(id ?? name) ?? [];
};

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
      figures: figuresOf(ofWeek),
    }));
};

const figuresOf = (ofWeek: readonly ForecastLine[]): ReadonlyMap<ForecastFigure, number> => {
  const sum = (some: readonly ForecastLine[]) => sumOf(some.map(({ value }) => value));
  const byFigure = Map.groupBy(ofWeek, ({ figure }) => figure);
  const figures = new Map([...byFigure].map(([figure, some]) => [figure, sum(some)]));
  const adjusted = byFigure.get("adjusted");
  if (!adjusted) return figures;
  // Of a role in which nothing else is expected, the call stands.
  const roles = new Set(adjusted.map(({ role }) => role));
  const others = (byFigure.get("commit") ?? []).filter(({ role }) => !roles.has(role));
  return figures.set("adjusted", sum([...adjusted, ...others]));
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
