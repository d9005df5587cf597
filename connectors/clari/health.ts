/** How Clari is, seen from this hub: two requests, and not one export. */
import { type Check, type Health, isHubError } from "#connector";
import type { Limits } from "./answers.ts";
import type { Clari } from "./clari.ts";
import { type ForecastStanding, forecastStandings, lastExports } from "./forecast/forecast-standings.ts";
import { isLittleQuota, limitsInWords } from "./limits.ts";
import { WHERE_FORECAST_IDS_ARE } from "./refusals.ts";
import { DAY } from "./values.ts";

type Finding = Check extends infer C ? (C extends Check ? Omit<C, "what"> : never) : never;

/** The limits prove address and token. Throws a HubError when either is not accepted. */
export const health = async (clari: Clari): Promise<Health> => {
  const { api, settings, clock } = clari;
  const limits = await api.limits();
  const exported = lastExports(await jobsOf(clari));
  const standings = await forecastStandings(clari);
  const configured = standings.filter(({ name }) => name !== null);
  return {
    summary: `token accepted; ${limitsInWords(limits)}`,
    checks: [
      { what: "address", ...addressFinding(settings.baseUrl) },
      { what: "export quota", ...quotaFinding(limits) },
      { what: "export slots", ...slotsFinding(limits) },
      ...(configured.length === 0 ? [NO_FORECAST] : []),
      ...configured.map(
        (one): Check => ({
          what: `forecast ${one.name}`,
          ...forecastFinding(one, exported.get(one.id), clock.now()),
        }),
      ),
      { what: "kept data", ...ageFinding(standings, clock.now()) },
    ],
  };
};

/** The list only adds to what is known: a health that could not be told without it would be worse. */
const jobsOf = async ({ api }: Clari) => {
  try {
    return (await api.jobs()).jobs;
  } catch (error) {
    if (isHubError(error)) return [];
    throw error;
  }
};

const addressFinding = (baseUrl: string): Finding =>
  baseUrl.endsWith("/v4")
    ? { level: "ok", detail: baseUrl }
    : {
        level: "warning",
        detail: `${new URL(baseUrl).pathname} answers, but /v4 is the only version Clari publishes for exports.`,
        hint: `Set "baseUrl" to https://api.clari.com/v4.`,
      };

const quotaFinding = (limits: Limits): Finding => {
  const { monthlyQuota, availableMonthlyQuota } = limits;
  const left = `${availableMonthlyQuota} of ${monthlyQuota} exports are left of 30 rolling days`;
  if (!isLittleQuota(limits)) return { level: "ok", detail: left };
  return {
    level: "warning",
    detail: availableMonthlyQuota <= 0 ? "used up; it frees up over 30 rolling days." : `only ${left}.`,
    hint: "Answers that are kept cost none; ask again only what must be new.",
  };
};

const slotsFinding = ({ concurrentLimit, availableConcurrentLimit }: Limits): Finding =>
  availableConcurrentLimit > 0
    ? { level: "ok", detail: `${availableConcurrentLimit} of ${concurrentLimit} are free` }
    : {
        level: "warning",
        detail: `none of ${concurrentLimit} is free: a new export waits.`,
        hint: "Look at clari_list_export_jobs for what runs; what others started ends by itself or in Clari.",
      };

const NO_FORECAST: Check = {
  level: "warning",
  what: "forecast",
  detail: "none is configured.",
  hint: WHERE_FORECAST_IDS_ARE,
};

const forecastFinding = (
  { name, id, state, at }: ForecastStanding,
  exportedAt: number | undefined,
  now: number,
): Finding => {
  if (state === "no_such_forecast_config")
    return {
      level: "problem",
      detail: `Clari has no forecast ${id} (asked ${ago(at, now)}).`,
      hint: WHERE_FORECAST_IDS_ARE,
    };
  if (state === "no_optin")
    return {
      level: "problem",
      detail: `the token's user is not opted in to ${id} (asked ${ago(at, now)}).`,
      hint: "Have the user opted in to this forecast in Clari, or take the token of one who is.",
    };
  if (state === "read") return { level: "ok", detail: `${id} was read ${ago(at, now)}` };
  if (exportedAt !== undefined)
    return { level: "ok", detail: `${id} was exported ${ago(exportedAt, now)}, not by this hub` };
  // To find out would cost an export.
  return {
    level: "warning",
    detail: `whether Clari has ${id} is not verified yet.`,
    hint: `Ask clari_get_forecast once with forecast_id "${name}": it costs one export.`,
  };
};

const OLD_DAYS = 7;

const ageFinding = (standings: readonly ForecastStanding[], now: number): Finding => {
  const times = standings.flatMap(({ state, at }) => (state === "read" && at !== undefined ? [at] : []));
  if (times.length === 0) return { level: "ok", detail: "no forecast has been read yet" };
  const newest = Math.max(...times);
  const detail = `the newest forecast is of ${ago(newest, now)}`;
  if (now - newest <= OLD_DAYS * DAY) return { level: "ok", detail };
  return {
    level: "warning",
    detail: `${detail}.`,
    hint: "Clari cannot say later what was called then: ask for the forecast weekly to keep it.",
  };
};

/** `3 hours ago` */
const ago = (at: number | undefined, now: number): string => {
  const hours = Math.floor((now - (at ?? now)) / 3_600_000);
  if (hours < 1) return "less than an hour ago";
  const [count, unit] = hours < 48 ? [hours, "hour"] : [Math.floor(hours / 24), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
};
