/** What `revops-hub` can be told to do. Each command is loaded only when it is asked for. */
import type { Variables } from "../config/variables.ts";

export interface CommandContext {
  /** Words after the command's name. */
  readonly words: readonly string[];
  readonly variables: Variables;
  /** `--config` */
  readonly configFile: string | undefined;
  /** `--sandbox`: both vendors are played by servers in this process. */
  readonly sandbox: boolean;
  /** `--json`: for programs. */
  readonly json: boolean;
  /** `--dry-run` */
  readonly dryRun: boolean;
}

/** Returns the exit status. */
export type Run = (context: CommandContext) => Promise<number>;

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  load(): Promise<{ readonly default: Run }>;
}

export const COMMANDS: readonly Command[] = [
  {
    name: "serve",
    usage: "[serve]",
    summary: "Serve MCP on stdin and stdout. What an mcpServers entry starts.",
    load: () => import("./serve.ts"),
  },
  {
    name: "demo",
    usage: "demo",
    summary: "Start sandboxes and a hub, and answer the question it exists for.",
    load: () => import("./demo.ts"),
  },
  {
    name: "doctor",
    usage: "doctor [--json]",
    summary: "Check the configuration and every system, and say what to do.",
    load: () => import("./doctor.ts"),
  },
  {
    name: "tools",
    usage: "tools [--json]",
    summary: "List the tools this configuration offers.",
    load: () => import("./tools.ts"),
  },
  {
    name: "call",
    usage: "call TOOL [JSON] [--dry-run] [--json]",
    summary: "Call one tool, as a client would.",
    load: () => import("./call.ts"),
  },
  {
    name: "audit",
    usage: "audit verify [FILE] | export | tail [N]",
    summary: "Check, write out or look at the audit trail. verify FILE checks an export, offline.",
    load: () => import("./audit.ts"),
  },
  {
    name: "kill",
    usage: "kill on|off [CONNECTOR]",
    summary: "Stop every call to one system, or to all, in every running hub of this user.",
    load: () => import("./kill.ts"),
  },
];
