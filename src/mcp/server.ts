/**
 * The hub as an MCP server. tools/list and tools/call are ours, not the SDK's registry: it would answer
 * unknown tools and wrong arguments itself, and the trail would never see them.
 */
import { randomBytes, randomUUID } from "node:crypto";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type Implementation,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Hub } from "../hub/hub.ts";
import type { Arrival, Ask, Question, RowsLink } from "../middleware/call.ts";
import { isQuestion } from "../middleware/call.ts";
import { VERSION } from "../version.ts";
import type { InFlight } from "./in-flight.ts";
import { INSTRUCTIONS } from "./instructions.ts";

const CONFIRM = "confirm";
const QUESTION_TTL_SECONDS = 600;
/** Tool definitions and capabilities change only with the configuration, that is with a restart. */
const CACHE_HINT = { ttlMs: 5 * 60_000, cacheScope: "private" } as const;

interface QuestionState {
  /** What exactly is asked about. */
  readonly subject: string;
  /** Which asking of it. */
  readonly asking: string;
}

/** Makes one server per connection; both protocol eras use the same one. */
export const createMcpServers = (hub: Hub, inFlight: InFlight): (() => McpServer) => {
  const questions = createRequestStateCodec<QuestionState>({
    key: randomBytes(32),
    ttlSeconds: QUESTION_TTL_SECONDS,
  });
  // A person's answer counts once: sent again after the value was changed back, it is no answer.
  const open = new Set<string>();
  const newAsking = (): string => {
    const asking = randomUUID();
    open.add(asking);
    setTimeout(() => open.delete(asking), QUESTION_TTL_SECONDS * 1_000).unref();
    return asking;
  };

  return () => {
    const mcp = new McpServer(
      { name: "revops-hub", title: "RevOps Hub", version: VERSION },
      {
        capabilities: { tools: { listChanged: false } },
        instructions: INSTRUCTIONS,
        cacheHints: { "tools/list": CACHE_HINT, "server/discover": CACHE_HINT },
        requestState: { verify: questions.verify },
      },
    );
    const { server } = mcp;

    server.setRequestHandler("tools/list", () => ({
      tools: hub.tools().map(({ description }) => description),
    }));

    server.setRequestHandler("tools/call", async ({ params }, context) => {
      const answer = await inFlight.during(
        context.mcpReq.id,
        () => isWrite(params.name),
        () =>
          hub.call({
            tool: params.name,
            arguments: params.arguments ?? {},
            client: clientOf(context, server),
            signal: context.mcpReq.signal,
            ...progressOf(context),
            ...(canAsk(context, server) && { ask: askThrough(context) }),
          }),
      );
      if (isQuestion(answer)) return answer.question as InputRequiredResult;
      return {
        content: [
          { type: "text" as const, text: JSON.stringify(answer.content) },
          ...(takesLinks(server) ? answer.links.map(resourceLink) : []),
        ],
        structuredContent: answer.content,
        ...(answer.isError && { isError: true }),
      };
    });
    return mcp;

    function isWrite(tool: string): boolean {
      return hub.tools().some(({ name, tool: { effect } }) => name === tool && effect === "write");
    }

    function askThrough({ mcpReq }: ServerContext): Ask {
      return {
        async answer(subject) {
          const asked = mcpReq.requestState<QuestionState>();
          if (asked?.subject !== subject) return undefined;
          const response = inputResponse(mcpReq.inputResponses, CONFIRM);
          if (response.kind !== "elicit" || !open.delete(asked.asking)) return undefined;
          const agreed = response.action === "accept" && response.content?.confirm === true;
          return agreed ? "accepted" : "declined";
        },
        async question(subject, message): Promise<Question> {
          const requestedSchema = z.object({ confirm: z.boolean().describe("Make this change?") });
          return {
            question: inputRequired({
              inputRequests: { [CONFIRM]: inputRequired.elicit({ message, requestedSchema }) },
              requestState: await questions.mint({ subject, asking: newAsking() }),
            }),
          };
        },
      };
    }
  };
};

/** Beside the text: a client can offer the whole table without it ever being read by the model. */
const resourceLink = ({ uri, name, rows }: RowsLink) => ({
  type: "resource_link" as const,
  uri,
  name,
  mimeType: "text/csv",
  description: `All ${rows} rows as CSV, for 15 minutes.`,
});

type Server = McpServer["server"];

/** Older clients refuse an answer with a kind of content that they do not know. ISO days sort as text. */
const takesLinks = (server: Server): boolean =>
  (server.getNegotiatedProtocolVersion() ?? FIRST_WITH_LINKS) >= FIRST_WITH_LINKS;

const FIRST_WITH_LINKS = "2025-06-18";

/** The 2026 era states these with every request, the 2025 era once. The SDK's type of the envelope is empty. */
interface Envelope {
  readonly [CLIENT_INFO_META_KEY]?: Implementation;
  readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
}

const clientOf = ({ mcpReq }: ServerContext, server: Server): string => {
  const info = (mcpReq.envelope as Envelope | undefined)?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  if (!info) return "unknown";
  // A client may call itself anything; the log and the trail take printable ASCII.
  return `${info.name}/${info.version}`.replace(/[^\x21-\x7e]/g, "_").slice(0, 64);
};

const canAsk = ({ mcpReq }: ServerContext, server: Server): boolean => {
  const stated = (mcpReq.envelope as Envelope | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const elicitation = (stated ?? server.getClientCapabilities())?.elicitation;
  if (!elicitation) return false;
  // Our question is a form. An empty object means forms, from the time before there was anything else.
  return elicitation.form !== undefined || Object.keys(elicitation).length === 0;
};

const progressOf = ({ mcpReq }: ServerContext): Pick<Arrival, "progress"> => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return {};
  return {
    // A client that no longer listens must not fail the call.
    progress: (update) =>
      void mcpReq
        .notify({ method: "notifications/progress", params: { progressToken, ...update } })
        .catch(() => {}),
  };
};
