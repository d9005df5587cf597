import { z } from "zod";
import { type Call, dayIn, defineToolsOn, HubError, QUARTER_FORMS, type Quarter, table } from "#connector";
import { endOfDay, quarterOf, startOfDay, todayIn } from "../calendar.ts";
import { noteLacks } from "../lacks.ts";
import { linksOf } from "../link.ts";
import { noAnswer } from "../no-answer.ts";
import { isOmitted, noteOmitted } from "../omitted.ts";
import type { Revops, Settings } from "../settings.ts";
import { doubtsAbout } from "../waterfall/doubts.ts";
import { planPipelinePast, quarterQuery, readPipelinePast } from "../waterfall/reading.ts";
import { learnStages } from "../waterfall/stages.ts";
import { type Movement, stepTotals, waterfallOf } from "../waterfall/waterfall.ts";

const DEALS_A_PAGE = 25;
/** A short schema: that of zod's dates spells out every leap year. */
const day = z.string().refine((text) => z.iso.date().safeParse(text).success, "expected a day, YYYY-MM-DD");
const text = z.string().nullable();
const value = z.union([z.string(), z.number(), z.null()]);

export default defineToolsOn<Revops>()({
  name: "revops_review_changes",
  title: "Review pipeline changes",
  description:
    "How a quarter's open pipeline changed between two days: a waterfall that adds up to the cent, and the deals behind each step.",
  effect: "read",
  toolsets: ["forecast-call"],
  view: "review-changes",
  input: z.strictObject({
    since: day.describe("First day: 2026-11-16."),
    until: day.optional().describe("Last day; default now."),
    time_period: z.string().max(20).default("current").describe(`Quarter: ${QUARTER_FORMS}.`),
  }),
  output: z.object({
    quarter: z.string(),
    since: z.string(),
    until: z.string(),
    waterfall: table({ currency: text, step: z.string(), amount: z.number(), deals: z.int() }).describe(
      "Open deals closing in the quarter; opening + steps = closing. pulled_in, pushed_out: close date moved into, out of the quarter.",
    ),
    deals: table({
      step: z.string(),
      id: z.string(),
      name: z.string(),
      owner: text,
      currency: text,
      amount: z.number(),
      from: value,
      to: value,
      at: z.string(),
      url: text,
    }).describe("from, to: amount, close date or stage."),
    link: z.string().optional(),
  }),

  plan({ since, until, time_period }, { api: { settings }, clock, datasets }) {
    const { quarter, start } = questionOf({ since, until, time_period }, settings, clock.now());
    return planPipelinePast(quarter, start, clock.now(), datasets);
  },

  async handle(input, call) {
    const { settings } = call.api;
    const question = questionOf(input, settings, call.clock.now());
    call.progress("reading deals and their changes");
    const reading = readQuarter(question.quarter, call);
    const { deals, changes, missing } = await readPipelinePast(
      question.quarter,
      reading,
      question.start,
      call,
    );
    // What is open now says nothing about another day.
    if (!changes && !question.isUpToNow) throw noAnswer("The changes of deals cannot be listed", missing);
    noteOmitted(deals, call);
    const counted = deals.filter((deal) => !isOmitted(deal));
    const waterfall = waterfallOf(counted, changes ?? [], question, learnStages(deals));
    for (const doubt of changes ? doubtsAbout(waterfall) : []) call.notice(doubt);
    const what = changes
      ? "deals and changes that it alone knows"
      : "what changed, so opening and steps are missing";
    noteLacks(
      [
        { what: "its deals", missing: (await reading).missing },
        { what, missing },
      ],
      call,
    );

    const told = changes ? waterfall.movements : waterfall.movements.filter(({ step }) => step === "closing");
    const totals = stepTotals(told).filter(({ step }) => changes || step === "closing");
    if (totals.length === 0)
      call.notice("No deal of this quarter was open at any time of these days, as far as is known.");
    const moves = told.filter(({ at }) => at !== null).sort(byCurrencyAndSize);
    const { link, urlOf } = linksOf(moves.map(({ deal }) => deal));
    return {
      quarter: question.quarter.id,
      since: input.since,
      until: question.until,
      waterfall: {
        rows: totals.map(({ cents, ...total }) => ({ ...total, amount: cents / 100 })),
        total: totals.length,
      },
      deals: {
        rows: moves.map((move) => ({ ...rowOf(move, settings), url: urlOf(move.deal) })),
        total: moves.length,
        page: DEALS_A_PAGE,
      },
      ...(link && { link }),
    };
  },
});

interface Input {
  readonly since: string;
  readonly until?: string | undefined;
  readonly time_period: string;
}

/** Throws `invalid_input` for days in the wrong order, or still to come. */
const questionOf = ({ since, until, time_period }: Input, settings: Settings, now: number) => {
  const today = todayIn(settings, now);
  const last = until ?? today;
  if (since > last || last > today)
    throw new HubError(
      "invalid_input",
      since > last ? "since is after until, or after today." : "until lies in the future.",
      { hint: `Give days up to today, ${today}, the earlier one as since.` },
    );
  return {
    quarter: quarterOf(time_period, settings, now),
    until: last,
    isUpToNow: last === today,
    start: startOfDay(since, settings.timeZone),
    end: endOfDay(last, settings.timeZone),
  };
};

/** Throws what kept every CRM from answering; `forbidden` where amounts cannot be read. */
const readQuarter = async (quarter: Quarter, { datasets }: Call<Revops>) => {
  const reading = await datasets.read("deals", quarterQuery(quarter));
  const { systems, missing, unreadable } = reading;
  if (systems.length === 0) throw noAnswer("The deals of the quarter cannot be listed", missing);
  if (unreadable.includes("amount"))
    throw new HubError("forbidden", "For the user this hub signs in as, amounts cannot be read.", {
      hint: "Let the hub's user see the amount of deals.",
    });
  return reading;
};

const byCurrencyAndSize = (a: Movement, b: Movement): number =>
  compare(a.deal.currency ?? "", b.deal.currency ?? "") ||
  Math.abs(b.cents) - Math.abs(a.cents) ||
  compare(a.deal.id, b.deal.id);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const rowOf = ({ step, deal, cents, from, to, at }: Movement, { timeZone }: Settings) => {
  const shown = (one: Movement["from"]) => (typeof one === "number" ? one / 100 : one);
  return {
    step,
    id: deal.id,
    name: deal.name,
    owner: deal.ownerName,
    currency: deal.currency,
    amount: cents / 100,
    from: shown(from),
    to: shown(to),
    at: dayIn(timeZone, at ?? 0),
  };
};
