/** Why a Commit deal is at risk: what the CRM says, what the forecasting system says, joined on the id. */
import { type Deal, type DealRisk, daysBetween, type Quarter } from "#connector";
import { daysInStage, daysSinceActivity } from "./ages.ts";
import { disagreementsOf } from "./commits/disagreements.ts";
import { cutOf, type Slip, slipsOf, slipsThatCount } from "./commits/moves.ts";
import type { Settings } from "./settings.ts";
import { sumOf } from "./sums.ts";

export type ReasonCode =
  | "low_score"
  | "slipped"
  | "amount_cut"
  | "past_due"
  | "closes_outside_quarter"
  | "silent"
  | "never_active"
  | "no_next_event"
  | "stale_stage"
  | "no_amount"
  | "unknown_to_forecast";

export interface Reason {
  readonly code: ReasonCode;
  /** The facts behind it, in few words of ours. */
  readonly evidence: string;
}

export interface ReviewedDeal {
  readonly deal: Deal;
  readonly risk: DealRisk | undefined;
  /** Null: no activity was ever logged, or nobody may read it. */
  readonly daysSinceActivity: number | null;
  /** Null when nobody may read it. */
  readonly daysInStage: number | null;
  /** Null: none is planned, or nobody knows. */
  readonly nextEvent: string | null;
  /** Moves of the close date to a later day, oldest first. */
  readonly slips: readonly Slip[];
  /** The gravest first; empty when nothing speaks against the deal. */
  readonly reasons: readonly Reason[];
  /** In words: what the forecasting system last saw, and what the CRM says now. */
  readonly disagreements: readonly string[];
}

export interface ReviewOptions
  extends Pick<
    Settings,
    "timeZone" | "riskBelow" | "silentDays" | "slipDays" | "cutPercent" | "riskStageDays"
  > {
  readonly today: string;
  /** Columns of the deals of which null says nothing. */
  readonly unreadable: readonly string[];
  /** The quarter the deals are to close in. */
  readonly quarter: Quarter;
  /** First day with a meeting, by deal; null: none. Undefined, or a deal not in it: nobody knows. */
  readonly nextEvents?: ReadonlyMap<string, string | null> | undefined;
  /** Those that answered: a deal without risk is unknown to them. */
  readonly forecastSystems: readonly string[];
}

export const reviewDeal = (deal: Deal, risk: DealRisk | undefined, options: ReviewOptions): ReviewedDeal => {
  const silence = daysSinceActivity(deal, options);
  const stage = daysInStage(deal, options, options.unreadable);
  const slips = slipsOf(risk, options.timeZone);
  const { forecastSystems } = options;
  const isForecastKnown = forecastSystems.length > 0;
  const nextEvent = options.nextEvents?.get(deal.id);
  const reasons = [
    lowScore(risk, options),
    slipped(deal, slips, options),
    amountCut(deal, risk, options),
    pastDue(deal, options),
    closesOutside(deal, risk, options),
    silent(silence, options),
    nextEvent === null && reason("no_next_event", "no meeting"),
    stale(stage, options),
    deal.amount === null && !options.unreadable.includes("amount") && reason("no_amount", "no amount"),
    !risk && isForecastKnown && reason("unknown_to_forecast", `unknown to ${forecastSystems.join(", ")}`),
  ].filter((one) => typeof one === "object");
  return {
    deal,
    risk,
    daysSinceActivity: silence,
    daysInStage: stage,
    nextEvent: nextEvent ?? null,
    slips,
    reasons,
    disagreements: disagreementsOf(deal, risk, options.unreadable),
  };
};

const reason = (code: ReasonCode, evidence: string): Reason => ({ code, evidence });

const lowScore = (risk: DealRisk | undefined, { riskBelow }: ReviewOptions) =>
  risk?.score != null && risk.score < riskBelow && reason("low_score", `score ${risk.score} < ${riskBelow}`);

const slipped = (deal: Deal, slips: readonly Slip[], options: ReviewOptions) => {
  const counted = slipsThatCount(deal, slips, options);
  const [first] = counted;
  const last = counted.at(-1);
  if (!first || !last) return false;
  const way = `${first.from} → ${last.to} (+${daysBetween(first.from, last.to)} d)`;
  if (counted.length === 1) return reason("slipped", `slipped ${way} on ${last.on}`);
  return reason("slipped", `slipped ${counted.length}×, ${way}, last +${last.days} d on ${last.on}`);
};

const amountCut = (deal: Deal, risk: DealRisk | undefined, options: ReviewOptions) => {
  const cut = cutOf(deal, risk, options);
  return cut && reason("amount_cut", `cut ${cut.from} → ${cut.to} (-${cut.percent} %) on ${cut.on}`);
};

const pastDue = ({ closeDate }: Deal, { today }: ReviewOptions) =>
  closeDate < today && reason("past_due", `due ${daysBetween(closeDate, today)} d ago`);

/** By the CRM, all are inside: they were asked for so. */
const closesOutside = (
  { closeDate }: Deal,
  risk: DealRisk | undefined,
  { quarter: { start, end } }: ReviewOptions,
) => {
  const isOutside = (day: string) => day < start || day > end;
  const seen = risk?.seen.closeDate;
  if (isOutside(closeDate)) return reason("closes_outside_quarter", `closes ${closeDate}`);
  return seen != null && isOutside(seen) && reason("closes_outside_quarter", `forecast: closes ${seen}`);
};

const silent = (days: number | null, { silentDays, unreadable }: ReviewOptions) => {
  if (days === null)
    return !unreadable.includes("lastActivityDate") && reason("never_active", "no activity ever");
  return days > silentDays && reason("silent", `silent ${days} d`);
};

const stale = (days: number | null, { riskStageDays }: ReviewOptions) =>
  days !== null &&
  days > riskStageDays &&
  reason("stale_stage", `${days} d in stage (limit ${riskStageDays} d)`);

/** A deal of which nothing is known but that the forecasting system does not know it, is not at risk for that. */
export const isAtRisk = ({ reasons }: ReviewedDeal): boolean =>
  reasons.some(({ code }) => code !== "unknown_to_forecast");

export const amountAtRisk = (reviewed: ReviewedDeal): number =>
  isAtRisk(reviewed) ? (reviewed.deal.amount ?? 0) : 0;

export const totalAtRisk = (reviewed: readonly ReviewedDeal[]): number => sumOf(reviewed.map(amountAtRisk));

/** Currency by currency; most money at risk first, then risky deals without an amount, then the others. */
export const byAmountAtRisk = (a: ReviewedDeal, b: ReviewedDeal): number =>
  compareText(a.deal.currency ?? "", b.deal.currency ?? "") ||
  amountAtRisk(b) - amountAtRisk(a) ||
  Number(isAtRisk(b)) - Number(isAtRisk(a)) ||
  (b.deal.amount ?? 0) - (a.deal.amount ?? 0) ||
  compareText(a.deal.id, b.deal.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
