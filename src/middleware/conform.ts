import { HubError } from "../errors.ts";
import { isQuestion } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Only what the tool declared leaves it. */
export const conform = (_: Deps): Step =>
  async function conform(call, next) {
    const outgoing = await next();
    if (call.dryRun || isQuestion(outgoing)) return outgoing;
    const result = call.tool!.tool.output.safeParse(outgoing);
    if (!result.success) throw new HubError("internal", undefined, { cause: result.error });
    return result.data;
  };
