/** Asking Clari for a forecast, and making sure that what came back is what was asked. */
import { dayIn, HubError, parseQuarter, type QuarterPosition, quarterPosition } from "#connector";
import { type Entry, type ForecastFile, forecastFile, type TimeFrame, type TimePeriod } from "./answers.ts";
import { type ForecastExport, requests, shaped } from "./api.ts";
import type { Clari } from "./clari.ts";
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

export interface ForecastOrder extends ExportOrder<ForecastFile> {
  readonly forecastId: string;
  readonly asked: AskedQuarter;
}

interface AskedQuarter {
  /** Undefined: whichever is current for Clari, which knows its fiscal calendar better than our config. */
  readonly id: string | undefined;
  readonly position: QuarterPosition | undefined;
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
    // The id alone is not enough: net_arr would find an export of net_arr_monthly.
    fileName: new RegExp(`^clari_export_${forecastId}_${asked.id ?? "\\d{4}_Q[1-4]"}`),
    read: (file) => shaped(forecastFile, file),
  };
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
  if (position === "current") return { id: undefined, position };
  return { id: parseQuarter(text, dayIn("UTC", now), fiscalYearStartMonth).id, position };
};

// --- what came back --------------------------------------------------------------------------------

export interface ForecastReading {
  readonly period: TimePeriod;
  /** Oldest first; only those that have entries. */
  readonly weeks: readonly TimeFrame[];
  /** Of this period, each once. */
  readonly entries: readonly Entry[];
  readonly file: ForecastFile;
}

/** Throws `vendor_malformed` for another quarter than asked, `config` when the fiscal calendar does not fit. */
export const readForecast = (file: ForecastFile, asked: AskedQuarter, now: number): ForecastReading => {
  const period = periodOf(file, asked, today(now));
  const entries = distinct(file.entries.filter(({ timePeriodId }) => timePeriodId === period.timePeriodId));
  const used = new Set(entries.map(({ timeFrameId }) => timeFrameId));
  // The order of weeks is not defined, and the first one may begin before the quarter.
  const weeks = file.timeFrames
    .filter(({ timeFrameId }) => used.has(timeFrameId))
    .sort((a, b) => (firstDay(a) < firstDay(b) ? -1 : 1));
  return { period, weeks, entries, file };
};

const today = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** `TF:2026-11-16` says it too. */
export const firstDay = ({ startDate, timeFrameId }: TimeFrame): string =>
  startDate ?? timeFrameId.replace(/^TF:/, "");

/** Clari answers the current quarter, without a word, for one that it does not know or has no data for. */
const periodOf = (
  { timePeriods }: ForecastFile,
  { id, position }: AskedQuarter,
  today: string,
): TimePeriod => {
  if (id === undefined) return timePeriods.find((period) => contains(period, today)) ?? timePeriods[0]!;
  const period = timePeriods.find(({ timePeriodId }) => timePeriodId === id);
  if (!period)
    throw new HubError(
      "vendor_malformed",
      `Clari answered for another quarter than ${id}; its figures are not shown.`,
      {
        hint: "Clari answers the current quarter for one it has no data for. Ask for another quarter, or check the id in Clari.",
        facts: {
          asked: id,
          returned: timePeriods.map(({ timePeriodId }) => timePeriodId.replace(/[^\w-]/g, "?").slice(0, 20)),
        },
      },
    );
  if (position && !isBeside(period, position, today))
    throw new HubError("config", `${id} is not the ${position} quarter in Clari's fiscal calendar.`, {
      hint: 'Set "fiscalYearStartMonth" in the connector\'s config, or name the quarter.',
      facts: { asked: id },
    });
  return period;
};

const contains = ({ startDate, endDate }: TimePeriod, day: string) =>
  !!startDate && !!endDate && startDate <= day && day <= endDate;

const DAY = 86_400_000;
const LONGEST_QUARTER_DAYS = 100;

/** Begins after today, or ended before it, by no more than a quarter. */
const isBeside = ({ startDate, endDate }: TimePeriod, position: QuarterPosition, today: string): boolean => {
  const day = position === "next" ? startDate : endDate;
  if (!day) return true;
  const days = (Date.parse(day) - Date.parse(today)) / DAY;
  return position === "next"
    ? days > 0 && days <= LONGEST_QUARTER_DAYS
    : days < 0 && days >= -LONGEST_QUARTER_DAYS;
};

/** Values of one key may come in one entry or in several, and twice. */
const distinct = (entries: readonly Entry[]): Entry[] => {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.timeFrameId} ${entry.userId} ${entry.fieldId}`;
    byKey.set(key, { ...byKey.get(key), ...entry });
  }
  return [...byKey.values()];
};
