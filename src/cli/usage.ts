import { VERSION } from "../version.ts";
import { COMMANDS } from "./commands.ts";

export const usage = (): string => {
  const width = Math.max(...COMMANDS.map(({ usage }) => usage.length));
  return [
    `revops-hub ${VERSION}: one MCP server over the systems of a revenue team.`,
    "",
    "Usage: revops-hub [COMMAND] [--config FILE] [--sandbox]",
    "",
    ...COMMANDS.map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`),
    "",
    "--format F     how `call` prints the answer: table (default), csv, md or json; csv and md with every row",
    "--table NAME   which table of the answer --format csv writes; default: the one with the most rows",
    "--config FILE  the config file; else REVOPS_HUB_CONFIG, else config/hub.json of the package",
    "--sandbox      play every system with a built-in server and made-up data; no credentials needed",
  ].join("\n");
};
