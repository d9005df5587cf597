import { HubError } from "../errors.ts";
import type { PendingWrite } from "../hub/approvals.ts";
import type { CommandContext, Run } from "./command.ts";
import { type OpenedHub, openHub } from "./open.ts";
import { callAtTerminal, isPersonThere } from "./person.ts";
import { renderAnswer } from "./render.ts";
import { table } from "./terminal.ts";

const approve: Run = async (context) => {
  const [id] = context.words;
  const hub = await openHub(context);
  try {
    return id === undefined ? list(await hub.approvals.list(), context) : await decide(id, hub, context);
  } finally {
    await hub.close();
  }
};

const list = (pending: readonly PendingWrite[], { json }: CommandContext): number => {
  const rows = pending.map(({ id, askedAt, principal, client, question }) => [
    id,
    askedAt.replace("T", " ").slice(0, 16),
    `${principal} (${client})`,
    question.split("\n").slice(1).join(" "),
  ]);
  process.stdout.write(
    json
      ? `${JSON.stringify(pending)}\n`
      : rows.length > 0
        ? table(["Id", "Asked", "By", "Change"], rows)
        : "Nothing waits for approval.\n",
  );
  return 0;
};

/** Shows the change as it would be made now, and makes it through the same steps as any other call. */
const decide = async (
  id: string,
  { hub, approvals }: OpenedHub,
  { json }: CommandContext,
): Promise<number> => {
  if (!isPersonThere())
    throw new HubError("confirmation_required", "Only a person at a terminal can approve a change.", {
      hint: "Run this command yourself in a terminal window; it asks before it does anything.",
    });
  const pending = await approvals.find(id);
  if (!pending)
    throw new HubError("not_found", `Nothing waits under "${id}".`, {
      hint: "`revops-hub approve` lists what waits. A change is kept for a day, and only until it is decided.",
    });
  const answer = await callAtTerminal(hub, {
    tool: pending.tool,
    arguments: pending.arguments,
    client: "revops-hub-approve",
    mustAsk: true,
    signal: new AbortController().signal,
  });
  if (isDecided(answer.content)) await approvals.drop(id);
  process.stdout.write(json ? `${JSON.stringify(answer.content)}\n` : renderAnswer(answer.content));
  return answer.isError ? 1 : 0;
};

/** Made, refused by the person, or not to be made any more; everything else may be approved once more. */
const DECIDED = new Set(["declined", "outcome_unknown", "invalid_input", "unknown_tool"]);

const isDecided = ({ error }: Record<string, unknown>): boolean =>
  error === undefined || DECIDED.has((error as { code: string }).code);

export default approve;
