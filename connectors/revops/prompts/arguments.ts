/** Arguments that prompts share, and what they make of a person's answer. */
import type { PromptArgument } from "#connector";
import { pickedPerson } from "../people.ts";

const argument = (name: "quarter" | "manager" | "owner", description: string): PromptArgument => ({
  name,
  description,
  complete: { tool: "revops_complete", input: (typed) => ({ argument: name, typed }) },
});

export const quarter = argument(
  "quarter",
  "Fiscal quarter: 2026_Q4, current, next, previous. Default: current.",
);
export const manager = argument(
  "manager",
  "Whose team; a name, best picked from the list. Default: everybody.",
);
export const owner = argument(
  "owner",
  "Whose deals; a name, best picked from the list. Default: everybody's.",
);

/** As the playbooks take it: `time_period "2026_Q4"`. */
export const periodOf = (given: string | undefined): string => `time_period "${quoted(given ?? "current")}"`;

/** In a sentence: `the current quarter`, `2026_Q4`. */
export const quarterInWords = (given: string | undefined): string =>
  !given || /^(current|this)$/i.test(given) ? "the current quarter" : quoted(given);

/** What to do about a person who was named; empty when nobody was. */
export const ownerArgument = (given: string | undefined): string => {
  if (!given) return "";
  const { id, name } = pickedPerson(given);
  return id
    ? ` and owner_id "${id}" (${quoted(name)})`
    : `. I mean the deals of "${quoted(name)}" alone: first call it without owner_id, take that person's id from its table \`owners\`, and ask me if more than one fits; then call it again with owner_id`;
};

/** As the playbooks take it: by id where somebody was picked from the list. */
export const managerArgument = (given: string | undefined): string => {
  if (!given) return "";
  const { id, name } = pickedPerson(given);
  return id ? ` and manager "${id}" (${quoted(name)})` : ` and manager "${quoted(name)}"`;
};

/** In a sentence. */
export const teamOf = (given: string): string => `the team of "${quoted(pickedPerson(given).name)}"`;

/** Names are other people's words and stand in quotes, which they cannot leave. */
const quoted = (text: string): string => text.replaceAll('"', "'");
