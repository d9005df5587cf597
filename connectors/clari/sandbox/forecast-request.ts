/** What a forecast export was asked for, checked in the order Clari checks it. */
import {
  type Company,
  FORECASTS,
  type ForecastId,
  type Person,
  type Quarter,
} from "#sandbox/company/types.ts";
import { isOptedIn, scopeIdOf, seatsUnder } from "./hierarchy.ts";
import { jsonObject } from "./json.ts";
import { isoDay } from "./org.ts";
import { clariError } from "./refusals.ts";
import type { Call } from "./tenant.ts";

const EXPORT_TYPES = [
  "forecast",
  "quota",
  "forecast_updated",
  "adjustment",
  "crm_total",
  "crm_closed",
] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

/** Units of each currency for one US dollar, and its sign. */
export const CURRENCIES = {
  USD: { rate: 1, symbol: "$" },
  EUR: { rate: 0.92, symbol: "€" },
  GBP: { rate: 0.79, symbol: "£" },
} as const;
export type CurrencyCode = keyof typeof CURRENCIES;

export interface ForecastRequest {
  readonly forecastId: ForecastId;
  /** The one answered for: the current quarter where the one asked for has no data. */
  readonly quarter: Quarter;
  /** Oldest first, at most up to now; one alone unless history was asked for. */
  readonly weeks: readonly string[];
  readonly types: ReadonlySet<ExportType>;
  /** Whose subtree. */
  readonly root: Person;
  readonly currency: CurrencyCode;
  readonly includeHistorical: boolean;
  readonly exportFormat: "JSON" | "CSV";
}

/** Throws the {@link Refusal} that Clari answers: forecast, body, types, currency, opt-in. */
export const exportRequest = (call: Call): ForecastRequest =>
  checked(call, () => bodyOver(call), call.tenant.switches.crmTypes === "accept");

/** The same for the synchronous route, which has no body and always took the CRM types. */
export const synchronousRequest = (call: Call): ForecastRequest =>
  checked(call, () => ({ ...fromQuery(call.request.query), includeHistorical: false }), true);

const checked = (
  call: Call,
  read: () => Record<string, unknown>,
  takesCrmTypes: boolean,
): ForecastRequest => {
  const { tenant, caller } = call;
  const [forecastId] = call.params;
  if (!forecastId)
    throw clariError(
      tenant,
      400,
      "fcw",
      "missing_forecast_id",
      "The forecastId query parameter is required.",
    );
  if (!isForecastId(forecastId)) {
    const message = `Forecast ${forecastId} does not exist in the ForecastTemplate.`;
    throw clariError(tenant, 400, "fcw", "no_such_forecast_config", message);
  }
  const input = wellFormed(call, read());
  const types = exportTypes(call, input.typesToExport, takesCrmTypes);
  if (!isCurrency(input.currency))
    throw clariError(tenant, 400, "fcw", "bad_request", "The currency parameter is invalid.");
  const root = scopeRoot(call, forecastId, input.scopeId ?? scopeIdOf(caller));

  const { quarter, weeks } = periodAnswered(tenant.company, forecastId, input.timePeriod, tenant.clock.now());
  const { currency, includeHistorical, exportFormat } = input;
  return {
    forecastId,
    quarter,
    weeks: includeHistorical ? weeks : weeks.slice(-1),
    types,
    root,
    currency,
    includeHistorical,
    exportFormat,
  };
};

// --- reading ---------------------------------------------------------------------------------------

interface Input {
  readonly timePeriod: string | null;
  readonly typesToExport: readonly string[];
  readonly scopeId: string | null;
  readonly currency: string;
  readonly includeHistorical: boolean;
  readonly exportFormat: "JSON" | "CSV";
}

/** The body wins over the same parameter in the query. */
const bodyOver = (call: Call): Record<string, unknown> => {
  const { body, query } = call.request;
  const parsed = body.trim() === "" ? {} : jsonObject(body);
  if (!parsed) throw malformed(call);
  return { ...fromQuery(query), ...parsed };
};

const fromQuery = (query: URLSearchParams): Record<string, unknown> => {
  const { typesToExport: _, includeHistorical, ...rest } = Object.fromEntries(query);
  const types = query.getAll("typesToExport");
  return {
    ...rest,
    ...(types.length > 0 && { typesToExport: types }),
    ...(includeHistorical !== undefined && {
      includeHistorical: { true: true, false: false }[includeHistorical] ?? includeHistorical,
    }),
  };
};

const wellFormed = (call: Call, raw: Record<string, unknown>): Input => {
  const text = (name: string): string | null => {
    const value = raw[name] ?? null;
    if (value !== null && typeof value !== "string") throw malformed(call);
    return value;
  };
  const types = raw.typesToExport ?? [];
  const includeHistorical = raw.includeHistorical ?? false;
  const exportFormat = text("exportFormat") ?? "JSON";
  if (!Array.isArray(types) || !types.every((type) => typeof type === "string")) throw malformed(call);
  if (typeof includeHistorical !== "boolean") throw malformed(call);
  if (exportFormat !== "JSON" && exportFormat !== "CSV") throw malformed(call);
  if (!["NONE", "ONCE", "MAX"].includes(text("schedule") ?? "NONE")) throw malformed(call);
  return {
    timePeriod: text("timePeriod"),
    typesToExport: types.length > 0 ? types : ["forecast", "forecast_updated"],
    scopeId: text("scopeId"),
    currency: text("currency") ?? "USD",
    includeHistorical,
    exportFormat,
  };
};

const malformed = (call: Call) =>
  clariError(call.tenant, 400, "fcw", "bad_request", `The request body was malformed: ${call.request.body}`);

// --- checking --------------------------------------------------------------------------------------

const exportTypes = (call: Call, asked: readonly string[], takesCrmTypes: boolean): Set<ExportType> => {
  const unknown = asked.filter((type) => !isExportType(type));
  if (unknown.length > 0) {
    const list = unknown.map((type) => JSON.stringify(type)).join(", ");
    const message = `The following typesToExport values are invalid: [${list}]`;
    throw clariError(call.tenant, 400, "fcw", "bad_request", message);
  }
  if (!takesCrmTypes && asked.some((type) => type.startsWith("crm_"))) {
    const message =
      "CRM Totals and CRM Closed are not supported typeToExport values for Export API. Please see " +
      "Forecast API documentation if you'd like to retrieve CRM Totals or CRM Closed values.";
    throw clariError(call.tenant, 400, "fcw", "type_not_supported", message);
  }
  return new Set(asked.filter(isExportType));
};

/** Unknown people, people outside the caller's own scope and people who are not opted in look the same. */
const scopeRoot = (call: Call, forecastId: ForecastId, scopeId: string): Person => {
  const { tenant, caller } = call;
  const visible = isOptedIn(caller)
    ? [caller, ...seatsUnder(tenant.company, caller).map(({ person }) => person)]
    : [];
  const root = visible.find((person) => scopeIdOf(person) === scopeId);
  if (root) return root;
  const message = `No optins for scope ${scopeId} for forecast '${forecastId}'.`;
  throw clariError(tenant, 401, "fcw", "no_optin", message);
};

/** A period that is malformed, unknown or without data is answered with the current one, silently. */
const periodAnswered = (company: Company, forecastId: ForecastId, asked: string | null, now: number) => {
  const today = isoDay(now);
  const submitted = company.submissions.filter(
    (one) => one.forecastId === forecastId && one.weekStart <= today,
  );
  const weeksOf = (quarter: Quarter): string[] =>
    [...new Set(submitted.flatMap((one) => (one.quarterId === quarter.id ? [one.weekStart] : [])))].sort();

  const named = company.quarters.find(({ id }) => id === asked);
  const namedWeeks = named ? weeksOf(named) : [];
  if (named && namedWeeks.length > 0) return { quarter: named, weeks: namedWeeks };
  const current = quarterAt(company, today) ?? quarterAt(company, isoDay(company.madeAt))!;
  return { quarter: current, weeks: weeksOf(current) };
};

const quarterAt = (company: Company, day: string): Quarter | undefined =>
  company.quarters.find(({ start, end }) => start <= day && day <= end);

const isForecastId = (id: string): id is ForecastId => (FORECASTS as readonly string[]).includes(id);
const isExportType = (type: string): type is ExportType => (EXPORT_TYPES as readonly string[]).includes(type);
const isCurrency = (code: string): code is CurrencyCode => Object.hasOwn(CURRENCIES, code);
