import type { Change } from "../connector/contract.ts";
import { HubError } from "../errors.ts";
import { clean } from "../text/fence.ts";
import type { Call } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { onBehalfOf, toolCall } from "./tool-call.ts";

/**
 * Writes only. The preview refuses what may not be written and says what would change; where the
 * client can ask, a person sees it field by field. No argument can stand for a person's answer.
 */
export const confirm = (deps: Deps): Step =>
  async function confirm(call, next) {
    const { tool } = call.tool!;
    if (tool.effect !== "write" || call.dryRun) return next();
    call.changes = await onBehalfOf(call, call.signal, () => tool.preview(call.input, toolCall(deps, call)));

    const mode = deps.config.writes.confirm;
    if (mode === "off") return next();
    const { ask } = call.arrival;
    if (!ask) {
      if (mode === "required") throw new HubError("confirmation_required");
      return next();
    }
    // The answer counts for exactly this change: another value, or another old value, is another question.
    const subject = deps.trail.keys.seal({ tool: tool.name, input: call.input, changes: call.changes });
    const answer = await ask.answer(subject);
    if (answer === "accepted") return next();
    if (answer === "declined") throw new HubError("declined");
    return ask.question(subject, question(call));
  };

const question = (call: Call): string => {
  const { tool } = call.tool!;
  const reason = tool.effect === "write" ? tool.reason(call.input) : "";
  return `${tool.title}?\n${call.changes.map(line).join("\n")}\nReason given: ${show(reason)}`;
};

const line = ({ record, field, before, after }: Change) =>
  `${record.system} ${record.object} ${record.id}, ${field}: ${show(before)} → ${show(after)}`;

const show = (value: unknown): string =>
  value === null || value === undefined || value === "" ? "(empty)" : clean(String(value)).slice(0, 200);
