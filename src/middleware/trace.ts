import { isQuestion } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** One log line a call: who, what, how long, how it ended, what was asked of which system. Never a value. */
export const trace = ({ log }: Deps): Step =>
  async function trace(call, next) {
    const outgoing = await next();
    const error = (outgoing as { error?: { code?: string } }).error;
    log.info({
      call: call.id,
      tool: call.arrival.tool.slice(0, 64),
      principal: call.principal.id,
      client: call.arrival.client,
      args: call.args,
      ms: Math.round((performance.now() - call.startedAt) * 100) / 100,
      outcome: isQuestion(outgoing) ? "asked" : (error?.code ?? "ok"),
      ...(call.dryRun && { dryRun: true }),
      upstream: Object.fromEntries(call.statuses),
    });
    return outgoing;
  };
