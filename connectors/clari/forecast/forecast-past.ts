/** A forecast as it stood on an earlier day, from what was kept; Clari is not asked. */
import { dayIn, HubError } from "#connector";
import { endOf } from "../changes/changes.ts";
import type { Clari } from "../clari.ts";
import { askedQuarter, type ForecastQuestion, resolveForecast } from "./forecast.ts";
import type { ReadForecast } from "./forecast-answer.ts";
import { checkCalendar } from "./forecast-reading.ts";
import type { SnapshotQuery } from "./snapshots.ts";

/**
 * The newest that was read on `day` (ISO, UTC) or before it. The time period is meant as on that day: current
 * is the quarter that held it. Throws `not_found` that says when the oldest was read, and `config` where
 * Clari's calendar is not the configured one.
 */
export const pastForecast = async (
  day: string,
  question: ForecastQuestion,
  { settings, snapshots, clock }: Clari,
): Promise<ReadForecast> => {
  const now = clock.now();
  if (Date.parse(day) > now)
    throw new HubError("invalid_input", "as_of lies in the future.", {
      hint: "Name a day up to today, or leave as_of out.",
    });
  const { time_period, scope_id: scopeId, view } = question;
  const forecastId = resolveForecast(question.forecast_id, settings.forecasts);
  const currency = question.currency?.toUpperCase();
  const at = Math.min(endOf(day), now);
  const asked = askedQuarter(time_period, at, settings.fiscalYearStartMonth);
  const query: SnapshotQuery = {
    forecastId,
    ...(scopeId && { scopeId }),
    ...(currency && { currency }),
    ...(asked.id && { periodId: asked.id }),
    ...(view === "trend" && { everyWeek: true }),
  };
  const kept = await snapshots.newest(query, at);
  if (kept) {
    checkCalendar(kept.period, asked);
    return { ...kept, cached: true };
  }

  const oldest = await snapshots.oldest(query);
  const first = await snapshots.oldest({ forecastId });
  const since = first === undefined ? "" : `; the first that is kept is from ${dayIn("UTC", first)}`;
  throw new HubError("not_found", `No such reading of this forecast from ${day} or before is kept${since}.`, {
    hint:
      oldest === undefined
        ? "None is kept at all for these arguments. Each forecast that is read is kept from then on, and a renewed token is recognised with the first one; Clari itself does not show the past."
        : "The oldest that is kept was read at the time under `oldest`; Clari itself does not show the past.",
    facts: { forecastId, ...(oldest !== undefined && { oldest: new Date(oldest).toISOString() }) },
  });
};
