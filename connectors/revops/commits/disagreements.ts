/** Where the CRM and what the forecasting system last saw of it say different things about a deal. */
import type { Deal, DealRisk } from "#connector";

/**
 * In words, empty when they agree: `amount 240000, CRM 150000`. What the forecasting system does not say,
 * or nobody may read in the CRM, is no disagreement.
 */
export const disagreementsOf = (
  deal: Deal,
  risk: DealRisk | undefined,
  unreadable: readonly string[],
): readonly string[] => {
  if (!risk) return [];
  const { stage, amount, closeDate } = risk.seen;
  const differs = (column: keyof Deal, seen: string | number | null, now: string | number | null) =>
    seen !== null && seen !== now && !unreadable.includes(column);
  const inCents = (value: number | null) => value && Math.round(value * 100);
  return [
    differs("stage", stage, deal.stage) && `stage ${stage}, CRM ${deal.stage}`,
    differs("amount", inCents(amount), inCents(deal.amount)) &&
      `amount ${amount}, CRM ${deal.amount ?? "none"}`,
    differs("closeDate", closeDate, deal.closeDate) && `closes ${closeDate}, CRM ${deal.closeDate}`,
  ].filter((words) => typeof words === "string");
};
