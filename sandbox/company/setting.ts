/** What every part of the company is made from. */
import { CURRENT, type QuarterSpan } from "./calendar.ts";
import type { Team } from "./people.ts";

export interface Setting {
  readonly now: number;
  /** The day of `now`, UTC. */
  readonly today: number;
  readonly quarters: readonly QuarterSpan[];
  readonly team: Team;
}

export const currentQuarter = (setting: Setting): QuarterSpan => setting.quarters[CURRENT]!;

/** The day the inactive person left: early in the previous quarter. */
export const leavingDay = (setting: Setting): number => setting.quarters[CURRENT - 1]!.startDay + 20;
