/** The hub without any protocol around it: a list of tools, and a way to call one. */
import { randomUUID } from "node:crypto";
import type { CatalogTool } from "../catalog/catalog.ts";
import type { Answer, Arrival, Call } from "../middleware/call.ts";
import { isQuestion } from "../middleware/call.ts";
import { compose } from "../middleware/compose.ts";
import type { Deps } from "../middleware/deps.ts";
import { order } from "../middleware/order.ts";

export interface Hub {
  /** What the principal may use, in the order of names. */
  tools(): readonly CatalogTool[];
  /** Never throws: whatever goes wrong is an answer. */
  call(arrival: Arrival): Promise<Answer>;
}

export const createHub = (deps: Deps): Hub => {
  const run = compose(order(deps));
  return {
    tools: () => deps.catalog.list(deps.principal),
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
