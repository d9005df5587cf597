/** What is left of the org's allowances, and what counts against them. */
import type { Org } from "../org.ts";

export const limitsOf = ({ switches: { apiUsage } }: Org): object => ({
  ConcurrentAsyncGetReportInstances: { Max: 200, Remaining: 200 },
  DailyApiRequests: { Max: apiUsage.limit, Remaining: Math.max(0, apiUsage.limit - apiUsage.used) },
  DailyAsyncApexExecutions: { Max: 250_000, Remaining: 250_000 },
  DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
  DataStorageMB: { Max: 1024, Remaining: 871 },
  FileStorageMB: { Max: 1024, Remaining: 1016 },
  HourlyODataCallout: { Max: 1000, Remaining: 1000 },
  SingleEmail: { Max: 5000, Remaining: 5000 },
});

export const countCall = (org: Org): void => {
  const { apiUsage, perAppUsage } = org.switches;
  org.switches = {
    ...org.switches,
    apiUsage: { ...apiUsage, used: apiUsage.used + 1 },
    perAppUsage: perAppUsage && { ...perAppUsage, used: perAppUsage.used + 1 },
  };
};

/** `api-usage=25/5000; per-app-api-usage=17/250(appName=sample)` */
export const limitInfo = ({ switches: { apiUsage, perAppUsage } }: Org): { "sforce-limit-info": string } => {
  const whole = `api-usage=${apiUsage.used}/${apiUsage.limit}`;
  if (!perAppUsage) return { "sforce-limit-info": whole };
  const { used, limit, app } = perAppUsage;
  return { "sforce-limit-info": `${whole}; per-app-api-usage=${used}/${limit}(appName=${app})` };
};
