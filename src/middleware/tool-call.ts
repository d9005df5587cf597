/** What a handler is given: everything it may use, and no way around the steps. */
import type { Call as ToolCall, WriteCall } from "../connector/contract.ts";
import { planDatasets, readDatasets } from "../connector/join.ts";
import { ledger } from "../connector/upstream.ts";
import { HubError } from "../errors.ts";
import type { Call } from "./call.ts";
import type { Deps } from "./deps.ts";

/** For the tool's own connector, or for another one whose dataset is read on this call's behalf. */
export const toolCall = (
  deps: Deps,
  call: Call,
  name = call.tool!.connector.name,
  api = call.tool!.connector.api,
): WriteCall<unknown> => {
  let steps = 0;
  const base: ToolCall<unknown> = {
    api,
    id: call.id,
    principal: call.principal,
    signal: call.signal,
    clock: deps.clock,
    deadline: call.deadline,
    log: deps.log,
    datasets: readDatasets(deps.supervised, {
      refuse: (connector) => deps.trail.killedBy(connector) !== undefined,
      callFor: (connector) => toolCall(deps, call, connector.name, connector.api),
    }),
    progress(message, done, total) {
      steps += 1;
      call.arrival.progress?.({ progress: done ?? steps, ...(total !== undefined && { total }), message });
    },
    notice: (text) => {
      if (!call.notices.includes(text)) call.notices.push(text);
    },
    source: (facts) => void call.facts.set(name, { ...call.facts.get(name), ...facts }),
  };
  return Object.defineProperty(base as WriteCall<unknown>, "intent", {
    get: () => intentOf(call),
    enumerable: true,
  });
};

/** For a dry run: no request can be sent with it. */
export const planCall = (deps: Deps, call: Call) => ({
  api: call.tool!.connector.api,
  clock: deps.clock,
  datasets: planDatasets(deps.supervised, deps.clock),
});

const intentOf = ({ intent }: Call) => {
  if (!intent) throw new HubError("internal", "a write was begun without a durable intent");
  return intent;
};

/** Runs work so that its requests are accounted to the call and end when the signal does. */
export const onBehalfOf = <T>(call: Call, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
  ledger.run({ signal, statuses: call.statuses }, async () => work());
