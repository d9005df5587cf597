/** Reading a forecast from Clari: waits for its export, checks what came back, and keeps it. */
import { type Call, type HubError, isHubError } from "#connector";
import type { Clari } from "../clari.ts";
import type { ExportOutcome } from "../exports/jobs.ts";
import type { ForecastOrder } from "./forecast.ts";
import type { ReadForecast } from "./forecast-answer.ts";
import { anotherQuarter, checkCalendar, type ForecastReading } from "./forecast-reading.ts";
import type { MissingQuarter, QuarterOf } from "./missing-quarters.ts";

type Running = ExportOutcome<ForecastReading> & { status: "running" };

/**
 * Throws `vendor_malformed` if Clari answers another quarter than the one asked for, `config` if its
 * calendar is not the configured one, and what {@link Exports.run} throws.
 */
export const readForecastOf = async (
  order: ForecastOrder,
  call: Call<Clari>,
): Promise<ReadForecast | Running> => {
  const quarter = quarterOf(order);
  const missing = quarter && !order.fresh && (await call.api.missingQuarters.get(quarter));
  if (missing) throw isMissing(order, missing);
  return checked(order, await call.api.exports.run(order, call), call);
};

/** The same for a job that was sent earlier; submits nothing. */
export const resumeForecast = async (
  jobId: string,
  order: ForecastOrder,
  call: Call<Clari>,
): Promise<ReadForecast | Running> => checked(order, await call.api.exports.resume(jobId, order, call), call);

const checked = async (
  order: ForecastOrder,
  outcome: ExportOutcome<ForecastReading>,
  call: Call<Clari>,
): Promise<ReadForecast | Running> => {
  if (outcome.status === "running") return outcome;
  const { content: reading, asOf, cached, reduced, truncated, user, again, adopted } = outcome;
  if (again)
    call.notice(
      "The answer to an earlier submission of this export was lost and its job could not be recognised for sure: it was submitted again, which may have used export quota twice.",
    );
  if (adopted)
    call.notice(
      "The answer to the submission of this export was lost; its job was recognised in Clari's list by its quarter, people and kinds of figures. Ask with fresh for another.",
    );
  const { period } = reading;
  const quarter = quarterOf(order);
  if (!period) throw isMissing(order, await call.api.missingQuarters.remember(quarter!, reading.answered));
  if (quarter && order.fresh) await call.api.missingQuarters.forget(quarter);
  checkCalendar(period, order.asked);
  const { position, today } = order.asked;
  if (position === "current" && period.endDate && period.endDate < today)
    call.notice(
      `For Clari the current quarter is still ${period.timePeriodId}, which ended on ${period.endDate}; name the one you mean.`,
    );
  const forecast = { forecastId: order.forecastId, reading, period, asOf, cached, reduced, truncated };
  await call.api.viewer.note(user);
  if (!cached) await keep(order, forecast, call);
  return forecast;
};

/** A reading is an answer also where it cannot be kept. */
const keep = async (
  { question, currency }: ForecastOrder,
  { cached: _, ...forecast }: ReadForecast,
  { api, log, notice }: Call<Clari>,
) => {
  const { scope_id: scopeId, view } = question;
  try {
    const isKept = await api.snapshots.keep({
      ...forecast,
      ...(scopeId && { scopeId }),
      ...(currency && { currency }),
      everyWeek: view === "trend",
    });
    if (!isKept && api.settings.snapshots.keepDays > 0)
      notice("This forecast is too large to be kept for later comparison; one team's (scope_id) would be.");
  } catch (error) {
    log.warn({ code: isHubError(error) ? error.code : "internal", err: error }, "A forecast was not kept.");
    notice("This forecast could not be kept for later comparison: the state folder cannot be written.");
  }
};

/** Undefined: the current one, which is never missing. */
const quarterOf = ({ forecastId, asked: { id }, question }: ForecastOrder): QuarterOf | undefined =>
  id === undefined ? undefined : [forecastId, id, question.scope_id];

const isMissing = ({ asked }: ForecastOrder, { answered, until }: MissingQuarter): HubError =>
  anotherQuarter(asked.id, answered, new Date(until).toISOString());

/** For a notice. */
export const whyRunning = ({ state, unseen }: Running): string =>
  unseen ? `This answer is without Clari's: its export ${state}.` : "Clari is still working.";

/** What is said of a forecast that Clari still works on. */
export const runningForecast = ({ jobId, state, elapsedMs }: Running, forecastId: string) => ({
  status: "running" as const,
  job_id: jobId,
  forecastId,
  state: state.replace(/^is /, ""),
  elapsedSeconds: Math.round(elapsedMs / 100) / 10,
});
