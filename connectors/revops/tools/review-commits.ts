import { z } from "zod";
import { dayIn, defineToolsOn, parseQuarter, QUARTER_FORMS, table } from "#connector";
import { commitQuery, readCommitDeals } from "../commit-deals.ts";
import { amountAtRisk, byAmountAtRisk, type ReviewedDeal, reviewDeal } from "../risk.ts";
import type { Revops } from "../settings.ts";

export default defineToolsOn<Revops>()({
  name: "revops_review_commits",
  title: "Review Commit deals",
  description:
    "Which Commit deals are at risk, and why? Every open Commit deal of a quarter, CRM and forecasting system joined, most money at risk first.",
  effect: "read",
  input: z.strictObject({
    time_period: z.string().max(20).default("current").describe(`Quarter: ${QUARTER_FORMS}.`),
    owner_id: z.string().max(18).optional().describe("Only this owner's deals (CRM user id)."),
    min_amount: z.number().nonnegative().optional().describe("Only deals of at least this amount."),
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
          amount: z.number(),
          atRiskDeals: z.int(),
          amountAtRisk: z.number(),
          unknownToForecast: z.int().describe("Deals the forecasting system does not know."),
        }),
      )
      .describe("Per currency, over all deals."),
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
    const deals = await datasets.plan("deals", commitQuery(quarter, owner_id));
    const risks = await datasets.plan("dealRisks", { ids: ["<ids of the deals>"] });
    return [...deals, ...risks];
  },

  async handle({ time_period, owner_id, min_amount = 0, risk_below }, call) {
    const { settings } = call.api;
    const today = dayIn(settings.timeZone, call.clock.now());
    const quarter = parseQuarter(time_period, today, settings.fiscalYearStartMonth);

    call.progress("reading Commit deals");
    const deals = (await readCommitDeals(quarter, owner_id, call)).filter(
      ({ amount }) => (amount ?? 0) >= min_amount,
    );
    call.progress(`reading the risk of ${deals.length} deals`);
    const risks = await call.datasets.read("dealRisks", { ids: deals.map(({ id }) => id) });
    for (const { system, reason } of risks.missing)
      call.notice(`Partial answer, without ${system}: scores and slips are missing. ${reason}`);

    const riskOf = new Map(risks.rows.map((risk) => [risk.id, risk]));
    const options = { ...settings, riskBelow: risk_below ?? settings.riskBelow, today };
    const reviewed = deals.map((deal) => reviewDeal(deal, riskOf.get(deal.id), options)).sort(byAmountAtRisk);
    const link = linkOf(reviewed);
    return {
      quarter: quarter.id,
      totals: totalsOf(reviewed),
      deals: { rows: reviewed.map((one) => rowOf(one, risks.systems)), total: reviewed.length },
      ...(link && { link }),
    };
  },
});

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

const totalsOf = (reviewed: readonly ReviewedDeal[]) => {
  const currencies = new Set(reviewed.map(({ deal }) => deal.currency));
  return [...currencies].map((currency) => {
    const own = reviewed.filter(({ deal }) => deal.currency === currency);
    return {
      currency,
      deals: own.length,
      amount: sum(own.map(({ deal }) => deal.amount ?? 0)),
      atRiskDeals: own.filter(({ reasons }) => reasons.length > 0).length,
      amountAtRisk: sum(own.map(amountAtRisk)),
      unknownToForecast: own.filter(({ risk }) => !risk).length,
    };
  });
};

/** In cents, so that a thousand deals add up exactly. */
const sum = (amounts: readonly number[]): number =>
  amounts.reduce((cents, amount) => cents + Math.round(amount * 100), 0) / 100;

/** One link for all deals, when all links differ by the id alone. */
const linkOf = (reviewed: readonly ReviewedDeal[]): string | undefined => {
  const forms = new Set(reviewed.map(({ deal }) => deal.url?.replace(deal.id, "{id}")));
  const [only] = forms;
  return forms.size === 1 ? only : undefined;
};
