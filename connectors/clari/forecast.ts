/** Asking Clari for a forecast. */
import { dayIn, HubError, parseQuarter, quarterPosition } from "#connector";
import { forecastFile } from "./answers.ts";
import { type ForecastExport, requests, shaped } from "./api.ts";
import type { Clari } from "./clari.ts";
import { type AskedQuarter, type ForecastReading, readForecast } from "./forecast-reading.ts";
import { hierarchyOf, scopeIdOf } from "./hierarchy.ts";
import type { ExportOrder } from "./jobs.ts";
import { WHERE_FORECAST_IDS_ARE } from "./refusals.ts";
import { FORECAST_ID } from "./settings.ts";

export interface ForecastQuestion {
  readonly forecast_id?: string | undefined;
  readonly time_period?: string | undefined;
  readonly scope_id?: string | undefined;
  readonly currency?: string | undefined;
  /** Every week of the quarter instead of the latest. */
  readonly everyWeek: boolean;
}

export interface ForecastOrder extends ExportOrder<ForecastReading> {
  readonly forecastId: string;
  readonly asked: AskedQuarter;
}

/** By default Clari exports the first two only. */
const TYPES = ["forecast", "forecast_updated", "quota", "adjustment"] as const;
/** Clari's specification both lists and refuses these. */
const CRM_TYPES = ["crm_total", "crm_closed"] as const;

/** Throws `invalid_input` when there is no forecast to ask for. */
export const forecastOrder = ({ settings, clock }: Clari, question: ForecastQuestion): ForecastOrder => {
  const forecastId = resolveForecast(question.forecast_id, settings.forecasts);
  const asked = askedQuarter(question.time_period, clock.now(), settings.fiscalYearStartMonth);
  const { scope_id: scopeId, everyWeek } = question;
  const currency = question.currency?.toUpperCase();
  const body: ForecastExport = {
    ...(asked.id && { timePeriod: asked.id }),
    typesToExport: [...TYPES, ...CRM_TYPES],
    ...(scopeId && { scopeId }),
    ...(currency && { currency }),
    schedule: "NONE",
    includeHistorical: everyWeek,
    exportFormat: "JSON",
  };
  return {
    forecastId,
    asked,
    request: requests.exportForecast(forecastId, body),
    reduced: requests.exportForecast(forecastId, { ...body, typesToExport: TYPES }),
    // Clari ends the quarter with more digits; an id alone would also begin net_arr_monthly's.
    fileName: `clari_export_${forecastId}_${asked.expected}`,
    ...(currency && { currency }),
    read: (file) => readForecast(shaped(forecastFile, file), asked.id, clock.now()),
    fits: ({ users, weeks, entries }) =>
      (!scopeId || isTeamOf(scopeId, users)) &&
      weeks.length > 1 === everyWeek &&
      (!currency || entries.every((entry) => entry.currency === currency)),
  };
};

const isTeamOf = (scopeId: string, users: ForecastReading["users"]): boolean => {
  const { roots } = hierarchyOf(users);
  return roots.length > 0 && roots.every((user) => scopeIdOf(user.scopeId) === scopeId);
};

const resolveForecast = (asked: string | undefined, configured: Readonly<Record<string, string>>): string => {
  const names = Object.keys(configured);
  const known = (name: string) => (Object.hasOwn(configured, name) ? configured[name] : undefined);
  const only = names.length === 1 ? names[0] : undefined;
  const id = asked === undefined ? (known("default") ?? (only && known(only))) : (known(asked) ?? asked);
  if (id && FORECAST_ID.test(id)) return id;
  const problem =
    asked === undefined ? "No forecast is configured as the default one." : "This is not a forecast id.";
  throw new HubError("invalid_input", problem, {
    hint: WHERE_FORECAST_IDS_ARE,
    facts: { configured: names },
  });
};

const askedQuarter = (text = "current", now: number, fiscalYearStartMonth: number): AskedQuarter => {
  const position = quarterPosition(text);
  const { id, start } = parseQuarter(text, dayIn("UTC", now), fiscalYearStartMonth);
  const isBare = !position && !/\d{4}/.test(text);
  return {
    id: position === "current" ? undefined : id,
    expected: id,
    position,
    start: isBare ? start : undefined,
  };
};
