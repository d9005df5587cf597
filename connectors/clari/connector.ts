import { defineConnector } from "#connector";
import { openClari } from "./clari.ts";
import { dealChanges } from "./deal-changes.ts";
import { dealRisks } from "./deal-risks.ts";
import { health } from "./health.ts";
import { settings, settingsFrom } from "./settings.ts";
import getDealRisk from "./tools/get-deal-risk.ts";
import getForecast from "./tools/get-forecast.ts";
import getForecastJob from "./tools/get-forecast-job.ts";
import getPipelineChanges from "./tools/get-pipeline-changes.ts";

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
  tools: [getForecast, getForecastJob, getDealRisk, getPipelineChanges],
  datasets: { dealRisks, dealChanges },
});
