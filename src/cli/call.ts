import { stripVTControlCharacters } from "node:util";
import { HubError } from "../errors.ts";
import type { Arrival } from "../middleware/call.ts";
import type { CommandContext, Run } from "./command.ts";
import type { Format } from "./format.ts";
import { markdown } from "./markdown.ts";
import { openHub } from "./open.ts";
import { callAtTerminal } from "./person.ts";
import { renderAnswer } from "./render.ts";
import { showInBrowser } from "./show.ts";
import { spreadsheet } from "./spreadsheet.ts";

const call: Run = async (context) => {
  const [tool, json = "{}"] = context.words;
  if (!tool)
    throw new HubError("config", "Name a tool: revops-hub call TOOL [JSON].", {
      hint: "`revops-hub tools` lists them.",
    });
  const input = { ...parseArguments(json), ...(context.dryRun && { dry_run: true }) };
  const { hub, close } = await openHub(context, context.open ? { logLevel: "silent" } : {});
  if (context.open) return await showInBrowser(hub, tool, input).finally(close);
  const cancel = new AbortController();
  process.once("SIGINT", () => cancel.abort());
  const arrival: Arrival = {
    tool,
    arguments: input,
    client: "revops-hub-cli",
    signal: cancel.signal,
    ...(IN_ONE_PIECE.includes(context.format) && { whole: true as const }),
    ...(process.stderr.isTTY && { progress: ({ message }) => void process.stderr.write(`${message}\n`) }),
  };
  const answer = await callAtTerminal(hub, arrival);
  await close();
  // Whatever reads stdout gets an answer or nothing: no spreadsheet takes in the text of an error.
  if (answer.isError) tell(context.format === "json" ? asJson(answer.content) : renderAnswer(answer.content));
  else process.stdout.write(printed(answer.content, context));
  return answer.isError ? 1 : 0;
};

/** Files: nobody can ask for the next page of one. */
const IN_ONE_PIECE: readonly Format[] = ["csv", "md"];

const printed = (content: Record<string, unknown>, { format, table }: CommandContext): string => {
  switch (format) {
    case "table":
      return renderAnswer(content);
    case "json":
      return asJson(content);
    case "md":
      return markdown(content);
    case "csv": {
      const { csv, remarks } = spreadsheet(content, table);
      for (const remark of remarks) tell(`${remark}\n`);
      return csv;
    }
  }
};

const asJson = (content: Record<string, unknown>): string => `${JSON.stringify(content)}\n`;

/** Colours are chosen for stdout, which may be a terminal while stderr is a file. */
const tell = (text: string): void =>
  void process.stderr.write(process.stderr.isTTY ? text : stripVTControlCharacters(text));

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
