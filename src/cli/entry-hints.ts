/** What to paste so that a client starts this very checkout, with the Node it came with. */
import { fileURLToPath } from "node:url";
import { entryPoint } from "../places.ts";
import { bold, cyan } from "./terminal.ts";

const VARIABLES = {
  CLARI_API_TOKEN: "…",
  CLARI_FORECAST_ID: "…",
  SFDC_INSTANCE_URL: "https://YOURS.my.salesforce.com",
  SFDC_ACCESS_TOKEN: "…",
};

export const entryHints = (): string => {
  const command = process.execPath;
  const entry = fileURLToPath(entryPoint);
  const servers = (args: readonly string[], env?: Record<string, string>) =>
    JSON.stringify({ mcpServers: { "revops-hub": { command, args, ...(env && { env }) } } }, null, 2);
  const quoted = [command, entry].map((path) => (/[^\w./:\\-]/.test(path) ? `"${path}"` : path)).join(" ");
  const title = (text: string) => `\n${bold(cyan(text))}\n`;
  return [
    title("Ask it yourself, still over the made-up company"),
    "Claude Code:\n",
    `  claude mcp add revops-hub -- ${quoted} --sandbox\n`,
    "Claude Desktop (claude_desktop_config.json):\n",
    `${servers([entry, "--sandbox"])}\n`,
    title("Connect your own Clari and Salesforce (README: where each value is found)"),
    `${servers([entry], VARIABLES)}\n`,
  ].join("");
};
