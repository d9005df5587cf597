/** What `revops-hub` can be told to do. Each command is loaded only when it is asked for. */
import type { Command } from "./command.ts";

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
    name: "login",
    usage: "login CONNECTOR",
    summary: "Sign in to a system with a browser, and keep the login.",
    load: () => import("./login.ts"),
  },
  {
    name: "logout",
    usage: "logout CONNECTOR",
    summary: "Forget the login that `login` kept.",
    load: () => import("./logout.ts"),
  },
  {
    name: "tools",
    usage: "tools [--json]",
    summary: "List the tools this configuration offers, and what they cost in tokens.",
    load: () => import("./tools.ts"),
  },
  {
    name: "call",
    usage: "call TOOL [JSON] [--dry-run] [--json] [--open]",
    summary: "Call one tool, as a client would. --open draws its answer in a browser.",
    formats: true,
    load: () => import("./call.ts"),
  },
  {
    name: "approve",
    usage: "approve [ID] [--json]",
    summary: "Show the changes that wait for a person, or decide one of them.",
    load: () => import("./approve.ts"),
  },
  {
    name: "reconcile",
    usage: "reconcile [--json]",
    summary: "Find out how writes ended that a crash or a lost answer left open.",
    load: () => import("./reconcile.ts"),
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
