/** What is left of the org's allowances. */
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
