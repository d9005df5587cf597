/** Asking Clari for a forecast. */
import { dayIn, HubError, parseQuarter, quarterPosition } from "#connector";
import { type FileReader, type ForecastExport, requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import type { ExportOrder } from "../exports/submission.ts";
import { WHERE_FORECAST_IDS_ARE } from "../refusals.ts";
import { FORECAST_ID } from "../settings.ts";
import { readForecastFile } from "./forecast-file.ts";
import { type AskedQuarter, type ForecastReading, readForecast } from "./forecast-reading.ts";
import { recogniseForecast } from "./forecast-recognition.ts";

export const VIEWS = ["summary", "rows", "trend"] as const;

export interface ForecastQuestion {
  readonly forecast_id?: string | undefined;
  readonly time_period?: string | undefined;
  readonly scope_id?: string | undefined;
  readonly currency?: string | undefined;
  readonly view: (typeof VIEWS)[number];
  /** Of a trend: the latest so many. */
  readonly weeks?: number | undefined;
  readonly fresh?: boolean | undefined;
}

export interface ForecastOrder extends ExportOrder<ForecastReading> {
  readonly forecastId: string;
  readonly asked: AskedQuarter;
  readonly question: ForecastQuestion;
  readonly about: AboutForecast;
}

/** What is remembered with a job: "next quarter" must mean the same when it is asked for tomorrow. */
export interface AboutForecast {
  readonly question: ForecastQuestion;
  readonly asked: AskedQuarter;
}

/** By default Clari exports the first two only. */
const TYPES = ["forecast", "forecast_updated", "quota", "adjustment"] as const;
/** Clari's specification both lists and refuses these. */
const CRM_TYPES = ["crm_total", "crm_closed"] as const;

/** Throws `invalid_input` when there is no forecast to ask for. */
export const forecastOrder = (
  clari: Clari,
  question: ForecastQuestion,
  asked = askedQuarter(question.time_period, clari.clock.now(), clari.settings.fiscalYearStartMonth),
): ForecastOrder => {
  const { settings, clock } = clari;
  const forecastId = resolveForecast(question.forecast_id, settings.forecasts);
  const { scope_id: scopeId, fresh = false, ...remembered } = question;
  const everyWeek = question.view === "trend";
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
    question,
    about: { question: { ...remembered, scope_id: scopeId, forecast_id: forecastId }, asked },
    fresh,
    request: requests.exportForecast(forecastId, body),
    reduced: requests.exportForecast(forecastId, { ...body, typesToExport: TYPES }),
    // Clari ends the quarter with more digits; an id alone would also begin net_arr_monthly's.
    fileName: `clari_export_${forecastId}_${asked.expected}`,
    ...(currency && { currency }),
    read: () => readInto(readForecastFile(settings.fields), (file) => readForecast(file, asked)),
    recognise: () => recogniseForecast({ forecastId, scopeId, currency, everyWeek }, clari),
    isOver: ({ period }, sentAt) => asked.position === "current" && endedSince(sentAt, clock.now(), period),
  };
};

const readInto = <F, T>({ item, end }: FileReader<F>, read: (file: F) => T): FileReader<T> => ({
  item,
  end(lists) {
    const ended = end(lists);
    return "content" in ended
      ? { content: read(ended.content) }
      : { again: () => readInto(ended.again(), read) };
  },
});

/** It ended after it was asked for. One asked for after its end is what Clari still takes for the current one. */
const endedSince = (sentAt: number, now: number, period: ForecastReading["period"]): boolean =>
  !!period?.endDate && dayIn("UTC", sentAt) <= period.endDate && period.endDate < dayIn("UTC", now);

export const resolveForecast = (
  asked: string | undefined,
  configured: Readonly<Record<string, string>>,
): string => {
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

/** Throws `invalid_input`. */
export const askedQuarter = (text = "current", now: number, fiscalYearStartMonth: number): AskedQuarter => {
  const position = quarterPosition(text);
  const today = dayIn("UTC", now);
  const { id, start } = parseQuarter(text, today, fiscalYearStartMonth);
  const isBare = !position && !/\d{4}/.test(text);
  return {
    today,
    id: position === "current" ? undefined : id,
    expected: id,
    position,
    start: isBare ? start : undefined,
  };
};
