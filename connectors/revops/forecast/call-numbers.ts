/** The number of the call against quota, against last week's, and against what is open. */
import type { Deal, ForecastFigure } from "#connector";
import { centsOf, sumOf } from "../sums.ts";
import { calledWeeks, type WeekOfCalls } from "./calls.ts";

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
  // A week may have begun in which nobody has called yet.
  const called = calledWeeks(weeks);
  const ofCall = (name: ForecastFigure, week = called.at(-1)) => week?.figures.get(name) ?? null;
  const latest = (name: ForecastFigure) =>
    weeks.findLast(({ figures }) => figures.has(name))?.figures.get(name) ?? null;
  const call = ofCall("commit");
  const before = called.at(-2);
  const lastWeek = before ? ofCall("commit", before) : null;
  const quota = latest("quota");
  const own = deals?.filter((deal) => deal.currency === currency);
  const total = (isMeant: (deal: Deal) => boolean) =>
    own && sumOf(own.filter(isMeant).map(({ amount }) => amount));
  const closed = total(({ isWon }) => isWon) ?? latest("closed");
  const openPipeline = total(({ isClosed }) => !isClosed) ?? latest("pipeline");
  const gap = minus(quota, closed);
  return {
    currency,
    call,
    lastWeek,
    change: minus(call, lastWeek),
    quota,
    closed,
    bestCase: ofCall("best_case"),
    adjusted: ofCall("adjusted"),
    gap,
    openPipeline,
    coverage:
      gap !== null && gap > 0 && openPipeline !== null ? Math.round((openPipeline / gap) * 100) / 100 : null,
  };
};

const minus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : (centsOf(a) - centsOf(b)) / 100;
