/** The number of the call against quota, against last week's, and against what is open. */
import type { Deal, ForecastFigure } from "#connector";
import { centsOf, sumOf } from "../sums.ts";
import type { WeekOfCalls } from "./calls.ts";

export interface CallNumbers {
  readonly currency: string | null;
  readonly call: number | null;
  readonly lastWeek: number | null;
  readonly change: number | null;
  readonly quota: number | null;
  readonly closed: number | null;
  readonly bestCase: number | null;
  readonly adjusted: number | null;
  readonly gap: number | null;
  readonly openPipeline: number | null;
  readonly coverage: number | null;
}

/**
 * @param weeks oldest first
 * @param deals of the team that close in the quarter; undefined: the CRM did not answer, or hides amounts.
 *   What was won and what is open is then told as the forecasting system last saw it.
 */
export const callNumbers = (
  weeks: readonly WeekOfCalls[],
  deals: readonly Deal[] | undefined,
  currency: string | null,
): CallNumbers => {
  const latest = weeks.at(-1);
  const figure = (name: ForecastFigure, week = latest) => week?.figures.get(name) ?? null;
  const call = figure("commit");
  const lastWeek = figure("commit", weeks.at(-2));
  const quota = figure("quota");
  const own = deals?.filter((deal) => deal.currency === currency);
  const total = (isMeant: (deal: Deal) => boolean) =>
    own && sumOf(own.filter(isMeant).map(({ amount }) => amount));
  const closed = total(({ isWon }) => isWon) ?? figure("closed");
  const openPipeline = total(({ isClosed }) => !isClosed) ?? figure("pipeline");
  const gap = minus(quota, closed);
  return {
    currency,
    call,
    lastWeek,
    change: minus(call, lastWeek),
    quota,
    closed,
    bestCase: figure("best_case"),
    adjusted: figure("adjusted"),
    gap,
    openPipeline,
    coverage:
      gap !== null && gap > 0 && openPipeline !== null ? Math.round((openPipeline / gap) * 100) / 100 : null,
  };
};

const minus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : (centsOf(a) - centsOf(b)) / 100;
