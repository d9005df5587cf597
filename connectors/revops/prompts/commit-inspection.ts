import type { Prompt } from "#connector";
import { owner, ownerArgument, periodOf, quarter, quarterInWords } from "./arguments.ts";
import { CLOSING_WORDS } from "./closing-words.ts";

export const commitInspection: Prompt = {
  name: "commit_inspection",
  title: "Commit inspection",
  description: "Which Commit deals will not hold, why, and what to ask their owners.",
  arguments: [quarter, owner],
  text: (given, tool) => `Inspect the Commit deals of ${quarterInWords(given.quarter)}.

1. Call ${tool("revops_review_commits")} with ${periodOf(given.quarter)}${ownerArgument(given.owner)}.
2. Begin with the totals: how much is committed, how much of it is at risk, in how many deals; then who carries most of the risk.
3. Go through the deals most at risk, at most ten: what speaks against each, with the evidence as it stands, where CRM and forecasting system disagree, and the one question that its owner should answer.
4. End with what you would take out of Commit, and what you would keep although something speaks against it, and why.

${CLOSING_WORDS}`,
};
