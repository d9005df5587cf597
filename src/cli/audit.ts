import { readFileSync } from "node:fs";
import { HubError } from "../errors.ts";
import type { Verdict } from "../trail/chain.ts";
import type { Entry } from "../trail/entry.ts";
import { exportLines, verifyExport } from "../trail/export.ts";
import type { CommandContext, Run } from "./command.ts";
import { openOwnTrail } from "./own-trail.ts";
import { dim, green, red, table, yellow } from "./terminal.ts";

const audit: Run = async (context) => {
  const [what, argument] = context.words;
  if (what === "verify") return verify(context, argument);
  if (what === "export") return write(context);
  if (what === "tail") return tail(context, Number(argument ?? 20));
  throw new HubError("config", "Say `audit verify [FILE]`, `audit export` or `audit tail [N]`.", {
    hint: "",
  });
};

const verify = async (context: CommandContext, file: string | undefined): Promise<number> => {
  const trail = file ? undefined : openOwnTrail(context);
  const verdict = trail?.verify() ?? verifyExport(readExport(file!));
  await trail?.close();
  process.stdout.write(context.json ? `${JSON.stringify(verdict)}\n` : `${inWords(verdict)}\n`);
  return verdict.ok ? 0 : 1;
};

const readExport = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new HubError("config", `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      hint: "",
    });
  }
};

const inWords = ({ ok, entries, firstBad, problem }: Verdict): string =>
  ok && entries === 0
    ? `${yellow("!")} There is no trail here: not one entry was ever recorded.`
    : ok
      ? `${green("✔")} ${entries} entries, every one in its place; the signed head fits.`
      : `${red("✘")} The trail is not what was written: ${problem} (first bad entry: ${firstBad}).`;

const write = async (context: CommandContext): Promise<number> => {
  const trail = openOwnTrail(context);
  for (const line of exportLines(trail)) process.stdout.write(`${line}\n`);
  await trail.close();
  return 0;
};

const tail = async (context: CommandContext, count: number): Promise<number> => {
  if (!Number.isInteger(count) || count < 1)
    throw new HubError("config", "`audit tail N` takes a whole number.", { hint: "" });
  const trail = openOwnTrail(context);
  const from = Math.max((trail.head()?.size ?? 0) - count + 1, 1);
  const entries = [...trail.entries(from)].map(
    ({ body }) => JSON.parse(body) as Entry & { sequence: number },
  );
  await trail.close();
  process.stdout.write(
    context.json
      ? entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")
      : table(["#", "When", "What", "By", "How it ended"], entries.map(row)),
  );
  return 0;
};

const row = (entry: Entry & { sequence: number }): string[] => {
  const start = [String(entry.sequence), entry.at.replace("T", " ").slice(0, 19)];
  switch (entry.kind) {
    case "call":
      return [
        ...start,
        entry.tool,
        entry.principal,
        entry.code ? `${entry.outcome} ${dim(entry.code)}` : entry.outcome,
      ];
    case "intent":
      return [...start, `${entry.tool} ${dim(entry.targets.join(", "))}`, entry.principal, "intent"];
    case "kill":
      return [...start, `kill switch ${entry.on ? "on" : "off"} for ${entry.scope}`, entry.principal, ""];
    case "abandoned":
      return [...start, `write ${entry.intent} left by a dead process`, "", entry.outcome];
    case "reconciled":
      return [...start, `write ${entry.intent} reconciled`, entry.principal, entry.outcome];
  }
};

export default audit;
