import { HubError } from "../errors.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { onBehalfOf, planCall, toolCall } from "./tool-call.ts";
import { untilAborted } from "./until-aborted.ts";

/** Once a write's intent is durable, only its own time limit ends it: half a write is worse than a late one. */
const WRITE_TIMEOUT_MS = 30_000;
/** For a handler that does not even listen to that. */
const WRITE_GIVEN_UP_MS = 35_000;

/** Runs the tool, or for a dry run says what it would send. */
export const execute = (deps: Deps): Step =>
  async function execute(call) {
    const { tool } = call.tool!;
    try {
      if (call.dryRun) {
        const plan = async () => tool.plan?.(call.input, planCall(deps, call));
        return {
          dry_run: {
            requests: await untilAborted(call.signal, onBehalfOf(call, call.signal, plan, NO_REQUEST)),
          },
        };
      }
      if (tool.effect === "write") {
        call.signal = AbortSignal.timeout(WRITE_TIMEOUT_MS);
        call.deadline = deps.clock.now() + WRITE_TIMEOUT_MS;
        const handle = async () => tool.handle(call.input, toolCall(deps, call));
        return await untilAborted(givenUp(), onBehalfOf(call, call.signal, handle));
      }
      call.signal.throwIfAborted();
      const handle = async () => tool.handle(call.input, toolCall(deps, call));
      return await untilAborted(call.signal, onBehalfOf(call, call.signal, handle));
    } finally {
      call.finished = true;
    }
  };

const NO_REQUEST = { mayRequest: false };

const givenUp = (): AbortSignal => {
  const controller = new AbortController();
  const unknown = () => controller.abort(new HubError("outcome_unknown"));
  setTimeout(unknown, WRITE_GIVEN_UP_MS).unref();
  return controller.signal;
};
