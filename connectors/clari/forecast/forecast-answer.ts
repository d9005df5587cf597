/** A forecast as an answer: the same shape whether it was just exported, resumed, or kept. */
import { z } from "zod";
import { type Call, openTable } from "#connector";
import type { TimePeriod } from "../answers.ts";
import type { Clari } from "../clari.ts";
import type { ForecastQuestion } from "./forecast.ts";
import { findFields } from "./forecast-figures.ts";
import { type ForecastReading, firstDay } from "./forecast-reading.ts";
import { forecastRows } from "./forecast-rows.ts";
import { summarise } from "./forecast-summary.ts";
import { forecastTrend } from "./forecast-trend.ts";

export const forecastAnswer = z.object({
  status: z.enum(["done", "running"]),
  job_id: z.string().optional(),
  state: z.string().optional(),
  elapsedSeconds: z.number().optional(),
  forecastId: z.string().optional(),
  age: z.string().optional().describe("Of the data."),
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
});

/** A forecast that was read, now or once. */
export interface ReadForecast {
  readonly forecastId: string;
  readonly reading: ForecastReading;
  readonly period: TimePeriod;
  /** Epoch milliseconds. */
  readonly asOf: number;
  readonly cached: boolean;
  readonly reduced: boolean;
  readonly truncated: boolean;
}

type AnswerCall = Pick<Call<Clari>, "api" | "clock" | "notice" | "source">;

/** Says in notices what whoever reads the figures must know. */
export const answerForecast = (
  forecast: ReadForecast,
  question: Pick<ForecastQuestion, "view" | "weeks" | "scope_id">,
  call: AnswerCall,
) => {
  const { reading, asOf, cached } = forecast;
  call.source({ asOf: new Date(asOf).toISOString(), cached });
  warn(forecast, call);
  const views = { summary: summaryOf, rows: rowsOf, trend: trendOf };
  return {
    status: "done" as const,
    ...headOf(forecast, call.clock.now()),
    ...views[question.view](reading, question, call),
  };
};

const headOf = ({ forecastId, reading, period, asOf }: ReadForecast, now: number) => {
  const { weeks, entries } = reading;
  const { timePeriodId: id, startDate, endDate } = period;
  const latest = weeks.at(-1);
  const currencies = new Set(entries.flatMap(({ currency }) => currency ?? []));
  return {
    forecastId,
    age: ageOf(now - asOf),
    period: { id, ...(startDate && { from: startDate }), ...(endDate && { to: endDate }) },
    ...(latest && { latestWeek: firstDay(latest) }),
    ...(currencies.size === 1 && { currency: [...currencies][0]! }),
  };
};

const UNITS = [
  ["days", 86_400_000],
  ["hours", 3_600_000],
  ["minutes", 60_000],
] as const;

/** `3 minutes`; from two of a unit on. */
const ageOf = (ms: number): string => {
  const [name, length] = UNITS.find(([, length]) => ms >= 2 * length) ?? ["seconds", 1000];
  return `${Math.floor(Math.max(ms, 0) / length)} ${name}`;
};

// --- views -----------------------------------------------------------------------------------------

type View = (
  reading: ForecastReading,
  question: Pick<ForecastQuestion, "weeks" | "scope_id">,
  call: AnswerCall,
) => object;

const fieldsIn = ({ entries, fields: described }: ForecastReading, { api, notice }: AnswerCall) => {
  const { fields, unsure } = findFields(entries, described, api.settings.fields);
  if (unsure.length > 0)
    notice(
      `Several Clari fields could be ${unsure.join(", ")}; see "fields", and set "fields" in the connector's config.`,
    );
  return fields;
};

const latestOf = (reading: ForecastReading): ForecastReading => {
  const latest = reading.weeks.at(-1)?.timeFrameId;
  return {
    ...reading,
    weeks: reading.weeks.slice(-1),
    entries: reading.entries.filter(({ timeFrameId }) => timeFrameId === latest),
  };
};

const summaryOf: View = (reading, { scope_id }, call) => {
  const latest = latestOf(reading);
  const fields = fieldsIn(reading, call);
  const { users, entries } = latest;
  const { totals, rows, people, notices } = summarise({ users, entries, fields, scope_id });
  for (const text of notices) call.notice(text);
  return {
    people,
    ...(totals && { totals: { ...totals } }),
    fields: { ...fields },
    rows: { rows: [...rows], total: rows.length },
  };
};

/** More are counted but not held: nobody pages through them, and a team's can be had. */
const MOST_ROWS = 5_000;
const ROWS_PER_ANSWER = 200;

const rowsOf: View = (reading, _, { notice }) => {
  const { rows, total } = forecastRows(latestOf(reading), MOST_ROWS);
  if (total > rows.length)
    notice(`Only the first ${rows.length} of ${total} rows can be had; ask for one team with scope_id.`);
  return { rows: { rows, total, page: ROWS_PER_ANSWER } };
};

const trendOf: View = (reading, question, call) => {
  const fields = fieldsIn(reading, call);
  const { totals, rows, notices } = forecastTrend(reading, fields, question);
  for (const text of notices) call.notice(text);
  return {
    ...(totals && { totals: { ...totals } }),
    fields: { ...fields },
    rows: { rows: [...rows], total: rows.length },
  };
};

const warn = ({ reduced, truncated, reading, period }: ReadForecast, { notice, clock }: AnswerCall) => {
  if (reduced)
    notice("This Clari does not export CRM totals: crmPipeline, crmClosed and attainment are missing.");
  if (truncated) notice("Clari cut this export: it is incomplete. Ask for one team with scope_id.");
  if (reading.onlyFigures)
    notice(
      'This forecast is so large that only the fields of the figures were read; ask for one team with scope_id to see the others, or set "fields" in the connector\'s config.',
    );
  if (reading.entries.length === 0) notice("Clari has no entries for this quarter yet.");
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  if (period.endDate && period.endDate < today)
    notice("People who have left or opted out since are missing from past quarters.");
};
