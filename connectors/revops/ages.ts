/** How long ago something happened to a deal, in days of the configured time zone. */
import { type Deal, dayIn, daysBetween, type StageAge } from "#connector";

export interface Today {
  /** ISO day in `timeZone`. */
  readonly today: string;
  readonly timeZone: string;
}

/** Null: no activity was ever logged, or nobody may read it. */
export const daysSinceActivity = (
  { lastActivityDate }: Pick<Deal, "lastActivityDate">,
  { today }: Today,
): number | null => (lastActivityDate ? Math.max(daysBetween(lastActivityDate, today), 0) : null);

/** Since the stage last changed, or else since the deal was made; null when nobody may read it. */
export const daysInStage = (
  { lastStageChangeAt, createdAt }: Pick<Deal, "lastStageChangeAt" | "createdAt">,
  { today, timeZone }: Today,
  unreadable: readonly string[],
): number | null => {
  const since = unreadable.includes("lastStageChangeAt") ? null : (lastStageChangeAt ?? createdAt);
  return since ? Math.max(daysBetween(dayIn(timeZone, Date.parse(since)), today), 0) : null;
};

/** Fewer won deals make no median to measure others by. */
export const FEWEST_WON = 5;

export interface StageLimit {
  /** Longer than this is stale. */
  readonly days: number;
  /** In words: where the limit is from. */
  readonly against: string;
}

/**
 * How long a deal may stand in its stage: `factor` times the median of won deals. Undefined where too few were
 * won there.
 */
export const stageLimit = (
  stage: string,
  medians: ReadonlyMap<string, StageAge>,
  factor: number,
): StageLimit | undefined => {
  const age = medians.get(stage);
  if (!age || age.deals < FEWEST_WON) return undefined;
  return { days: age.medianDays * factor, against: `median won ${Math.round(age.medianDays)} d` };
};
