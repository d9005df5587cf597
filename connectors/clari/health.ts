import type { Check, Health } from "#connector";
import type { Clari } from "./clari.ts";
import { WHERE_FORECAST_IDS_ARE } from "./refusals.ts";

const LITTLE_LEFT = 0.1;

/** Reads the export limits: cheap, takes no quota, and proves address and token. */
export const health = async ({ api, settings }: Clari): Promise<Health> => {
  const { monthlyQuota, availableMonthlyQuota, concurrentLimit, availableConcurrentLimit } =
    await api.limits();
  const checks: Check[] = [];
  if (!settings.baseUrl.endsWith("/v4"))
    checks.push({
      level: "warning",
      what: "address",
      detail: `"baseUrl" does not end in /v4, the only version Clari publishes for exports.`,
      hint: `Set "baseUrl" to https://api.clari.com/v4.`,
    });
  if (availableMonthlyQuota <= monthlyQuota * LITTLE_LEFT)
    checks.push({
      level: "warning",
      what: "export quota",
      detail:
        availableMonthlyQuota <= 0
          ? "used up; it frees up over 30 rolling days."
          : `only ${availableMonthlyQuota} of ${monthlyQuota} exports are left of 30 rolling days.`,
      hint: "Answers that are kept cost none; ask again only what must be new.",
    });
  if (Object.keys(settings.forecasts).length === 0)
    checks.push({
      level: "warning",
      what: "forecast",
      detail: "none is configured.",
      hint: WHERE_FORECAST_IDS_ARE,
    });
  return {
    summary: `token accepted; ${availableMonthlyQuota} of ${monthlyQuota} exports left in 30 days, ${availableConcurrentLimit} of ${concurrentLimit} slots free`,
    checks,
  };
};
