import { HubError } from "../errors.ts";
import type { Arrival } from "../middleware/call.ts";
import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { callAtTerminal } from "./person.ts";
import { renderAnswer } from "./render.ts";
import { showInBrowser } from "./show.ts";

const call: Run = async (context) => {
  const [tool, json = "{}"] = context.words;
  if (!tool)
    throw new HubError("config", "Name a tool: revops-hub call TOOL [JSON].", {
      hint: "`revops-hub tools` lists them.",
    });
  const input = parseArguments(json);
  const { hub, close } = await openHub(context, context.open ? { logLevel: "silent" } : {});
  if (context.open) return await showInBrowser(hub, tool, input).finally(close);
  const cancel = new AbortController();
  process.once("SIGINT", () => cancel.abort());
  const arrival: Arrival = {
    tool,
    arguments: { ...input, ...(context.dryRun && { dry_run: true }) },
    client: "revops-hub-cli",
    signal: cancel.signal,
    ...(process.stderr.isTTY && { progress: ({ message }) => void process.stderr.write(`${message}\n`) }),
  };
  const answer = await callAtTerminal(hub, arrival);
  await close();
  process.stdout.write(context.json ? `${JSON.stringify(answer.content)}\n` : renderAnswer(answer.content));
  return answer.isError ? 1 : 0;
};

const parseArguments = (json: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {}
  throw new HubError("config", "The arguments are not a JSON object.", {
    hint: `For example: '{"owner_id":"005…"}'.`,
  });
};

export default call;
