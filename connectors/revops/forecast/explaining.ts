/**
 * Deals that may explain why a call and the CRM's own sum differ. Nobody says which deals a call counts: these
 * are the largest candidates, no more than it takes to make up the difference.
 */
import type { Deal } from "#connector";
import { centsOf } from "../sums.ts";
import type { Compared } from "./comparison.ts";
import { isOpenCommit } from "./reading.ts";

/** `may_be_counted`: open, not in Commit, and the call is higher; the others: the call is lower. */
export type Explanation = "may_be_counted" | "commit_left_out" | "won_left_out";

export interface ExplainingDeal {
  readonly deal: Deal;
  readonly may: Explanation;
}

/** Of one person. */
const MOST = 5;

export const explainingDeals = ({ difference, deals }: Compared): ExplainingDeal[] => {
  if (difference === null || difference === 0) return [];
  const as = (may: Explanation, isMeant: (deal: Deal) => boolean) =>
    deals
      .filter((deal) => isMeant(deal) && (deal.amount ?? 0) > 0)
      .sort((a, b) => (b.amount ?? 0) - (a.amount ?? 0))
      .map((deal) => ({ deal, may }));
  const candidates =
    difference > 0
      ? [
          ...as("may_be_counted", ({ isClosed, category }) => !isClosed && category === "best_case"),
          ...as("may_be_counted", ({ isClosed, category }) => !isClosed && category === "pipeline"),
        ]
      : [...as("commit_left_out", isOpenCommit), ...as("won_left_out", ({ isWon }) => isWon)];
  let left = Math.abs(centsOf(difference));
  const explaining: ExplainingDeal[] = [];
  for (const one of candidates) {
    if (left <= 0 || explaining.length === MOST) break;
    explaining.push(one);
    left -= centsOf(one.deal.amount ?? 0);
  }
  return explaining;
};
