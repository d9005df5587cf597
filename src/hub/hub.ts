/** The hub without any protocol around it: what it offers, and a way to call a tool. */
import { randomUUID } from "node:crypto";
import type { CatalogTool } from "../catalog/catalog.ts";
import type { Completed, Offers, PromptText, Reading } from "../catalog/offers.ts";
import type { Prompt, Resource, ResourceCall } from "../connector/offers.ts";
import type { Answer, Arrival, Call } from "../middleware/call.ts";
import { isQuestion } from "../middleware/call.ts";
import { compose } from "../middleware/compose.ts";
import type { Deps } from "../middleware/deps.ts";
import { order } from "../middleware/order.ts";

export interface Hub {
  /** What the principal may use, in the order of names. */
  tools(): readonly CatalogTool[];
  /** What the principal may read: by {@link reading} it and making that call. */
  resources(): readonly Resource[];
  prompts(): readonly Prompt[];
  /** Throws `not_found`, `invalid_input`. */
  reading(uri: string): Reading;
  /** Throws `not_found`, `invalid_input`, `forbidden`. */
  promptText(name: string, given: Readonly<Record<string, string>>): PromptText;
  /** Undefined when nothing completes it. Throws `not_found`. */
  completion(of: Completed, typed: string): ResourceCall | undefined;
  /** Never throws: whatever goes wrong is an answer. */
  call(arrival: Arrival): Promise<Answer>;
}

export const createHub = (deps: Deps, offers: Offers): Hub => {
  const { catalog, principal } = deps;
  const run = compose(order(deps));
  return {
    tools: () => catalog.list(principal),
    resources: () => offers.resources(principal),
    prompts: () => offers.prompts(principal),
    reading: offers.reading,
    promptText: (name, given) => offers.promptText(name, given, principal),
    completion: (of, typed) => offers.completion(of, typed, principal),
    async call(arrival) {
      const call = begin(arrival);
      const outgoing = await run(call);
      if (isQuestion(outgoing)) return outgoing;
      const isError = "error" in outgoing;
      return { content: outgoing, isError, links: isError ? [] : call.links };
    },
  };
};

const begin = (arrival: Arrival): Call => ({
  id: randomUUID(),
  arrival,
  startedAt: performance.now(),
  args: "",
  notices: [],
  remarks: new Map(),
  facts: new Map(),
  statuses: new Map(),
  asked: new Set(),
  reads: new Map(),
  readings: new Map(),
  links: [],
  principal: { id: "unknown" },
  tool: undefined,
  input: {},
  dryRun: false,
  rows: {},
  signal: arrival.signal,
  deadline: Number.POSITIVE_INFINITY,
  finished: false,
  progressed: 0,
  changes: [],
  intent: undefined,
});
