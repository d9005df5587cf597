import { z } from "zod";
import {
  type Call,
  dayIn,
  defineToolsOn,
  HubError,
  parseQuarter,
  QUARTER_FORMS,
  table,
  toId18,
} from "#connector";
import { commitQuery, readCommitDeals } from "../commit-deals.ts";
import { byAmountAtRisk, type ReviewedDeal, reviewDeal } from "../risk.ts";
import type { Revops } from "../settings.ts";
import { totalsOf } from "../totals.ts";

export default defineToolsOn<Revops>()({
  name: "revops_review_commits",
  title: "Review Commit deals",
  description:
    "Which Commit deals are at risk, and why? Every open Commit deal of a quarter, CRM and forecasting system joined, most money at risk first.",
  effect: "read",
  toolsets: ["forecast-call", "hygiene"],
  input: z.strictObject({
    time_period: z.string().max(20).default("current").describe(`Quarter: ${QUARTER_FORMS}.`),
    owner_id: z.string().max(18).optional().describe("Only this owner's deals (CRM user id)."),
    min_amount: z.number().optional().describe("Only deals of at least this amount."),
    risk_below: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("Scores below this count as risk; default 50."),
  }),
  output: z.object({
    quarter: z.string(),
    totals: z
      .array(
        z.object({
          currency: z.string().nullable(),
          deals: z.int(),
          amount: z.number().nullable(),
          atRiskDeals: z.int(),
          amountAtRisk: z.number().nullable(),
          unknownToForecast: z
            .int()
            .nullable()
            .describe("Deals the forecasting system does not know; null when it did not answer."),
        }),
      )
      .describe("Per currency, over all deals of this answer; null where it cannot be known."),
    deals: table({
      id: z.string(),
      name: z.string(),
      account: z.string().nullable(),
      owner: z.string().nullable(),
      amount: z.number().nullable(),
      closeDate: z.string(),
      daysSinceActivity: z.int().nullable(),
      score: z.number().nullable(),
      message: z.string().nullable(),
      lastSlip: z.string().nullable(),
      reasons: z.string(),
    }).describe("No reasons: nothing speaks against the deal."),
    link: z.string().optional().describe("Deep link; put a deal's id for {id}."),
  }),

  async plan({ time_period, owner_id }, { api: { settings }, clock, datasets }) {
    const quarter = parseQuarter(
      time_period,
      dayIn(settings.timeZone, clock.now()),
      settings.fiscalYearStartMonth,
    );
    const deals = await datasets.plan("deals", commitQuery(quarter, ownerId(owner_id)));
    const risks = await datasets.plan("dealRisks", { ids: ["<ids of the deals>"] });
    return [...deals, ...risks];
  },

  async handle({ time_period, owner_id, min_amount, risk_below }, call) {
    const { settings } = call.api;
    const today = dayIn(settings.timeZone, call.clock.now());
    const quarter = parseQuarter(time_period, today, settings.fiscalYearStartMonth);

    call.progress("reading Commit deals");
    const { deals: all, unreadable } = await readCommitDeals(quarter, ownerId(owner_id), call);
    const deals = all.filter(({ amount }) => min_amount === undefined || (amount ?? 0) >= min_amount);
    noteWhatIsLeftOut(all.length, deals.length, unreadable, min_amount, call);

    call.progress(`reading the risk of ${deals.length} deals`);
    const risks = await call.datasets.read("dealRisks", { ids: deals.map(({ id }) => id) });
    for (const { system, reason } of risks.missing)
      call.notice(
        `Partial answer, without ${system}: scores, slips and amount cuts are missing, so fewer deals count as at risk. ${reason}`,
      );

    const riskOf = new Map(risks.rows.map((risk) => [risk.id, risk]));
    const options = { ...settings, riskBelow: risk_below ?? settings.riskBelow, today, unreadable };
    const reviewed = deals.map((deal) => reviewDeal(deal, riskOf.get(deal.id), options)).sort(byAmountAtRisk);
    const link = linkOf(reviewed);
    return {
      quarter: quarter.id,
      totals: totalsOf(reviewed, risks.systems, unreadable),
      deals: { rows: reviewed.map((one) => rowOf(one, risks.systems)), total: reviewed.length },
      ...(link && { link }),
    };
  },
});

const ownerId = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const id = toId18(text.trim());
  if (id) return id;
  throw new HubError("invalid_input", "owner_id is not a CRM user id.", {
    hint: "Give the id as the CRM shows it, 15 or 18 characters, not a name.",
  });
};

const UNREADABLE_REASONS: Record<string, string> = {
  amount: "amounts cannot be read: totals are unknown and no deal counts as without an amount",
  lastActivityDate: "activity dates cannot be read: silence is not counted as a reason",
};

const noteWhatIsLeftOut = (
  all: number,
  left: number,
  unreadable: readonly string[],
  minAmount: number | undefined,
  { notice }: Call<Revops>,
): void => {
  for (const column of unreadable) {
    const consequence = UNREADABLE_REASONS[column];
    if (consequence) notice(`For the user this hub signs in as, ${consequence}.`);
  }
  if (minAmount !== undefined && unreadable.includes("amount"))
    throw new HubError("invalid_input", "min_amount cannot be applied: amounts cannot be read.", {
      hint: "Leave min_amount out.",
    });
  if (left < all) notice(`${all - left} Commit deals below min_amount are left out, also from the totals.`);
  if (all === 0)
    notice(
      "No open deal of this quarter counts as Commit. If that surprises, check which stage or category means Commit in the CRM connector's config.",
    );
};

const rowOf = (
  { deal, risk, daysSinceActivity, lastSlip, reasons }: ReviewedDeal,
  systems: readonly string[],
) => ({
  id: deal.id,
  name: deal.name,
  account: deal.accountName,
  owner: deal.ownerName,
  amount: deal.amount,
  closeDate: deal.closeDate,
  daysSinceActivity,
  score: risk?.score ?? null,
  message: risk?.message ?? null,
  lastSlip: lastSlip ? `${lastSlip.on}: ${lastSlip.from} → ${lastSlip.to} (+${lastSlip.days} days)` : null,
  reasons: [...reasons, ...(risk || systems.length === 0 ? [] : [`not known to ${systems.join(", ")}`])].join(
    "; ",
  ),
});

/** One link for all deals, when all links differ by the id alone. */
const linkOf = (reviewed: readonly ReviewedDeal[]): string | undefined => {
  const forms = new Set(reviewed.map(({ deal }) => deal.url?.replace(deal.id, "{id}")));
  const [only] = forms;
  return forms.size === 1 ? only : undefined;
};
