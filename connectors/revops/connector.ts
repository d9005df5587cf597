/** Answers that join systems. It knows datasets, never a system: whoever provides `deals` takes part. */

import { defineConnector } from "#connector";
import { commitInspection } from "./prompts/commit-inspection.ts";
import { forecastCallPrep } from "./prompts/forecast-call-prep.ts";
import { hygieneSweep } from "./prompts/hygiene-sweep.ts";
import { weeklyPipelineReview } from "./prompts/weekly-pipeline-review.ts";
import { resources } from "./resources.ts";
import { config, type Revops } from "./settings.ts";
import compareForecast from "./tools/compare-forecast.ts";
import complete from "./tools/complete.ts";
import findHygieneIssues from "./tools/find-hygiene-issues.ts";
import getGlossary from "./tools/get-glossary.ts";
import prepareForecastCall from "./tools/prepare-forecast-call.ts";
import reviewChanges from "./tools/review-changes.ts";
import reviewCommits from "./tools/review-commits.ts";

export default defineConnector({
  name: "revops",
  title: "RevOps answers",
  config,
  start: ({ config: settings, store }): Revops => ({ settings, store }),
  health: async () => ({ summary: "needs no system of its own" }),
  tools: [
    reviewCommits,
    prepareForecastCall,
    reviewChanges,
    compareForecast,
    findHygieneIssues,
    getGlossary,
    complete,
  ],
  resources,
  prompts: [forecastCallPrep, weeklyPipelineReview, commitInspection, hygieneSweep],
});
