/** Why a Commit deal is at risk: what the CRM says, what the forecasting system says, joined on the id. */
import { type Deal, type DealRisk, daysBetween } from "#connector";
import type { Settings } from "./settings.ts";

export interface Slip {
  /** ISO date on which the close date was moved. */
  readonly on: string;
  readonly from: string;
  readonly to: string;
  /** Positive: moved out. */
  readonly days: number;
}

export interface ReviewedDeal {
  readonly deal: Deal;
  readonly risk: DealRisk | undefined;
  /** Null: no activity was ever logged. */
  readonly daysSinceActivity: number | null;
  readonly lastSlip: Slip | undefined;
  /** In words, the gravest first; empty when nothing speaks against the deal. */
  readonly reasons: readonly string[];
}

export interface ReviewOptions
  extends Pick<Settings, "riskBelow" | "silentDays" | "slipDays" | "cutPercent"> {
  readonly today: string;
}

export const reviewDeal = (deal: Deal, risk: DealRisk | undefined, options: ReviewOptions): ReviewedDeal => {
  const slips = slipsOf(risk);
  const daysSinceActivity = deal.lastActivityDate
    ? Math.max(daysBetween(deal.lastActivityDate, options.today), 0)
    : null;
  const reasons = [
    scoreReason(risk, options),
    slipReason(slips, options),
    cutReason(risk, options),
    deal.closeDate < options.today && `close date ${deal.closeDate} is past`,
    daysSinceActivity === null && "no activity ever logged",
    daysSinceActivity !== null &&
      daysSinceActivity > options.silentDays &&
      `no activity for ${daysSinceActivity} days`,
    deal.amount === null && "no amount",
  ].filter((reason) => typeof reason === "string");
  return { deal, risk, daysSinceActivity, lastSlip: slips.at(-1), reasons };
};

const scoreReason = (risk: DealRisk | undefined, { riskBelow }: ReviewOptions) =>
  risk?.score != null && risk.score < riskBelow && `score ${risk.score}, below ${riskBelow}`;

/** Moves of the close date to a later day, oldest first. */
const slipsOf = (risk: DealRisk | undefined): readonly Slip[] =>
  (risk?.moves ?? [])
    .filter(
      ({ field, from, to }) => field === "close_date" && typeof from === "string" && typeof to === "string",
    )
    .map(({ from, to, at }) => ({
      on: at.slice(0, 10),
      from: String(from),
      to: String(to),
      days: daysBetween(String(from), String(to)),
    }))
    .filter(({ days }) => days > 0)
    .sort((a, b) => (a.on < b.on ? -1 : 1));

const slipReason = (slips: readonly Slip[], { today, slipDays }: ReviewOptions) => {
  const last = slips.at(-1);
  if (!last || daysBetween(last.on, today) > slipDays) return false;
  const times = slips.length === 1 ? "once" : slips.length === 2 ? "twice" : `${slips.length} times`;
  return `close date moved out ${times}, last by ${last.days} days on ${last.on}`;
};

const cutReason = (risk: DealRisk | undefined, { today, slipDays, cutPercent }: ReviewOptions) => {
  const recent = (risk?.moves ?? []).filter(
    ({ field, at }) => field === "amount" && daysBetween(at, today) <= slipDays,
  );
  const from = recent[0]?.from;
  const to = recent.at(-1)?.to;
  if (typeof from !== "number" || typeof to !== "number" || from <= 0) return false;
  const percent = Math.round(((from - to) / from) * 100);
  return percent >= cutPercent && `amount cut by ${percent} %`;
};

export const amountAtRisk = ({ deal, reasons }: ReviewedDeal): number =>
  reasons.length > 0 ? (deal.amount ?? 0) : 0;

/** Most money at risk first; then risky deals without an amount, then the others by amount. */
export const byAmountAtRisk = (a: ReviewedDeal, b: ReviewedDeal): number =>
  amountAtRisk(b) - amountAtRisk(a) ||
  Number(b.reasons.length > 0) - Number(a.reasons.length > 0) ||
  (b.deal.amount ?? 0) - (a.deal.amount ?? 0) ||
  (a.deal.id < b.deal.id ? -1 : 1);
