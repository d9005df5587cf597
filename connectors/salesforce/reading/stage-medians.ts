/** How long deals stood in each stage, by the changes of their stage. */
import { daysBetween, type StageAge } from "#connector";

export interface StageChange {
  readonly dealId: string;
  /** ISO times. */
  readonly dealCreatedAt: string;
  readonly at: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * The median over deals of the calendar days (UTC) that each stood in a stage, all its stays added. A deal counts
 * for a stage only if the length of every one of these stays is known: not where a change between two
 * others is missing, nor before the first one for deals that are older than the history.
 *
 * @param changes of each deal oldest first
 * @param keptSince ISO time from which on no change is missing
 * @returns by stage, in the order of their names
 */
export const stageMedians = (changes: readonly StageChange[], keptSince: string): StageAge[] => {
  const daysOf = new Map<string, number[]>();
  for (const ofDeal of Map.groupBy(changes, ({ dealId }) => dealId).values())
    for (const [stage, days] of staysOf(ofDeal, keptSince))
      if (days !== undefined) daysOf.set(stage, [...(daysOf.get(stage) ?? []), days]);
  return [...daysOf]
    .map(([stage, days]) => ({ stage, medianDays: medianOf(days), deals: days.length }))
    .sort((a, b) => (a.stage < b.stage ? -1 : 1));
};

/** Days by stage; undefined where some are not known. */
const staysOf = (changes: readonly StageChange[], keptSince: string): Map<string, number | undefined> => {
  const stays = new Map<string, number | undefined>();
  let before: { readonly stage: string | null; readonly since: string } | undefined;
  for (const { from, to, at, dealCreatedAt } of changes) {
    const gap = before && before.stage !== from ? before : undefined;
    // It left that stage some time, for one that it has left by now.
    if (gap && gap.stage !== null) stays.set(gap.stage, undefined);
    const since = before ? before.since : dealCreatedAt;
    const isKnown = before ? !gap : dealCreatedAt >= keptSince;
    before = { stage: to, since: at };
    if (from === null) continue;
    const sofar = stays.has(from) ? stays.get(from) : 0;
    const days = daysBetween(since.slice(0, 10), at.slice(0, 10));
    stays.set(from, isKnown && sofar !== undefined ? sofar + days : undefined);
  }
  return stays;
};

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
};
