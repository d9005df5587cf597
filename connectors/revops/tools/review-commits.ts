import { z } from "zod";
import { defineToolsOn, oldest, QUARTER_FORMS, table } from "#connector";
import { quarterOf, todayIn } from "../calendar.ts";
import { commitQuery, readCommitDeals } from "../commits/commit-deals.ts";
import { eventsQuery, readJoined } from "../commits/joined.ts";
import { noteWhatIsLeftOut } from "../commits/notes.ts";
import { dealRow } from "../commits/rows.ts";
import { noteLacks } from "../lacks.ts";
import { linksOf } from "../link.ts";
import { ownerIdOf, ownerIdParam } from "../owner-id.ts";
import { byAmountAtRisk, reviewDeal } from "../risk.ts";
import type { Revops } from "../settings.ts";
import { managerTotals, ownerTotals, totalsOf } from "../totals.ts";

/** Rows that answer the question for 150 deals within 6,000 tokens; the others are a page away. */
const DEALS_A_PAGE = 20;
const GROUPS_A_PAGE = 10;

const text = z.string().nullable();
const money = z.number().nullable();
const days = z.int().nullable();
const sums = { deals: z.int(), amount: money, atRiskDeals: z.int(), amountAtRisk: money };

export default defineToolsOn<Revops>()({
  name: "revops_review_commits",
  title: "Review Commit deals",
  description:
    "Which Commit deals are at risk, and why? CRM and forecasting system joined, most money at risk first.",
  effect: "read",
  toolsets: ["forecast-call", "hygiene"],
  view: "review-commits",
  input: z.strictObject({
    time_period: z.string().max(20).default("current").describe(`Quarter: ${QUARTER_FORMS}.`),
    owner_id: ownerIdParam,
    min_amount: z.number().optional().describe("Smallest amount."),
    risk_below: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("Scores below are a risk; default: as configured, 50."),
  }),
  output: z.object({
    quarter: z.string(),
    asOf: z.string(),
    totals: z
      .array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
      .describe("Per currency: deals, amount, atRiskDeals, amountAtRisk, unknownToForecast (deals)."),
    owners: table({ ownerId: z.string(), owner: text, manager: text, currency: text, ...sums }),
    managers: table({ manager: text, currency: text, ...sums }),
    deals: table({
      id: z.string(),
      name: z.string(),
      account: text,
      owner: text,
      amount: money,
      currency: text,
      closeDate: z.string(),
      stage: z.string(),
      daysInStage: days,
      daysSinceActivity: days,
      nextEvent: text,
      score: money,
      message: text,
      reasons: z.string(),
      evidence: z.string(),
      disagreements: text,
      url: text,
    }).describe(
      "reasons: none, or unknown_to_forecast alone: no risk. score: higher is healthier. disagreements: as forecasting last saw it, against the CRM.",
    ),
    link: z.string().optional(),
  }),

  async plan({ time_period, owner_id }, { api: { settings }, clock, datasets }) {
    const quarter = quarterOf(time_period, settings, clock.now());
    const deals = await datasets.plan("deals", commitQuery(quarter, ownerIdOf(owner_id)));
    const risks = await datasets.plan("dealRisks", { ids: ["<ids of the deals>"] });
    const events = await datasets.plan("dealEvents", eventsQuery([]));
    return [...deals, ...risks, ...events];
  },

  async handle({ time_period, owner_id, min_amount, risk_below }, call) {
    const { settings } = call.api;
    const today = todayIn(settings, call.clock.now());
    const quarter = quarterOf(time_period, settings, call.clock.now());

    call.progress("reading Commit deals");
    const commits = await readCommitDeals(quarter, ownerIdOf(owner_id), call);
    const { unreadable } = commits;
    const deals = commits.deals.filter(
      ({ amount }) => min_amount === undefined || (amount ?? 0) >= min_amount,
    );
    noteWhatIsLeftOut(
      { all: commits.deals.length, left: deals.length, minAmount: min_amount, unreadable },
      call,
    );

    call.progress(`reading risk and meetings of ${deals.length} deals`);
    const joined = await readJoined(deals, commits.missing, call);
    const { risks, forecastSystems, nextEvents, lacks } = joined;
    noteLacks(lacks, call);
    const riskBelow = risk_below ?? settings.riskBelow;
    const options = {
      ...settings,
      riskBelow,
      today,
      quarter,
      unreadable,
      forecastSystems,
      nextEvents,
    };
    const reviewed = deals.map((deal) => reviewDeal(deal, risks.get(deal.id), options)).sort(byAmountAtRisk);
    const owners = ownerTotals(reviewed, unreadable);
    const managers = unreadable.includes("managerId") ? [] : managerTotals(reviewed, unreadable);
    const { link, urlOf } = linksOf(deals);
    return {
      quarter: quarter.id,
      asOf: oldest([commits.asOf, joined.asOf]) ?? commits.asOf,
      totals: totalsOf(reviewed, forecastSystems, unreadable),
      owners: { rows: owners, total: owners.length, page: GROUPS_A_PAGE },
      managers: { rows: managers, total: managers.length, page: GROUPS_A_PAGE },
      deals: {
        rows: reviewed.map((one) => ({ ...dealRow(one), url: urlOf(one.deal) })),
        total: reviewed.length,
        page: DEALS_A_PAGE,
      },
      ...(link && { link }),
    };
  },
});
