/** Results as files: forecasts as JSON or CSV, everything else as JSON. */

import { CURRENCIES, type CurrencyCode, type ForecastRequest } from "./forecast-request.ts";
import type { Entry, ForecastResult, StreamedForecast } from "./forecast-result.ts";
import type { ResultFile } from "./job.ts";
import { padded } from "./padding.ts";

const JSON_TYPE = "application/json;charset=UTF-8";
const CSV_TYPE = "text/csv; charset=utf-8";
const DAY = 86_400_000;

export const jsonFile = (content: object): ResultFile => ({
  contentType: JSON_TYPE,
  body: JSON.stringify(content),
});

/** As the request asked; `padTo` bytes or more of it if given, written while it is sent. */
export const forecastFile = (
  request: ForecastRequest,
  result: ForecastResult,
  padTo: number | null,
): ResultFile => {
  if (request.exportFormat === "JSON") {
    if (padTo === null) return jsonFile(result);
    return { contentType: JSON_TYPE, body: inBlocks(jsonParts(padded(result, padTo))) };
  }
  if (padTo === null) return { contentType: CSV_TYPE, body: [...csvParts(request, result)].join("") };
  return { contentType: CSV_TYPE, body: inBlocks(csvParts(request, padded(result, padTo))) };
};

/** Rewindable: every download walks the entries anew. */
const jsonParts = ({ entries, ...rest }: StreamedForecast): Iterable<string> => ({
  *[Symbol.iterator]() {
    yield '{"entries":[';
    let separator = "";
    for (const entry of entries) {
      yield separator + JSON.stringify(entry);
      separator = ",";
    }
    yield `],${JSON.stringify(rest).slice(1)}`;
  },
});

const HEADER = [
  "User,Email,CRM User ID,Role,Parent Role,Timeframe,Field,Week",
  "Start Day,End Day,Data Type,Data Value",
].join(",");

/** One line for each value of each entry. */
const csvParts = (request: ForecastRequest, result: StreamedForecast): Iterable<string> => ({
  *[Symbol.iterator]() {
    yield `${HEADER}\n`;
    const users = new Map(result.users.map((user) => [user.userId, user]));
    const fields = new Map(result.fields.map((field) => [field.fieldId, field.fieldName]));
    const firstWeek = Date.parse(request.quarter.weeks[0]?.start ?? request.quarter.start);
    for (const entry of result.entries) {
      const user = users.get(entry.userId)!;
      const start = Date.parse(entry.timeFrameId.slice("TF:".length));
      const line = [
        user.name,
        user.email,
        user.crmId,
        user.hierarchyName,
        user.parentHierarchyName ?? "",
        timeframe(request, start),
        fields.get(entry.fieldId)!,
        String(Math.round((start - firstWeek) / (7 * DAY))),
        usDate(start),
        usDate(start + 6 * DAY),
      ];
      for (const [type, value] of csvValues(entry, request.currency)) yield csvLine([...line, type, value]);
    }
  },
});

const BLOCK = 65_536;

/** The same text in fewer writes. */
const inBlocks = (parts: Iterable<string>): Iterable<string> => ({
  *[Symbol.iterator]() {
    let block = "";
    for (const part of parts) {
      block += part;
      if (block.length < BLOCK) continue;
      yield block;
      block = "";
    }
    yield block;
  },
});

const csvValues = (entry: Entry, code: CurrencyCode): [type: string, value: string][] => {
  const values: [string, number | boolean | undefined][] = [
    ["Forecast Value", entry.forecastValue],
    ["Adjustment", entry.adjustmentValue],
    ["Quota", entry.quotaValue],
    ["CRM Total", entry.aggregationTotal],
    ["CRM Closed", entry.aggregationClosed],
    ["Forecast Updated", entry.isUpdated],
  ];
  return values.flatMap(([type, value]) => (value === undefined ? [] : [[type, csvValue(value, code)]]));
};

const csvValue = (value: number | boolean, code: CurrencyCode): string => {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  const digits = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: 2 });
  return `${value < 0 ? "-" : ""}${CURRENCIES[code].symbol}${digits}`;
};

const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;

/** `Q2 FY 2026`; a monthly tab names the month that the week ends in: `May FY 2026`. */
const timeframe = ({ forecastId, quarter }: ForecastRequest, weekStart: number): string => {
  if (forecastId !== "net_arr_monthly") return `${quarter.label} FY ${quarter.year}`;
  const lastDay = Math.min(weekStart + 6 * DAY, Date.parse(quarter.end));
  const month = new Intl.DateTimeFormat("en-US", { month: "long", timeZone: "UTC" }).format(lastDay);
  return `${month} FY ${quarter.year}`;
};

/** `05/18/2026` */
const usDate = (time: number): string => {
  const [year, month, day] = new Date(time).toISOString().slice(0, 10).split("-");
  return `${month}/${day}/${year}`;
};
