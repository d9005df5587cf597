import { fence as fenceText } from "../text/fence.ts";
import { mapStrings, remembered } from "../text/strings.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Every string of an answer is data, and marked as such where it could be taken for anything else. */
export const fence = (_: Deps): Step =>
  async function fence(call, next) {
    const outgoing = await next();
    // The hub's own tools repeat what was marked when it was first answered.
    if (call.dryRun || call.tool!.connector.name === "hub") return outgoing;
    // Unknown before the answer is made, so no record can be prepared to close it.
    const mark = call.id.slice(-6);
    return mapStrings(
      outgoing,
      remembered((text) => fenceText(text, mark)),
    );
  };
