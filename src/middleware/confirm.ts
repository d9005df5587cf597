import type { Change } from "../connector/contract.ts";
import { HubError } from "../errors.ts";
import { redact, type SensitiveType } from "../text/sensitive.ts";
import type { Call } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { onBehalfOf, toolCall } from "./tool-call.ts";
import { untilAborted } from "./until-aborted.ts";

/**
 * Writes only. The preview refuses what may not be written and says what would change; a person sees it
 * field by field, where the client can ask or where one must. No argument can stand for a person's answer.
 */
export const confirm = (deps: Deps): Step =>
  async function confirm(call, next) {
    const { tool } = call.tool!;
    if (tool.effect !== "write" || call.dryRun) return next();
    const preview = async () => tool.preview(call.input, toolCall(deps, call));
    call.changes = await untilAborted(call.signal, onBehalfOf(call, call.signal, preview));

    const mustAsk = call.arrival.mustAsk || call.changes.some(({ confirm }) => confirm === "required");
    const mode = mustAsk ? "required" : deps.config.writes.confirm;
    if (mode === "off") return next();
    const { ask } = call.arrival;
    if (!ask && mode !== "required") return next();

    // The answer counts for exactly this change: another value, or another old value, is another question.
    const changes = call.changes.map(({ record, field, before, after }) => [record, field, before, after]);
    const subject = deps.trail.keys.seal([tool.name, call.input, changes]);
    const answer = await ask?.answer(subject);
    if (answer === "accepted") return next();
    if (answer === "declined") throw new HubError("declined");
    const text = question(call, deps.config.redact.types);
    return ask ? ask.question(subject, text) : waitForApproval(deps, call, subject, text);
  };

/** The client cannot ask: the change is kept for a person at a terminal, whom no argument can play. */
const waitForApproval = async (
  { approvals }: Deps,
  { arrival, principal }: Call,
  subject: string,
  question: string,
): Promise<never> => {
  const { tool, client } = arrival;
  const id = await approvals.hold(subject, {
    tool,
    arguments: arrival.arguments,
    principal: principal.id,
    client,
    question,
  });
  throw new HubError("confirmation_required", undefined, {
    hint: `Nothing was sent. Ask the user to run \`revops-hub approve ${id}\` at a terminal within a day, which shows and makes the change; do not call again for it.`,
    facts: { approval: id },
  });
};

/** A person must see all of what will be written, or is not asked. */
const LONGEST_SHOWN = 4_000;
/** What was there before only has to be recognised. */
const LONGEST_BEFORE = 500;

const question = (call: Call, types: readonly SensitiveType[]): string => {
  const { tool } = call.tool!;
  const reason = tool.effect === "write" ? tool.reason(call.input) : "";
  // The old value is the vendor's and may hold what nobody needs to see; the new one is shown as it is.
  const line = ({ record, field, before, after }: Change) =>
    `${record.system} ${record.object} ${record.id}, ${field}: ${redact(show(brief(before)), types)} → ${show(after)}`;
  return `${tool.title}?\n${call.changes.map(line).join("\n")}\nReason given: ${show(reason)}`;
};

const brief = (value: unknown): unknown =>
  typeof value === "string" && value.length > LONGEST_BEFORE
    ? `${value.slice(0, LONGEST_BEFORE).toWellFormed()}… (${value.length} characters)`
    : value;

/** Exactly the value, with what a screen would not show written out. */
const show = (value: unknown): string => {
  if (value === null || value === undefined || value === "") return "(empty)";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length > LONGEST_SHOWN)
    throw new HubError(
      "confirmation_required",
      `A value of ${text.length} characters cannot be shown to a person whole.`,
      {
        hint: "Nothing was sent. Make this change in the system itself.",
      },
    );
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
};

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00ad]/gu;
