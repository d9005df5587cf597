/** How the demo asks the hub, and says what it was told. */
import { HubError } from "../../errors.ts";
import { MORE_HELD } from "../../hub/held.ts";
import type { StartedClient } from "../../mcp/client.ts";
import { amount, bold, cyan, dim, yellow } from "../terminal.ts";

export const say = (text: string): void => void process.stdout.write(text);
export const heading = (text: string): void => say(`\n${bold(cyan(text))}\n`);

/** Where progress was shown. */
export const clearLine = (): void => {
  if (process.stdout.isTTY) say("\r\u001b[K");
};

/** Throws when the hub answers with an error: a demo must not pass over one. */
export const ask = async (
  client: StartedClient,
  tool: string,
  input: Record<string, unknown> = {},
): Promise<Record<string, unknown>> => {
  const waiting = process.stdout.isTTY;
  const answer = await client.call(
    tool,
    input,
    waiting ? (message) => say(`\r\u001b[K${dim(message)}`) : undefined,
  );
  clearLine();
  const { error } = answer as { error?: { message: string; hint: string } };
  if (error) throw new HubError("internal", `${tool}: ${error.message}`, { hint: error.hint });
  return answer;
};

export const money = (value: unknown): string => (typeof value === "number" ? amount(Math.round(value)) : "");

/** What the answer says about itself; that rows are held tells a person nothing. */
export const sourceLine = ({ sources, notices }: { sources?: unknown; notices?: unknown }): string => {
  const parts = (sources as { system: string; requests: number }[] | undefined) ?? [];
  const from = parts
    .filter(({ requests }) => requests > 0)
    .map(({ system, requests }) => `${system}: ${requests} request${requests === 1 ? "" : "s"}`)
    .join(", ");
  const told = ((notices as string[] | undefined) ?? []).filter((text) => !text.endsWith(MORE_HELD));
  return `${told.map((text) => `${yellow("!")} ${text}\n`).join("")}${dim(from)}\n`;
};
