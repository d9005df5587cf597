import type { Prompt } from "#connector";
import { manager, periodOf, quarter, quarterInWords, teamOf } from "./arguments.ts";
import { CLOSING_WORDS } from "./closing-words.ts";

export const weeklyPipelineReview: Prompt = {
  name: "weekly_pipeline_review",
  title: "Weekly pipeline review",
  description: "What came into the pipeline this week, what left it, and what that does to the quarter.",
  arguments: [quarter, manager],
  text: (
    { quarter: period, manager: whose },
    tool,
  ) => `Review the pipeline of ${quarterInWords(period)}: what happened in the last week${whose ? ` in ${teamOf(whose)}` : ""}.

1. Call ${tool("revops_review_changes")} with ${periodOf(period)} and since the day seven days ago.
2. Tell the waterfall as it stands, from the opening amount over its steps to the closing amount, and which deals make up the largest steps.
3. Call ${tool("revops_review_commits")} with ${periodOf(period)} and say which of the deals that moved are Commit deals at risk, and why.${
    whose
      ? `\n4. The waterfall is of everybody: its totals are not the team's, so say so. Whose deals belong to ${teamOf(whose)} stands in the tables \`owners\` and \`managers\` of the second answer; of the deals, tell those alone.`
      : ""
  }

End with what to do about it this week, by owner, at most five points.

${CLOSING_WORDS}`,
};
