/** Deals of the index with Clari's score of each. */
import { type Call, type Deal, toId18 } from "#connector";
import type { Clari } from "../clari.ts";
import type { Named } from "./activities.ts";
import type { DealIndex } from "./deal-index.ts";
import { readDeals, type ScoredDeal } from "./deal-risks.ts";

export interface ListedDeal {
  readonly id: string;
  readonly name: string | null;
  readonly account: string | null;
  readonly ownerId: string | null;
  readonly owner: string | null;
  readonly stage: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly closeDate: string | null;
}

/** Twenty requests of a hundred. */
const MOST_SCORED = 2_000;

/** As the CRM has them, which is ahead of Clari's sync; of activities, ids, names and owners alone. */
export const indexedDeals = (index: DealIndex): ListedDeal[] =>
  index.source === "crm" ? index.deals.map(ofCrm) : index.activities.deals.map(ofActivities);

const ofCrm = (deal: Deal): ListedDeal => ({
  id: deal.id,
  name: deal.name,
  account: deal.accountName,
  ownerId: deal.ownerId,
  owner: deal.ownerName,
  stage: deal.stage,
  amount: deal.amount,
  currency: deal.currency,
  closeDate: deal.closeDate,
});

const ofActivities = ({ id, name, ownerId, owner }: Named): ListedDeal => ({
  id,
  name,
  account: null,
  ownerId,
  owner,
  stage: null,
  amount: null,
  currency: null,
  closeDate: null,
});

export type WithScore = ListedDeal & Pick<ScoredDeal, "score" | "message">;

/**
 * Clari's score beside each deal, and Clari's values where the index had none. Deals that Clari does not
 * know are left out, with a notice; of more than it takes twenty requests for, the largest are looked at.
 */
export const withScores = async (deals: readonly ListedDeal[], call: Call<Clari>): Promise<WithScore[]> => {
  const largest = deals.toSorted(byAmount).slice(0, MOST_SCORED);
  if (largest.length < deals.length)
    call.notice(
      `Only the ${largest.length} largest of ${deals.length} deals were looked at: ask for one owner, a stage, or a larger min_amount.`,
    );
  const known = new Map(
    (
      await readDeals(
        largest.map(({ id }) => id),
        call,
      )
    ).map((deal) => [deal.id, deal]),
  );
  const scored = largest.flatMap((deal): WithScore[] => {
    const clari = known.get(deal.id);
    return clari ? [filledFrom(deal, clari)] : [];
  });
  if (scored.length < largest.length)
    call.notice(`${largest.length - scored.length} of these deals are not in Clari and are left out.`);
  return scored.sort(byAmount);
};

const filledFrom = (deal: ListedDeal, clari: ScoredDeal): WithScore => ({
  id: deal.id,
  name: deal.name ?? clari.name,
  account: deal.account ?? clari.account,
  ownerId: deal.ownerId,
  owner: deal.owner ?? clari.owner,
  stage: deal.stage ?? clari.stage,
  amount: deal.amount ?? clari.amount,
  currency: deal.currency,
  closeDate: deal.closeDate ?? clari.closeDate,
  score: clari.score,
  message: clari.message,
});

/** Largest first, those without an amount last. */
const byAmount = (a: ListedDeal, b: ListedDeal): number =>
  (b.amount ?? Number.NEGATIVE_INFINITY) - (a.amount ?? Number.NEGATIVE_INFINITY) || (a.id < b.id ? -1 : 1);

// --- filters ---------------------------------------------------------------------------------------

export const contains = (text: string | null, part: string): boolean =>
  text !== null && plain(text).includes(plain(part));

/** As people compare names: case, accents' encoding and outer blanks aside. */
export const plain = (text: string): string => text.normalize("NFKC").trim().toLowerCase();

/** By part of the name, or by CRM user id. */
export const isOwnedBy = (
  { owner, ownerId }: Pick<ListedDeal, "owner" | "ownerId">,
  asked: string,
): boolean => {
  const id = toId18(asked.trim());
  return (id !== undefined && id === ownerId) || contains(owner, asked);
};
