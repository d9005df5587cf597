/** Where the CRM and what the forecasting system last saw of it say different things about a deal. */
import type { Deal, DealRisk } from "#connector";
import { inWords } from "../money.ts";

/**
 * In words, empty when they agree: `amount 240,000, CRM 150,000`. What the forecasting system does not say,
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
      `amount ${shown(amount)}, CRM ${shown(deal.amount)}`,
    differs("closeDate", closeDate, deal.closeDate) && `closes ${closeDate}, CRM ${deal.closeDate}`,
  ].filter((words) => typeof words === "string");
};

const shown = (amount: number | null): string => (amount === null ? "none" : inWords(amount));
