import { z } from "zod";
import { type Call, defineToolsOn, openTable } from "#connector";
import type { TimePeriod } from "../answers.ts";
import type { Clari } from "../clari.ts";
import { type ForecastOrder, forecastOrder } from "../forecast.ts";
import { findFields } from "../forecast-figures.ts";
import { anotherQuarter, checkCalendar, type ForecastReading, firstDay } from "../forecast-reading.ts";
import { forecastRows } from "../forecast-rows.ts";
import { summarise } from "../forecast-summary.ts";
import type { ExportOutcome } from "../jobs.ts";
import type { MissingQuarter, QuarterOf } from "../missing-quarters.ts";
import { currency, forecastId, scopeId, timePeriod } from "../params.ts";

const VIEWS = ["summary", "rows", "weeks"] as const;

export default defineToolsOn<Clari>()({
  name: "clari_get_forecast",
  title: "Get a Clari forecast",
  description:
    "What people called in Clari for a quarter: commit, best case, quota, CRM pipeline, closed. If running, call again with the same arguments.",
  effect: "read",
  input: z.strictObject({
    forecast_id: forecastId.optional(),
    time_period: timePeriod.optional(),
    view: z
      .enum(VIEWS)
      .default("summary")
      .describe("summary: top two levels; rows: all entries, latest week; weeks: all weeks."),
    scope_id: scopeId.optional(),
    currency: currency.optional(),
  }),
  output: z.object({
    status: z.enum(["done", "running"]),
    job_id: z.string().optional(),
    forecastId: z.string().optional(),
    period: z.object({ id: z.string(), from: z.string().optional(), to: z.string().optional() }).optional(),
    latestWeek: z.string().optional(),
    currency: z.string().optional(),
    people: z.int().optional(),
    totals: z
      .record(z.string(), z.number().nullable())
      .optional()
      .describe("Top person's call, reports included. adjustment: the manager's."),
    fields: z.record(z.string(), z.string()).optional().describe("Clari fields."),
    rows: openTable().optional().describe("attainment: crmClosed/quota; gap: quota-commit."),
  }),
  plan: (question, { api }) => api.exports.plan(orderOf(api, question)),

  async handle(question, call) {
    const order = orderOf(call.api, question);
    const quarter = quarterOf(order, question);
    const missing = quarter && (await call.api.missingQuarters.get(quarter));
    if (missing) throw isMissing(order, missing);
    const outcome = await call.api.exports.run(order, call);
    if (outcome.status === "running") {
      call.notice(
        "Clari is still working. Call again with the same arguments: it goes on with the same export.",
      );
      return { status: "running" as const, job_id: outcome.jobId, forecastId: order.forecastId };
    }
    call.source({ asOf: new Date(outcome.asOf).toISOString(), cached: outcome.cached });
    const reading = outcome.content;
    const { period } = reading;
    if (!period) throw isMissing(order, await call.api.missingQuarters.remember(quarter!, reading.answered));
    checkCalendar(period, order.asked, call.clock.now());
    warn(call, outcome, period);
    return {
      status: "done" as const,
      ...headOf(order, reading, period),
      ...(question.view === "summary" ? summaryOf(call, reading, question.scope_id) : rowsOf(reading)),
    };
  },
});

interface Question {
  readonly forecast_id?: string | undefined;
  readonly time_period?: string | undefined;
  readonly view: (typeof VIEWS)[number];
  readonly scope_id?: string | undefined;
  readonly currency?: string | undefined;
}

const orderOf = (api: Clari, { view, ...question }: Question): ForecastOrder =>
  forecastOrder(api, { ...question, everyWeek: view === "weeks" });

/** Undefined: the current one, which is never missing. */
const quarterOf = (
  { forecastId, asked: { id } }: ForecastOrder,
  { scope_id }: Question,
): QuarterOf | undefined => (id === undefined ? undefined : [forecastId, id, scope_id]);

const isMissing = ({ asked }: ForecastOrder, { answered, until }: MissingQuarter) =>
  anotherQuarter(asked.id, answered, new Date(until).toISOString());

const headOf = (
  { forecastId }: ForecastOrder,
  { weeks, entries }: ForecastReading,
  { timePeriodId: id, startDate, endDate }: TimePeriod,
) => {
  const latest = weeks.at(-1);
  const currencies = new Set(entries.flatMap(({ currency }) => currency ?? []));
  return {
    forecastId,
    period: { id, ...(startDate && { from: startDate }), ...(endDate && { to: endDate }) },
    ...(latest && { latestWeek: firstDay(latest) }),
    ...(currencies.size === 1 && { currency: [...currencies][0]! }),
  };
};

const summaryOf = (
  call: Call<Clari>,
  { weeks, entries, users, fields: described }: ForecastReading,
  scope_id: string | undefined,
) => {
  const latest = weeks.at(-1)?.timeFrameId;
  const ofLatest = entries.filter(({ timeFrameId }) => timeFrameId === latest);
  const { fields, unsure } = findFields(ofLatest, described, call.api.settings.fields);
  if (unsure.length > 0)
    call.notice(
      `Several Clari fields could be ${unsure.join(", ")}; see "fields", and set "fields" in the connector's config.`,
    );
  const { totals, rows, people, notices } = summarise({ users, entries: ofLatest, fields, scope_id });
  for (const text of notices) call.notice(text);
  return {
    people,
    ...(totals && { totals: { ...totals } }),
    fields: { ...fields },
    rows: { rows: [...rows], total: rows.length },
  };
};

const rowsOf = (reading: ForecastReading) => {
  const rows = forecastRows(reading);
  return { rows: { rows, total: rows.length } };
};

const warn = (
  call: Call<Clari>,
  outcome: ExportOutcome<ForecastReading> & { status: "done" },
  period: TimePeriod,
) => {
  if (outcome.reduced)
    call.notice("This Clari does not export CRM totals: crmPipeline, crmClosed and attainment are missing.");
  if (outcome.truncated)
    call.notice("Clari cut this export: it is incomplete. Ask for one team with scope_id.");
  if (outcome.again)
    call.notice(
      "The answer to an earlier submission of this export was lost and its job could not be recognised for sure: it was submitted again, which may have used export quota twice.",
    );
  if (outcome.content.entries.length === 0) call.notice("Clari has no entries for this quarter yet.");
  const today = new Date(call.clock.now()).toISOString().slice(0, 10);
  if (period.endDate && period.endDate < today)
    call.notice("People who have left or opted out since are missing from past quarters.");
};
