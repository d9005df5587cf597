import type { Health } from "#connector";
import type { Clari } from "./clari.ts";
import { WHERE_FORECAST_IDS_ARE } from "./refusals.ts";

const LITTLE_LEFT = 0.1;

/** Reads the export limits: cheap, takes no quota, and proves address and token. */
export const health = async ({ api, settings }: Clari): Promise<Health> => {
  const { monthlyQuota, availableMonthlyQuota, concurrentLimit, availableConcurrentLimit } =
    await api.limits();
  const warnings: string[] = [];
  if (!settings.baseUrl.endsWith("/v4"))
    warnings.push(`"baseUrl" does not end in /v4, the only version Clari publishes for exports.`);
  if (availableMonthlyQuota <= 0)
    warnings.push("The export quota is used up; it frees up over 30 rolling days.");
  else if (availableMonthlyQuota <= monthlyQuota * LITTLE_LEFT)
    warnings.push(`Only ${availableMonthlyQuota} of ${monthlyQuota} exports are left of 30 rolling days.`);
  if (Object.keys(settings.forecasts).length === 0)
    warnings.push(`No forecast is configured. ${WHERE_FORECAST_IDS_ARE}`);
  return {
    summary: `token accepted; ${availableMonthlyQuota} of ${monthlyQuota} exports left in 30 days, ${availableConcurrentLimit} of ${concurrentLimit} slots free`,
    warnings,
  };
};
