/** How an issue could be corrected: in one value, through whatever tool the CRM's connector has for that. */
import type { Correction, DatasetAnswer, Deal, Quarter, SuggestedCall } from "#connector";
import type { Issue, IssueCode } from "./issues.ts";

type Value = Correction<"deals">["value"];

interface Proposal {
  readonly column: keyof Deal;
  /** Undefined: only a person knows. */
  readonly value?: Value;
  readonly reason: string;
}

/**
 * Values are proposed only where they can be defended. A past date within this quarter becomes the quarter's
 * last day: the least that makes the record possible, and no money leaves the quarter it is forecast for. A
 * date of an earlier quarter would bring money into this one; that is the owner's word to give. A silent
 * Commit steps one category down until somebody shows otherwise.
 */
const PROPOSALS: Readonly<Record<IssueCode, (deal: Deal, quarter: Quarter) => Proposal>> = {
  past_due: ({ closeDate }, { start, end }) => ({
    column: "closeDate",
    ...(closeDate >= start && { value: end }),
    reason: `Hygiene: open with the past close date ${closeDate}.`,
  }),
  silent_commit: () => ({
    column: "category",
    value: "best_case",
    reason: "Hygiene: Commit without recent activity.",
  }),
  no_amount: () => ({ column: "amount", reason: "Hygiene: open without an amount." }),
  stale_stage: () => ({ column: "stage", reason: "Hygiene: longer in its stage than won deals." }),
  no_next_step: () => ({ column: "nextStep", reason: "Hygiene: open without a next step." }),
};

/** Undefined where this hub, or this user, may not make it. */
export const correctionOf = (
  { issue, deal }: Issue,
  quarter: Quarter,
  { correct }: Pick<DatasetAnswer<"deals">, "correct">,
): SuggestedCall | undefined => {
  const { value, ...proposal } = PROPOSALS[issue](deal, quarter);
  const wanted = { id: deal.id, ...proposal };
  // A value beyond what may be written here leaves the column correctable by somebody who knows a better one.
  return (value !== undefined && correct({ ...wanted, value })) || correct(wanted);
};
