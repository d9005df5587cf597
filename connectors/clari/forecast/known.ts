/**
 * What the exports of this hub have shown of Clari, which lists neither forecasts nor quarters: which
 * forecast ids it answers or refuses, and when its quarters begin and end. Of one Clari user each, since
 * others see something else.
 */
import { type Clock, isHubError, type KeyedStore, type Log } from "#connector";
import type { TimePeriod } from "../answers.ts";
import type { ExportOutcome, Exports } from "../exports/jobs.ts";
import type { ExportRequests } from "../exports/submission.ts";
import type { Viewer } from "./viewer.ts";

/** Clari's code for a forecast that does not exist, and for one this token's user is not opted in to. */
const REFUSALS = ["no_such_forecast_config", "no_optin"] as const;
export type ForecastRefusal = (typeof REFUSALS)[number];

export interface KnownForecast {
  readonly id: string;
  /** When Clari finished its last export, or refused one, epoch milliseconds. */
  readonly at: number;
  /** Absent: it was read. */
  readonly refusal?: ForecastRefusal;
}

export interface KnownPeriod {
  /** `2026_Q4` */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** When Clari said so, epoch milliseconds. */
  readonly at: number;
}

export interface Known {
  forecasts(): Promise<readonly KnownForecast[]>;
  periods(): Promise<readonly KnownPeriod[]>;
  /** The same exports, learning from each. */
  from(exports: Exports): Exports;
}

export interface KnownOptions {
  readonly store: KeyedStore;
  readonly clock: Clock;
  readonly viewer: Viewer;
  readonly log: Log;
}

/** A fiscal calendar changes seldom, and a year of it should not be forgotten. */
const KEPT_MS = 400 * 86_400_000;

export const createKnown = ({ store, clock, viewer, log }: KnownOptions): Known => {
  const prefix = async (kind: "forecast" | "period") => `known ${kind} ${await viewer.current()} `;
  const all = async <T>(kind: "forecast" | "period") =>
    (await store.list<T>(await prefix(kind))).map(({ value }) => value);

  /** What was learnt is a convenience: the answer it came with is given all the same. */
  const put = async (kind: "forecast" | "period", thing: KnownForecast | KnownPeriod) => {
    try {
      await store.put((await prefix(kind)) + thing.id, thing, { expiresAt: clock.now() + KEPT_MS });
    } catch (error) {
      log.warn({ err: error }, `what an export showed of a ${kind} could not be kept`);
    }
  };

  /** Callers that share one result learn from it once. */
  const learnt = new WeakSet<object>();

  const learn = async (id: string, outcome: ExportOutcome<unknown>) => {
    if (outcome.status !== "done" || outcome.cached) return;
    const content = outcome.content as { readonly period?: TimePeriod };
    if (learnt.has(content)) return;
    learnt.add(content);
    await viewer.note(outcome.user);
    const at = outcome.asOf;
    await put("forecast", { id, at });
    const { timePeriodId, startDate: from, endDate: to } = content.period ?? {};
    if (timePeriodId && PERIOD_ID.test(timePeriodId) && from && to && DAY.test(from) && DAY.test(to))
      await put("period", { id: timePeriodId, from, to, at });
  };

  const learning = async <T>(
    order: ExportRequests,
    read: () => Promise<ExportOutcome<T>>,
  ): Promise<ExportOutcome<T>> => {
    const id = forecastIn(order);
    if (id === undefined) return read();
    try {
      const outcome = await read();
      await learn(id, outcome);
      return outcome;
    } catch (error) {
      const code = isHubError(error) ? error.vendor?.code : undefined;
      const refusal = REFUSALS.find((one) => one === code);
      // A team that is not opted in says nothing of the forecast.
      if (refusal && !asksForTeam(order)) await put("forecast", { id, at: clock.now(), refusal });
      throw error;
    }
  };

  return {
    forecasts: () => all<KnownForecast>("forecast"),
    periods: () => all<KnownPeriod>("period"),
    from: (exports) => ({
      ...exports,
      run: (order, call) => learning(order, () => exports.run(order, call)),
      resume: (jobId, order, call) => learning(order, () => exports.resume(jobId, order, call)),
    }),
  };
};

/** Forecast exports name theirs; others know none. */
const forecastIn = (order: ExportRequests): string | undefined =>
  "forecastId" in order && typeof order.forecastId === "string" ? order.forecastId : undefined;

const asksForTeam = ({ request }: ExportRequests): boolean =>
  request.body !== undefined && "scopeId" in request.body;

const PERIOD_ID = /^\d{4}_\w{1,10}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
