import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { onBehalfOf, planCall, toolCall } from "./tool-call.ts";

/** Once a write's intent is durable, only its own time limit ends it: half a write is worse than a late one. */
const WRITE_TIMEOUT_MS = 30_000;

/** Runs the tool, or for a dry run says what it would send. */
export const execute = (deps: Deps): Step =>
  async function execute(call) {
    const { tool } = call.tool!;
    if (call.dryRun) return { dry_run: { requests: await tool.plan?.(call.input, planCall(deps, call)) } };
    if (tool.effect === "write") {
      call.signal = AbortSignal.timeout(WRITE_TIMEOUT_MS);
      return onBehalfOf(call, call.signal, () => tool.handle(call.input, toolCall(deps, call)));
    }
    call.signal.throwIfAborted();
    return untilAborted(
      call.signal,
      onBehalfOf(call, call.signal, () => tool.handle(call.input, toolCall(deps, call))),
    );
  };

/** A handler that does not listen to the signal must not keep the client waiting. */
const untilAborted = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};
