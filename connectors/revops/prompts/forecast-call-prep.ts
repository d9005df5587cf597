import type { Prompt } from "#connector";
import { manager, managerArgument, periodOf, quarter, quarterInWords, teamOf } from "./arguments.ts";
import { CLOSING_WORDS } from "./closing-words.ts";

export const forecastCallPrep: Prompt = {
  name: "forecast_call_prep",
  title: "Forecast call preparation",
  description: "The call number against quota, what moved since the last call, and which deals to ask about.",
  arguments: [quarter, manager],
  text: (
    { quarter: period, manager: whose },
    tool,
  ) => `Prepare me for the forecast call of ${quarterInWords(period)}${whose ? `, ${teamOf(whose)}` : ""}.

1. Call ${tool("revops_prepare_forecast_call")} with ${periodOf(period)}${managerArgument(whose)}. If it knows several people of that name, ask me which.
2. The number first: the call, against quota and against last week's, the gap that is left and the pipeline that covers it.
3. Then what moved since the last call: net, and which steps make it up.
4. Then the deals to ask about: for each its owner, amount and close date, the question, and the evidence behind it.
5. End with the three sentences I should open the call with.

If the call and the CRM seem to tell different stories, call ${tool("revops_compare_forecast")} with ${periodOf(period)} and say by whom they differ.

${CLOSING_WORDS}`,
};
