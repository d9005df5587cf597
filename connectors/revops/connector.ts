/** Answers that join systems. It knows datasets, never a system: whoever provides `deals` takes part. */

import { defineConnector } from "#connector";
import { config, type Revops } from "./settings.ts";
import findHygieneIssues from "./tools/find-hygiene-issues.ts";
import reviewCommits from "./tools/review-commits.ts";

export default defineConnector({
  name: "revops",
  title: "RevOps answers",
  config,
  start: ({ config: settings, store }): Revops => ({ settings, store }),
  health: async () => ({ summary: "needs no system of its own" }),
  tools: [reviewCommits, findHygieneIssues],
});
