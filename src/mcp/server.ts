/** The hub as an MCP server: every method that it answers is ours, for the trail to see what is asked. */
import { McpServer } from "@modelcontextprotocol/server";
import type { Hub } from "../hub/hub.ts";
import { VERSION } from "../version.ts";
import { serveCompletions } from "./completions.ts";
import type { InFlight } from "./in-flight.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { servePrompts } from "./prompts.ts";
import { createQuestions } from "./questions.ts";
import { readThrough } from "./reading.ts";
import { serveResources } from "./resources.ts";
import { serveTools } from "./tools.ts";
import { UI_EXTENSION } from "./views.ts";

/** What is offered and what the hub can do change only with the configuration, that is with a restart. */
const OFFERED = { ttlMs: 5 * 60_000, cacheScope: "private" } as const;
/** A vendor's data is as of now, and reading it again is recorded again. */
const READ = { ttlMs: 0, cacheScope: "private" } as const;

/** Makes one server per connection; both protocol eras use the same one. */
export const createMcpServers = (hub: Hub, inFlight: InFlight): (() => McpServer) => {
  const questions = createQuestions();

  return () => {
    const mcp = new McpServer(
      { name: "revops-hub", title: "RevOps Hub", version: VERSION },
      {
        capabilities: {
          tools: { listChanged: false },
          resources: { listChanged: false },
          prompts: { listChanged: false },
          completions: {},
          extensions: UI_EXTENSION,
        },
        instructions: INSTRUCTIONS,
        cacheHints: {
          "tools/list": OFFERED,
          "resources/list": OFFERED,
          "resources/templates/list": OFFERED,
          "prompts/list": OFFERED,
          "server/discover": OFFERED,
          "resources/read": READ,
        },
        requestState: { verify: questions.verify },
      },
    );
    const { server } = mcp;
    const read = readThrough(server, hub, inFlight);
    serveTools(server, hub, inFlight, questions);
    serveResources(server, hub, read);
    servePrompts(server, hub);
    serveCompletions(server, hub, read);
    return mcp;
  };
};
