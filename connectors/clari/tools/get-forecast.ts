import { z } from "zod";
import { type Call, defineToolsOn, openTable } from "#connector";
import type { ForecastFile } from "../answers.ts";
import type { Clari } from "../clari.ts";
import {
  type ForecastOrder,
  type ForecastReading,
  firstDay,
  forecastOrder,
  readForecast,
} from "../forecast.ts";
import { findFields } from "../forecast-figures.ts";
import { forecastRows } from "../forecast-rows.ts";
import { summarise } from "../forecast-summary.ts";
import type { ExportOutcome } from "../jobs.ts";
import { currency, forecastId, scopeId, timePeriod } from "../params.ts";

const VIEWS = ["summary", "rows", "weeks"] as const;

export default defineToolsOn<Clari>()({
  name: "clari_get_forecast",
  title: "Get a Clari forecast",
  description:
    "What people called in Clari for a quarter: commit, best case, quota, CRM pipeline, closed. At status running call again with the same arguments.",
  effect: "read",
  input: z.strictObject({
    forecast_id: forecastId.optional(),
    time_period: timePeriod.optional(),
    view: z
      .enum(VIEWS)
      .default("summary")
      .describe("summary: top two levels; rows: all entries, latest week; weeks: of all weeks."),
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
      .describe("The top person's own call: managers' calls include their reports'. gap: quota-commit."),
    fields: z.record(z.string(), z.string()).optional().describe("Clari field of each figure."),
    rows: openTable().optional().describe("summary: per person; attainment: crmClosed/quota."),
  }),
  plan: (question, { api }) => api.exports.plan(orderOf(api, question)),

  async handle(question, call) {
    const order = orderOf(call.api, question);
    const outcome = await call.api.exports.run(order, call);
    if (outcome.status === "running") {
      call.notice(
        "Clari is still working. Call again with the same arguments: it goes on with the same export.",
      );
      return { status: "running" as const, job_id: outcome.jobId, forecastId: order.forecastId };
    }
    call.source({ asOf: new Date(outcome.asOf).toISOString(), cached: outcome.cached });
    const reading = readForecast(outcome.content, order.asked, call.clock.now());
    warn(call, outcome, reading);
    return {
      status: "done" as const,
      ...headOf(order, reading),
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

const headOf = ({ forecastId }: ForecastOrder, { period, weeks, entries }: ForecastReading) => {
  const { timePeriodId: id, startDate, endDate } = period;
  const latest = weeks.at(-1);
  const currencies = new Set(
    entries.flatMap(({ currency }) => (typeof currency === "string" ? currency : currency?.code) ?? []),
  );
  return {
    forecastId,
    period: { id, ...(startDate && { from: startDate }), ...(endDate && { to: endDate }) },
    ...(latest && { latestWeek: firstDay(latest) }),
    ...(currencies.size === 1 && { currency: [...currencies][0]! }),
  };
};

const summaryOf = (
  call: Call<Clari>,
  { weeks, entries, file }: ForecastReading,
  scope_id: string | undefined,
) => {
  const latest = weeks.at(-1)?.timeFrameId;
  const ofLatest = entries.filter(({ timeFrameId }) => timeFrameId === latest);
  const { fields, unsure } = findFields(ofLatest, file, call.api.settings.fields);
  if (unsure.length > 0)
    call.notice(
      `Several Clari fields could be ${unsure.join(", ")}; see "fields", and set "fields" in the connector's config.`,
    );
  const { totals, rows, people } = summarise({ users: file.users, entries: ofLatest, fields, scope_id });
  if (!totals && rows.length > 0)
    call.notice(
      "Several people stand at the top of this export; there is no total, and their calls must not be added.",
    );
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
  outcome: ExportOutcome<ForecastFile> & { status: "done" },
  { period, entries }: ForecastReading,
) => {
  if (outcome.reduced)
    call.notice("This Clari does not export CRM totals: crmPipeline, crmClosed and attainment are missing.");
  if (outcome.truncated)
    call.notice("Clari cut this export: it is incomplete. Ask for one team with scope_id.");
  if (entries.length === 0) call.notice("Clari has no entries for this quarter yet.");
  const today = new Date(call.clock.now()).toISOString().slice(0, 10);
  if (period.endDate && period.endDate < today)
    call.notice("People who have left or opted out since are missing from past quarters.");
};
