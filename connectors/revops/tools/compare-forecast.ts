import { z } from "zod";
import { type Call, type DatasetAnswer, defineToolsOn, QUARTER_FORMS, type Quarter, table } from "#connector";
import { quarterOf } from "../calendar.ts";
import { planAccuracy, readAccuracy } from "../forecast/accuracy.ts";
import { type Compared, compare, isAbove } from "../forecast/comparison.ts";
import { dealCurrency } from "../forecast/currency.ts";
import { explainingDeals } from "../forecast/explaining.ts";
import { hierarchyOf } from "../forecast/hierarchy.ts";
import { linesQuery, readLines } from "../forecast/lines.ts";
import { noteLacks } from "../lacks.ts";
import { linksOf } from "../link.ts";
import { noAnswer } from "../no-answer.ts";
import { namesApart } from "../people.ts";
import { distinctRequests } from "../plans.ts";
import type { Revops } from "../settings.ts";
import { quarterQuery } from "../waterfall/reading.ts";

const PEOPLE_A_PAGE = 25;
const DEALS_A_PAGE = 25;
const PAST_CALLS_A_PAGE = 15;
const text = z.string().nullable();
const money = z.number().nullable();

export default defineToolsOn<Revops>()({
  name: "revops_compare_forecast",
  title: "Compare forecast and CRM",
  description:
    "Where calls and the CRM's won and open Commit disagree, deals that may explain it, and how near past calls came to what was won.",
  effect: "read",
  toolsets: ["forecast-call"],
  input: z.strictObject({
    time_period: z.string().max(20).default("current").describe(`Quarter: ${QUARTER_FORMS}.`),
    by: z
      .enum(["owner", "manager"])
      .default("owner")
      .describe("Whose calls: reps, or their managers for whole teams."),
  }),
  output: z.object({
    quarter: z.string(),
    above: z.number().describe("Percent of difference that counts as disagreeing."),
    totals: z
      .array(z.record(z.string(), z.unknown()))
      .describe("Per currency: people, compared, disagreeing."),
    people: table({
      id: text,
      name: z.string(),
      currency: text,
      call: money,
      closed: money,
      commit: money,
      difference: money,
      percent: money,
      disagrees: z.boolean(),
    }).describe(
      "closed: won; commit: open Commit, both by the CRM. difference: call - closed - commit; percent: of these.",
    ),
    deals: table({
      person: z.string(),
      may: z.string(),
      id: z.string(),
      name: z.string(),
      owner: text,
      stage: z.string(),
      amount: money,
      closeDate: z.string(),
      url: text,
    }).describe("Largest candidates; may: be counted in the call, or left out of it."),
    accuracy: table({
      id: text,
      name: z.string(),
      quarter: z.string(),
      readOn: z.string(),
      currency: text,
      call: z.number(),
      won: z.number(),
      percent: money,
    }).describe("Calls as read on that day; percent: call - won, of won."),
    link: z.string().optional(),
  }),

  async plan({ time_period }, { api: { settings }, clock, datasets }) {
    const quarter = quarterOf(time_period, settings, clock.now());
    const plans = [
      datasets.plan("forecastLines", linesQuery(quarter)),
      datasets.plan("people", {}),
      datasets.plan("deals", quarterQuery(quarter)),
      planAccuracy(earlier(quarter, quarterOf("current", settings, clock.now())), settings, datasets),
    ];
    return distinctRequests((await Promise.all(plans)).flat());
  },

  async handle({ time_period, by }, call) {
    const { settings } = call.api;
    const quarter = quarterOf(time_period, settings, call.clock.now());
    const current = quarterOf("current", settings, call.clock.now());
    call.progress("reading calls, deals and past calls");
    const [lines, people, deals, accuracy] = await Promise.all([
      readLines(quarter, linesQuery(quarter), call),
      call.datasets.read("people", {}),
      call.datasets.read("deals", quarterQuery(quarter)),
      readAccuracy(by, earlier(quarter, current), call),
    ]);
    noteMissing(lines, deals, call);
    const isCrmKnown = deals.systems.length > 0 && !deals.unreadable.includes("amount");
    const hierarchy = hierarchyOf(lines.rows, people.rows, deals.rows);
    const own = deals.rows.map(dealCurrency(deals.unreadable, lines.rows, call));
    const compared = compare(by, lines.rows, isCrmKnown ? own : undefined, hierarchy);
    const disagreeing = compared.filter((one) => isAbove(one, settings.differenceAbove));
    const nameOf = namesApart(compared.map(({ member }) => member));
    const explaining = disagreeing.flatMap((one) =>
      explainingDeals(one).map(({ deal, may }) => ({ person: nameOf(one.member), may, deal })),
    );
    const { link, urlOf } = linksOf(explaining.map(({ deal }) => deal));
    return {
      quarter: quarter.id,
      above: settings.differenceAbove,
      totals: totalsOf(compared, settings.differenceAbove),
      people: {
        rows: compared.map((one) => ({
          id: one.member.id,
          name: one.member.name,
          currency: one.currency,
          call: one.call,
          closed: one.closed,
          commit: one.commit,
          difference: one.difference,
          percent: one.percent,
          disagrees: isAbove(one, settings.differenceAbove),
        })),
        total: compared.length,
        page: PEOPLE_A_PAGE,
      },
      deals: {
        rows: explaining.map(({ person, may, deal }) => ({
          person,
          may,
          id: deal.id,
          name: deal.name,
          owner: deal.ownerName,
          stage: deal.stage,
          amount: deal.amount,
          closeDate: deal.closeDate,
          url: urlOf(deal),
        })),
        total: explaining.length,
        page: DEALS_A_PAGE,
      },
      accuracy: {
        rows: accuracy.map(({ member, ...one }) => ({ id: member.id, name: member.name, ...one })),
        total: accuracy.length,
        page: PAST_CALLS_A_PAGE,
      },
      ...(link && { link }),
    };
  },
});

/** Only what has ended can be compared with what was won. */
const earlier = (a: Quarter, b: Quarter): Quarter => (a.start < b.start ? a : b);

const totalsOf = (compared: readonly Compared[], threshold: number) =>
  [...Map.groupBy(compared, ({ currency }) => currency)].map(([currency, own]) => ({
    currency,
    people: own.length,
    compared: own.filter(({ difference }) => difference !== null).length,
    disagreeing: own.filter((one) => isAbove(one, threshold)).length,
  }));

/** Throws when neither calls nor deals came. */
const noteMissing = (
  lines: DatasetAnswer<"forecastLines">,
  deals: DatasetAnswer<"deals">,
  call: Call<Revops>,
): void => {
  if (lines.systems.length === 0 && deals.systems.length === 0)
    throw noAnswer("Neither calls nor deals can be read", [...lines.missing, ...deals.missing]);
  noteLacks(
    [
      { what: "the calls", missing: lines.missing },
      { what: "the deals; calls are compared with what is left", missing: deals.missing },
    ],
    call,
  );
  if (deals.unreadable.includes("amount"))
    call.notice(
      "For the user this hub signs in as, amounts cannot be read: calls are compared with nothing.",
    );
};
