import type { Prompt } from "#connector";
import { owner, ownerArgument } from "./arguments.ts";
import { CLOSING_WORDS } from "./closing-words.ts";

export const hygieneSweep: Prompt = {
  name: "hygiene_sweep",
  title: "Hygiene sweep",
  description: "What is wrong in the records of open deals, and the correction for each, one by one.",
  arguments: [owner],
  text: (given, tool) => `Look for what is wrong in the records of open deals.

1. Call ${tool("revops_find_hygiene_issues")}${given.owner ? ownerArgument(given.owner).replace(/^ and /, " with ") : ""}.
2. Say how many deals have which issue and for how much money, then who has most of them.
3. List the issues, gravest first: the deal, its owner, what is wrong, and the correction that the answer proposes. Where the new value is something only the owner knows, write the question for the owner instead of a value.
4. Ask me which corrections to make. For each one I agree to, call the tool that the answer names with the arguments it gives, one record at a time, with my reason as the justification; then say what was changed and that it can be undone.

${CLOSING_WORDS}`,
};
