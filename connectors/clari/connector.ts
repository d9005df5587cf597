import { defineConnector } from "#connector";
import { dealChanges } from "./changes/deal-changes.ts";
import { openClari } from "./clari.ts";
import { dealRisks } from "./deals/deal-risks.ts";
import { forecastLines } from "./forecast/forecast-lines.ts";
import { terms } from "./forecast/terms.ts";
import { health } from "./health.ts";
import { resources } from "./resources.ts";
import { settings, settingsFrom } from "./settings.ts";
import complete from "./tools/complete.ts";
import getAdminLimits from "./tools/get-admin-limits.ts";
import getDealRisk from "./tools/get-deal-risk.ts";
import getForecast from "./tools/get-forecast.ts";
import getForecastJob from "./tools/get-forecast-job.ts";
import getOpportunity from "./tools/get-opportunity.ts";
import getPipelineChanges from "./tools/get-pipeline-changes.ts";
import listAccounts from "./tools/list-accounts.ts";
import listAuditEvents from "./tools/list-audit-events.ts";
import listExportJobs from "./tools/list-export-jobs.ts";
import listForecasts from "./tools/list-forecasts.ts";
import listOpportunities from "./tools/list-opportunities.ts";
import listTimePeriods from "./tools/list-time-periods.ts";
import listUsers from "./tools/list-users.ts";

export default defineConnector({
  name: "clari",
  title: "Clari",
  config: settings,
  environment: {
    variables: [
      "CLARI_API_TOKEN",
      "CLARI_FORECAST_ID",
      "CLARI_BASE_URL",
      "CLARI_POLL_MAX_ATTEMPTS",
      "CLARI_POLL_INTERVAL_SECONDS",
    ],
    config: settingsFrom,
  },
  start: openClari,
  health,
  tools: [
    getForecast,
    getForecastJob,
    getDealRisk,
    getPipelineChanges,
    getOpportunity,
    getAdminLimits,
    listForecasts,
    listTimePeriods,
    listUsers,
    listAccounts,
    listOpportunities,
    listAuditEvents,
    listExportJobs,
    complete,
  ],
  datasets: { dealRisks, dealChanges, forecastLines, terms },
  resources,
});
