import { z } from "zod";
import { type Call, type Deal, defineToolsOn, QUARTER_FORMS, table } from "#connector";
import { dayAfter, endOfDay, lastCallBefore, quarterOf, startOfDay, todayIn, weekOf } from "../calendar.ts";
import { callNumbers } from "../forecast/call-numbers.ts";
import { calledWeeks, linesOf, roleOf, weeksOf } from "../forecast/calls.ts";
import { dealCurrency } from "../forecast/currency.ts";
import { findMember, hierarchyOf, type Member, topOf } from "../forecast/hierarchy.ts";
import { questionFor } from "../forecast/questions.ts";
import { type CallReading, isOpenCommit, planForCall, readForCall } from "../forecast/reading.ts";
import { linksOf } from "../link.ts";
import { noAnswer } from "../no-answer.ts";
import { isOmitted, noteOmitted } from "../omitted.ts";
import { byAmountAtRisk, evidenceOf, isAtRisk, type ReviewOptions, reviewDeal } from "../risk.ts";
import type { Revops } from "../settings.ts";
import { noteUnreadable } from "../unreadable.ts";
import { doubtsAbout } from "../waterfall/doubts.ts";
import { learnStages } from "../waterfall/stages.ts";
import { stepTotals, waterfallOf } from "../waterfall/waterfall.ts";

const DEALS_TO_ASK_ABOUT = 5;
const text = z.string().nullable();
const money = z.number().nullable();
/** What it holds is said in words: every session pays for a schema. */
const figures = z.record(z.string(), z.unknown());

export default defineToolsOn<Revops>()({
  name: "revops_prepare_forecast_call",
  title: "Prepare the forecast call",
  description:
    "Prepares a forecast call: the number against quota and last week's, coverage, what moved since the last call, five deals to ask about and what to ask.",
  effect: "read",
  toolsets: ["forecast-call"],
  view: "prepare-forecast-call",
  input: z.strictObject({
    time_period: z.string().max(20).default("current").describe(`Quarter: ${QUARTER_FORMS}.`),
    manager: z.string().max(100).optional().describe("Part of a name, or CRM user id; default the top."),
  }),
  output: z.object({
    quarter: z.string(),
    week: z.string().describe("Day it began."),
    who: figures.describe("Whose call: name, id, role."),
    call: figures.describe(
      "call: of the latest week, for the whole team. lastWeek: the call before; change: since. adjusted: commit the manager expects instead. closed: won by the team. gap: quota - closed. openPipeline: the team's, of the quarter. coverage: openPipeline / gap.",
    ),
    weeks: table({ week: z.string(), call: money, bestCase: money, closed: money, quota: money }).describe(
      "As the forecast had it then, closed too.",
    ),
    moved: figures.optional().describe("openPipeline since the last call, net and by step."),
    ask: table({
      id: z.string(),
      name: z.string(),
      owner: text,
      amount: money,
      closeDate: z.string(),
      question: z.string(),
      evidence: z.string(),
      url: text,
    }).describe("Commit, most money at risk first."),
    link: z.string().optional(),
  }),

  plan({ time_period }, { api: { settings }, clock, datasets }) {
    const now = clock.now();
    const since = lastCallBefore(todayIn(settings, now), settings.callDay);
    const start = startOfDay(since, settings.timeZone);
    return planForCall(quarterOf(time_period, settings, now), start, now, datasets);
  },

  async handle({ time_period, manager }, call) {
    const { settings } = call.api;
    const now = call.clock.now();
    const today = todayIn(settings, now);
    const quarter = quarterOf(time_period, settings, now);
    const since = lastCallBefore(today, settings.callDay);
    const start = startOfDay(since, settings.timeZone);

    call.progress("reading calls, deals and what changed since the last call");
    const reading = await readForCall(quarter, start, call);
    const { lines, deals, joined, past } = reading;
    if (reading.lineSystems.systems.length === 0 && deals.systems.length === 0)
      throw noAnswer("Neither calls nor deals can be read", [
        ...reading.lineSystems.missing,
        ...deals.missing,
      ]);
    const { unreadable } = deals;
    noteUnreadable(unreadable, UNREADABLE, call);

    const { who, team } = whoIn(reading, manager, call);
    const calls = linesOf(lines)(who);
    const weeks = weeksOf(calls);
    const week = calledWeeks(weeks).at(-1)?.week;
    // Weeks of calls begin when the forecasting system's do; this week is the one configured here.
    const thisWeek = weekOf(today, settings.weekStart);
    const isStale = week !== undefined && today <= quarter.end && dayAfter(week, 6) < thisWeek;
    if (isStale)
      call.notice(`There is no call of this week yet: call is that of ${week}, lastWeek the one before it.`);
    const inKnownCurrency = dealCurrency(unreadable, lines, call);
    const isOfTeam = ({ ownerId }: Deal) => !team || team.has(ownerId);
    const ofTeam = (all: readonly Deal[]) =>
      all.filter((deal) => isOfTeam(deal) && !isOmitted(deal)).map(inKnownCurrency);
    const own = ofTeam(deals.rows);
    noteOmitted(deals.rows.filter(isOfTeam), call);
    const currency = weeks.at(-1)?.currency ?? mostUsed(own);
    const inCurrency = (deal: Deal) => deal.currency === currency;
    const foreign = own.filter((deal) => !inCurrency(deal)).length;
    if (foreign > 0)
      call.notice(`${foreign} deals of the team in other currencies than the call are left out.`);

    // Whose deals these are cannot be told of somebody whom the CRM does not know.
    const isInCrm = team?.size !== 0;
    if (!isInCrm)
      call.notice(
        "The CRM does not know this person: closed and openPipeline are the forecasting system's, and what moved and whom to ask about is missing.",
      );
    const isAmountKnown = isInCrm && deals.systems.length > 0 && !unreadable.includes("amount");
    const hasOwn = isAmountKnown && (own.length === 0 || own.some(inCurrency));
    const question = { quarter, start, end: endOfDay(today, settings.timeZone) };
    const options: ReviewOptions = {
      ...settings,
      ...joined,
      today,
      quarter,
      unreadable,
    };
    const asked = own
      .filter((deal) => isOpenCommit(deal) && inCurrency(deal))
      .map((deal) => reviewDeal(deal, joined.risks.get(deal.id), options))
      .filter(isAtRisk)
      .sort(byAmountAtRisk)
      .slice(0, DEALS_TO_ASK_ABOUT);
    const moved = isAmountKnown
      ? movedIn(past, ofTeam(past.deals).filter(inCurrency), question, call)
      : undefined;
    const { link, urlOf } = linksOf(asked.map(({ deal }) => deal));
    return {
      quarter: quarter.id,
      week: week ?? thisWeek,
      who: { name: who.name, id: who.id, role: roleOf(calls) },
      call: { ...callNumbers(weeks, hasOwn ? own : undefined, currency) },
      weeks: {
        rows: weeks.map(({ week, figures }) => ({
          week,
          call: figures.get("commit") ?? null,
          bestCase: figures.get("best_case") ?? null,
          closed: figures.get("closed") ?? null,
          quota: figures.get("quota") ?? null,
        })),
        total: weeks.length,
      },
      ...(moved && { moved: { since, until: today, ...moved } }),
      ask: {
        rows: asked.map((reviewed) => ({
          id: reviewed.deal.id,
          name: reviewed.deal.name,
          owner: reviewed.deal.ownerName,
          amount: reviewed.deal.amount,
          closeDate: reviewed.deal.closeDate,
          question: questionFor(reviewed),
          evidence: evidenceOf(reviewed),
          url: urlOf(reviewed.deal),
        })),
        total: asked.length,
      },
      ...(link && { link }),
    };
  },
});

const UNREADABLE = {
  amount:
    "amounts cannot be read: closed and openPipeline are the forecasting system's, and what moved is missing",
  lastActivityDate: "activity dates cannot be read: silence is not asked about",
} as const;

/** Without calls and without a name: every deal there is. Throws when nobody, or more than one, is meant. */
const whoIn = (
  { lines, people, deals }: CallReading,
  asked: string | undefined,
  { notice }: Call<Revops>,
): { who: Member; team: ReadonlySet<string> | undefined } => {
  const hierarchy = hierarchyOf(lines, people, deals.rows);
  const who = asked === undefined ? topOf(lines, hierarchy) : findMember(asked, hierarchy.members);
  if (!who) return { who: { id: null, name: "everyone" }, team: undefined };
  const team = who.id === null ? new Set<string>() : hierarchy.teamOf(who.id);
  const outside = deals.rows.filter(({ isClosed, ownerId }) => !isClosed && !team.has(ownerId)).length;
  if (asked === undefined && outside > 0)
    notice(`${outside} open deals belong to owners outside this hierarchy and are left out.`);
  return { who, team };
};

const mostUsed = (deals: readonly Deal[]): string | null =>
  [...Map.groupBy(deals, ({ currency }) => currency)].sort(([, a], [, b]) => b.length - a.length)[0]?.[0] ??
  null;

const movedIn = (
  { changes, deals: all }: CallReading["past"],
  deals: readonly Deal[],
  question: Parameters<typeof waterfallOf>[2],
  { notice }: Call<Revops>,
) => {
  if (!changes) return undefined;
  const waterfall = waterfallOf(deals, changes, question, learnStages(all));
  for (const doubt of doubtsAbout(waterfall)) notice(doubt);
  const totals = stepTotals(waterfall.movements);
  const centsIn = (name: string) => totals.find(({ step }) => step === name)?.cents ?? 0;
  return {
    opening: centsIn("opening") / 100,
    closing: centsIn("closing") / 100,
    net: (centsIn("closing") - centsIn("opening")) / 100,
    steps: totals
      .filter(({ step, deals: count }) => step !== "opening" && step !== "closing" && count > 0)
      .map(({ step, deals: count, cents }) => ({ step, deals: count, amount: cents / 100 })),
  };
};
