/** What a handler is given: everything it may use, and no way around the steps. */

import type { SourceFacts, Call as ToolCall, WriteCall } from "../connector/contract.ts";
import { planDatasets, readDatasets } from "../connector/join.ts";
import { oldest } from "../connector/quarter.ts";
import type { Supervised } from "../connector/supervise.ts";
import { ledger } from "../connector/upstream.ts";
import { HubError } from "../errors.ts";
import { clean } from "../text/fence.ts";
import { pastWrite } from "../trail/past-writes.ts";
import type { Call } from "./call.ts";
import type { Deps } from "./deps.ts";
import { readOnce } from "./read-once.ts";
import { untilAborted } from "./until-aborted.ts";

/** Whose part of the call this is: the tool's own connector, or one whose dataset is read for it. */
interface Part {
  readonly name: string;
  readonly api: unknown;
  readonly signal: AbortSignal;
  /** What is asked of that connector's dataset. */
  readonly question?: string;
}

export const toolCall = (deps: Deps, call: Call, part: Part = ownPart(call)): WriteCall<unknown> => {
  const base: ToolCall<unknown> = {
    api: part.api,
    id: call.id,
    principal: call.principal,
    signal: part.signal,
    clock: deps.clock,
    deadline: call.deadline,
    log: deps.log,
    datasets: readOnce(call, part.question, (question) =>
      readDatasets(deps.supervised, {
        refuse: (connector) => deps.trail.killedBy(connector) !== undefined,
        isOver: () => call.signal.aborted,
        warn: (connector, dataset, { code, message }) =>
          // What a system does not have is an answer, not trouble.
          deps.log[code === "not_found" ? "info" : "warn"](
            { call: call.id, connector, dataset, code },
            message,
          ),
        shownName(system, declared) {
          const found = deps.catalog.declared(declared);
          const isOffered = found?.connector.name === system && !found.tool.unlisted;
          return isOffered && deps.catalog.admits(found, call.principal) ? found.name : undefined;
        },
        read: (connector, work) => readForCall(deps, call, connector, question, work),
      }),
    ),
    pastWrite: (sequence) => pastWrite(deps.trail, sequence),
    progress(message, done, total) {
      // What comes after the answer has nobody to go to; and progress only ever grows.
      if (call.finished) return;
      call.progressed = Math.max(
        done ?? 0,
        call.progressed + 1e-6,
        done === undefined ? call.progressed + 1 : 0,
      );
      call.arrival.progress?.({
        progress: call.progressed,
        ...(total !== undefined && { total: Math.max(total, call.progressed) }),
        message: clean(message, LONGEST_PROGRESS),
      });
    },
    notice: (text) => {
      if (!call.notices.includes(text)) call.notices.push(text);
    },
    source(facts) {
      call.facts.set(part.name, together(call.facts.get(part.name), facts));
    },
  };
  const write = { ...base, changes: call.changes };
  return Object.defineProperty(write as unknown as WriteCall<unknown>, "intent", {
    get: () => intentOf(call),
    enumerable: true,
  });
};

const LONGEST_PROGRESS = 200;

/** What was read of one system in several steps is as old as the oldest of them. */
const together = (known: SourceFacts = {}, facts: SourceFacts): SourceFacts => {
  const asOf = oldest([known.asOf, facts.asOf]);
  return {
    ...known,
    ...facts,
    ...(asOf !== undefined && { asOf }),
    reference: { ...known.reference, ...facts.reference },
  };
};

const ownPart = ({ tool, signal }: Call): Part => ({
  name: tool!.connector.name,
  api: tool!.connector.api,
  signal,
});

/** Of the time that is left: a system that hangs must leave enough to answer without it. */
const SHARE_OF_A_DATASET = 0.6;

const readForCall = async <T>(
  deps: Deps,
  call: Call,
  { name, api }: Supervised,
  question: string,
  work: (part: ToolCall<unknown>) => Promise<T>,
): Promise<T> => {
  call.asked.add(name);
  const limit = new AbortController();
  const late = () => limit.abort(new HubError("deadline_exceeded", `${name} did not answer in time.`));
  const timer = setTimeout(late, Math.max((call.deadline - deps.clock.now()) * SHARE_OF_A_DATASET, 1));
  const signal = AbortSignal.any([call.signal, limit.signal]);
  try {
    const reading = onBehalfOf(call, signal, () =>
      work(toolCall(deps, call, { name, api, signal, question })),
    );
    return await untilAborted(signal, reading);
  } finally {
    clearTimeout(timer);
  }
};

/** For a dry run, in which the host sends no request for anybody. */
export const planCall = (deps: Deps, call: Call) => ({
  api: call.tool!.connector.api,
  clock: deps.clock,
  datasets: planDatasets(deps.supervised, deps.clock),
  pastWrite: (sequence: number) => pastWrite(deps.trail, sequence),
});

const intentOf = ({ intent }: Call) => {
  if (!intent) throw new HubError("internal", "a write was begun without a durable intent");
  return intent;
};

/** Runs work so that its requests are accounted to the call and end when the signal does. */
export const onBehalfOf = <T>(
  call: Call,
  signal: AbortSignal,
  work: () => Promise<T>,
  { mayRequest = true } = {},
): Promise<T> =>
  ledger.run(
    { signal, statuses: call.statuses, remarks: call.remarks, reads: call.reads, mayRequest },
    async () => work(),
  );
