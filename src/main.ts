/** From words on a command line to a running hub. */
import { parseArgs } from "node:util";
import type { CommandContext } from "./cli/command.ts";
import { COMMANDS } from "./cli/commands.ts";
import { formatOf } from "./cli/format.ts";
import { usage } from "./cli/usage.ts";
import { environment } from "./config/variables.ts";
import { isHubError } from "./errors.ts";
import { VERSION } from "./version.ts";

const OPTIONS = {
  config: { type: "string" },
  sandbox: { type: "boolean" },
  json: { type: "boolean" },
  format: { type: "string" },
  table: { type: "string" },
  "dry-run": { type: "boolean" },
  open: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

/** Exit status: 0 done, 1 the answer is an error or a check failed, 2 wrong usage or configuration. */
export const main = async (argv: readonly string[]): Promise<number> => {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
    if (values.version) return print(VERSION);
    const [name = "serve", ...words] = positionals;
    const command = COMMANDS.find((known) => known.name === name);
    if (values.help || name === "help") return print(usage());
    if (!command) return fail(`There is no command "${name}".\n\n${usage()}`);
    if ((values.format ?? values.table) !== undefined && !command.formats)
      return fail(`revops-hub: ${name} takes neither --format nor --table.`);
    // `audit export | head`: the reader has what it wanted. Serving sees to its own streams.
    if (name !== "serve") process.stdout.on("error", endWithReader);
    const context: CommandContext = {
      words,
      variables: environment(),
      configFile: values.config,
      sandbox: values.sandbox ?? false,
      json: values.json ?? false,
      format: formatOf(values),
      table: values.table,
      dryRun: values["dry-run"] ?? false,
      open: values.open ?? false,
    };
    return await (await command.load()).default(context);
  } catch (error) {
    if (isHubError(error)) return fail(`revops-hub: ${error.message} ${error.hint}`);
    if (error instanceof TypeError && "code" in error) return fail(`revops-hub: ${error.message}`);
    throw error;
  }
};

const endWithReader = ({ code }: NodeJS.ErrnoException): never => process.exit(code === "EPIPE" ? 0 : 1);

const print = (text: string): number => {
  process.stdout.write(`${text}\n`);
  return 0;
};

const fail = (text: string): number => {
  process.stderr.write(`${text}\n`);
  return 2;
};
