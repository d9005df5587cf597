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
  /** Null: no activity was ever logged, or nobody may read it. */
  readonly daysSinceActivity: number | null;
  readonly lastSlip: Slip | undefined;
  /** In words, the gravest first; empty when nothing speaks against the deal. */
  readonly reasons: readonly string[];
}

export interface ReviewOptions
  extends Pick<Settings, "riskBelow" | "silentDays" | "slipDays" | "cutPercent"> {
  readonly today: string;
  /** Columns of the deals of which null says nothing. */
  readonly unreadable: readonly string[];
}

export const reviewDeal = (deal: Deal, risk: DealRisk | undefined, options: ReviewOptions): ReviewedDeal => {
  const { today, silentDays, unreadable } = options;
  const slips = slipsOf(risk);
  const daysSinceActivity = deal.lastActivityDate
    ? Math.max(daysBetween(deal.lastActivityDate, today), 0)
    : null;
  const reasons = [
    scoreReason(risk, options),
    slipReason(deal, slips, options),
    cutReason(deal, risk, options),
    deal.closeDate < today && `close date ${deal.closeDate} is past`,
    daysSinceActivity === null && !unreadable.includes("lastActivityDate") && "no activity ever logged",
    daysSinceActivity !== null &&
      daysSinceActivity > silentDays &&
      `no activity for ${daysSinceActivity} days`,
    deal.amount === null && !unreadable.includes("amount") && "no amount",
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

/** A recent slip, unless the date was pulled back since. */
const slipReason = (deal: Deal, slips: readonly Slip[], { today, slipDays }: ReviewOptions) => {
  const last = slips.at(-1);
  if (!last || daysBetween(last.on, today) > slipDays || deal.closeDate <= last.from) return false;
  const times = slips.length === 1 ? "once" : slips.length === 2 ? "twice" : `${slips.length} times`;
  return `close date moved out ${times}, last by ${last.days} days on ${last.on}`;
};

/** From the highest amount within the window to today's; a cleared amount is its own reason. */
const cutReason = (
  { amount }: Deal,
  risk: DealRisk | undefined,
  { today, slipDays, cutPercent }: ReviewOptions,
) => {
  const before = (risk?.moves ?? [])
    .filter(({ field, at }) => field === "amount" && daysBetween(at, today) <= slipDays)
    .map(({ from }) => from)
    .filter((from) => typeof from === "number");
  const highest = Math.max(...before);
  if (amount === null || before.length === 0 || highest <= 0) return false;
  const percent = Math.round(((highest - amount) / highest) * 100);
  return percent >= cutPercent && `amount cut by ${percent} %`;
};

export const amountAtRisk = ({ deal, reasons }: ReviewedDeal): number =>
  reasons.length > 0 ? (deal.amount ?? 0) : 0;

/** Currency by currency; most money at risk first, then risky deals without an amount, then the others. */
export const byAmountAtRisk = (a: ReviewedDeal, b: ReviewedDeal): number =>
  compareText(a.deal.currency ?? "", b.deal.currency ?? "") ||
  amountAtRisk(b) - amountAtRisk(a) ||
  Number(b.reasons.length > 0) - Number(a.reasons.length > 0) ||
  (b.deal.amount ?? 0) - (a.deal.amount ?? 0) ||
  compareText(a.deal.id, b.deal.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
