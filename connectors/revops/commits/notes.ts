/** What an answer about Commit deals must say about deals and facts that are not in it. */
import { type Call, HubError } from "#connector";
import type { Revops } from "../settings.ts";
import { noteUnreadable } from "../unreadable.ts";

const UNREADABLE = {
  amount: "amounts cannot be read: totals are unknown and no deal counts as without an amount",
  lastActivityDate: "activity dates cannot be read: silence is not counted as a reason",
  lastStageChangeAt: "dates of stage changes cannot be read: stage age is not counted as a reason",
  managerId: "managers cannot be read: totals by manager are missing",
};

interface LeftOut {
  /** Deals that were read, and those that are in the answer. */
  readonly all: number;
  readonly left: number;
  readonly minAmount: number | undefined;
  readonly unreadable: readonly string[];
}

/** @throws HubError `invalid_input` when a smallest amount is asked for and nobody may read amounts */
export const noteWhatIsLeftOut = (
  { all, left, minAmount, unreadable }: LeftOut,
  call: Call<Revops>,
): void => {
  noteUnreadable(unreadable, UNREADABLE, call);
  if (minAmount !== undefined && unreadable.includes("amount"))
    throw new HubError("invalid_input", "min_amount cannot be applied: amounts cannot be read.", {
      hint: "Leave min_amount out.",
    });
  if (left < all)
    call.notice(`${all - left} Commit deals below min_amount are left out, also from the totals.`);
  if (all === 0)
    call.notice(
      "No open deal of this quarter counts as Commit. If that surprises, check which stage or category means Commit in the CRM connector's config.",
    );
};
