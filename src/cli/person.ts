/** The person at the terminal, who answers what a client's dialog would ask. */
import { createInterface } from "node:readline/promises";
import { HubError } from "../errors.ts";
import type { Hub } from "../hub/hub.ts";
import { type Answer, type Arrival, type Ask, isQuestion, type Question } from "../middleware/call.ts";
import { bold } from "./terminal.ts";

/** Whether somebody sits there who can read a question and answer it. */
export const isPersonThere = (): boolean => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/**
 * Calls the tool and puts its question, if it has one, to the person, if there is one.
 *
 * @throws HubError `stale_record` when the record changed while the person thought
 */
export const callAtTerminal = async (
  hub: Hub,
  arrival: Omit<Arrival, "ask">,
): Promise<Exclude<Answer, Question>> => {
  const person = isPersonThere() ? createPerson() : undefined;
  const call = () => hub.call({ ...arrival, ...(person && { ask: person.ask }) });
  const first = await call();
  if (!isQuestion(first)) return first;
  await person?.decide(first);
  const second = await call();
  if (isQuestion(second))
    throw new HubError("stale_record", "The record changed meanwhile; nothing was sent.");
  return second;
};

const createPerson = () => {
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
