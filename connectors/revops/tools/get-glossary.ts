import { z } from "zod";
import { defineToolsOn, table } from "#connector";
import { todayIn, weekOf } from "../calendar.ts";
import { tradeTerms } from "../glossary/trade-terms.ts";
import { quartersAround } from "../quarters.ts";
import type { Revops } from "../settings.ts";

export default defineToolsOn<Revops>()({
  name: "revops_get_glossary",
  title: "Get the glossary",
  description:
    "What words mean in this hub's answers, with the thresholds set here; the fiscal calendar; what fields mean in this organisation.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({}),
  output: z.object({
    calendar: z.object({
      today: z.string(),
      timeZone: z.string(),
      fiscalYearStartsIn: z.string(),
      fiscalYearNamedAfter: z.string(),
      weekStart: z.string(),
      thisWeekBegan: z.string(),
      forecastCall: z.string(),
    }),
    quarters: table({ id: z.string(), position: z.string(), from: z.string(), to: z.string() }),
    terms: table({ term: z.string(), meaning: z.string() }),
    fields: table({ term: z.string(), field: z.string().nullable(), meaning: z.string() }).describe(
      "As this organisation's own systems describe them.",
    ),
  }),
  plan: (_, { datasets }) => datasets.plan("terms", {}),

  async handle(_, call) {
    const { settings } = call.api;
    const now = call.clock.now();
    const today = todayIn(settings, now);
    const { rows: fields, missing } = await call.datasets.read("terms", {});
    for (const { system, reason } of missing)
      call.notice(`Partial answer, without ${system}: meanings of its fields are missing. ${reason}`);
    const terms = [...tradeTerms(settings)];
    const quarters = quarterRows(settings, now);
    return {
      calendar: {
        today,
        timeZone: settings.timeZone,
        fiscalYearStartsIn: monthName(settings.fiscalYearStartMonth),
        fiscalYearNamedAfter: "the calendar year it ends in",
        weekStart: settings.weekStart,
        thisWeekBegan: weekOf(today, settings.weekStart),
        forecastCall: settings.callDay,
      },
      quarters: { rows: quarters, total: quarters.length },
      terms: { rows: terms, total: terms.length },
      fields: { rows: [...fields], total: fields.length },
    };
  },
});

/** Oldest first. */
const quarterRows = (settings: Revops["settings"], now: number) => {
  const { current, next, past } = quartersAround(settings, now, { next: 1, past: 1 });
  return [
    ...past.map((quarter) => ({ ...quarter, position: "previous" })),
    { ...current, position: "current" },
    ...next.map((quarter) => ({ ...quarter, position: "next" })),
  ].map(({ id, position, start, end }) => ({ id, position, from: start, to: end }));
};

const monthName = (month: number): string =>
  new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" }).format(Date.UTC(2000, month - 1, 1));
