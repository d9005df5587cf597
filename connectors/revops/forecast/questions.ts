/** What to ask about a deal in the forecast call, from what speaks against it. Our own words: no vendor's text. */
import { inWords } from "../money.ts";
import { isAtRisk, type ReasonCode, type ReviewedDeal } from "../risk.ts";

/** Gravest first: what makes the date or the amount untrue comes before what makes it unlikely. */
const ORDER: readonly ReasonCode[] = [
  "past_due",
  "no_amount",
  "amount_cut",
  "slipped",
  "closes_outside_quarter",
  "never_active",
  "silent",
  "no_next_event",
  "low_score",
  "stale_stage",
];

const ASKED: { readonly [code in ReasonCode]?: (reviewed: ReviewedDeal) => string } = {
  past_due: ({ deal }) => `Its close date ${deal.closeDate} is past: is it signed, and if not, on which day?`,
  no_amount: () => "It has no amount: what is it worth, and is that in the call?",
  amount_cut: ({ deal }) =>
    `The amount was cut to ${inWords(deal.amount ?? 0)}: what was given up, and is the rest agreed?`,
  slipped: ({ deal, slips }) =>
    `It slipped by ${slips.reduce((sum, { days }) => sum + days, 0)} days in ${slips.length === 1 ? "one move" : `${slips.length} moves`}: who on their side has confirmed ${deal.closeDate}?`,
  closes_outside_quarter: ({ deal, risk }) =>
    `The close date is ${deal.closeDate} here and ${risk?.seen.closeDate ?? "another"} in the forecast: which one holds?`,
  never_active: () => "No activity was ever logged: who decides on their side, and when did we speak last?",
  silent: ({ daysSinceActivity }) =>
    `Nothing was logged for ${daysSinceActivity} days: when did we speak last, and what was agreed?`,
  no_next_event: ({ deal }) =>
    `No meeting is planned: which step gets it closed by ${deal.closeDate}, and when?`,
  low_score: ({ risk }) => `Its score is ${risk?.score}: what does the rep know that the score does not?`,
  stale_stage: ({ daysInStage }) =>
    `It has been ${daysInStage} days in its stage: what has to happen for the next?`,
};

/** So many things at once can be asked about one deal. */
const TOGETHER = 2;

/** About the gravest reasons. Empty where nothing speaks against the deal. */
export const questionFor = (reviewed: ReviewedDeal): string => {
  if (!isAtRisk(reviewed)) return "";
  const codes = new Set(reviewed.reasons.map(({ code }) => code));
  const asked = ORDER.filter((code) => codes.has(code)).slice(0, TOGETHER);
  return asked.map((code) => ASKED[code]?.(reviewed)).join(" ");
};
