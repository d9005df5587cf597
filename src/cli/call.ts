import { createInterface } from "node:readline/promises";
import { HubError } from "../errors.ts";
import { type Ask, isQuestion, type Question } from "../middleware/call.ts";
import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { renderAnswer } from "./render.ts";
import { bold } from "./terminal.ts";

const call: Run = async (context) => {
  const [tool, json = "{}"] = context.words;
  if (!tool)
    throw new HubError("config", "Name a tool: revops-hub call TOOL [JSON].", {
      hint: "`revops-hub tools` lists them.",
    });
  const input = parseArguments(json);
  const { hub, close } = await openHub(context);
  const cancel = new AbortController();
  process.once("SIGINT", () => cancel.abort());
  const person = process.stdin.isTTY && process.stderr.isTTY ? personAtTerminal() : undefined;
  const ask = () =>
    hub.call({
      tool,
      arguments: { ...input, ...(context.dryRun && { dry_run: true }) },
      client: "revops-hub-cli",
      signal: cancel.signal,
      ...(person && { ask: person.ask }),
      ...(process.stderr.isTTY && { progress: ({ message }) => void process.stderr.write(`${message}\n`) }),
    });
  let answer = await ask();
  if (person && isQuestion(answer)) {
    await person.decide(answer);
    answer = await ask();
  }
  await close();
  // Asked once more means that the record changed while the person thought.
  if (isQuestion(answer))
    throw new HubError("stale_record", "The record changed meanwhile; nothing was sent.");
  process.stdout.write(context.json ? `${JSON.stringify(answer.content)}\n` : renderAnswer(answer.content));
  return answer.isError ? 1 : 0;
};

/** The person who typed the command confirms it, as a dialog of a client would ask. */
const personAtTerminal = () => {
  let said: { readonly subject: string; readonly answer: "accepted" | "declined" } | undefined;
  const ask: Ask = {
    answer: async (subject) => (said?.subject === subject ? said.answer : undefined),
    question: async (subject, message) => ({ question: { subject, message } }),
  };
  return {
    ask,
    async decide({ question }: Question) {
      const { subject, message } = question as { subject: string; message: string };
      const terminal = createInterface({ input: process.stdin, output: process.stderr });
      const word = await terminal.question(`${message}\n${bold("Make this change? [y/N]")} `);
      terminal.close();
      said = { subject, answer: /^y(es)?$/i.test(word.trim()) ? "accepted" : "declined" };
    },
  };
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
