import { evidenceOf, type ReviewedDeal } from "../risk.ts";

/** A deal as it stands in the answer. */
export const dealRow = (reviewed: ReviewedDeal) => {
  const { deal, risk, reasons } = reviewed;
  return {
    id: deal.id,
    name: deal.name,
    account: deal.accountName,
    owner: deal.ownerName,
    amount: deal.amount,
    currency: deal.currency,
    closeDate: deal.closeDate,
    stage: deal.stage,
    daysInStage: reviewed.daysInStage,
    daysSinceActivity: reviewed.daysSinceActivity,
    nextEvent: reviewed.nextEvent,
    score: risk?.score ?? null,
    message: risk?.message ?? null,
    reasons: reasons.map(({ code }) => code).join(", "),
    evidence: evidenceOf(reviewed),
    disagreements: reviewed.disagreements.join("; ") || null,
  };
};
