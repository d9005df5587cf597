import type { IntentEntry, OutcomeEntry } from "../../src/trail/entry.ts";

const common = {
  at: "2026-11-21T09:00:00Z",
  tool: "desk_echo",
  principal: "tester",
  client: "test/1",
  args: "x",
};

export const call = (n: number): OutcomeEntry => ({
  ...common,
  kind: "call",
  call: `call-${n}`,
  outcome: "ok",
  upstream: [],
});

export const intent = (...targets: string[]): IntentEntry => ({
  ...common,
  kind: "intent",
  call: "call-of-a-write",
  targets,
  changes: [],
  justification: "",
});

export const outcome = (intent: number): OutcomeEntry => ({ ...call(0), outcome: "applied", intent });

/** What no test but its own means to run into. */
export const LIMITS = { connector: "desk", perDay: 100 };
