/**
 * tools/list and tools/call are ours, not the SDK's registry: it would answer unknown tools and wrong
 * arguments itself, and the trail would never see them.
 */
import type { InputRequiredResult } from "@modelcontextprotocol/server";
import type { Hub } from "../hub/hub.ts";
import { isQuestion, type RowsLink } from "../middleware/call.ts";
import { circumstances, type Server } from "./arrivals.ts";
import type { InFlight } from "./in-flight.ts";
import type { Questions } from "./questions.ts";

export const serveTools = (server: Server, hub: Hub, inFlight: InFlight, questions: Questions): void => {
  const isWrite = (tool: string): boolean =>
    hub.tools().some(({ name, tool: { effect } }) => name === tool && effect === "write");

  server.setRequestHandler("tools/list", () => ({
    tools: hub.tools().map(({ description }) => description),
  }));

  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const ask = questions.through(context, server);
    const answer = await inFlight.during(
      context.mcpReq.id,
      () => isWrite(params.name),
      () =>
        hub.call({
          tool: params.name,
          arguments: params.arguments ?? {},
          ...circumstances(context, server),
          ...(ask && { ask }),
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
};

/** Beside the text: a client can offer the whole table without it ever being read by the model. */
const resourceLink = ({ uri, name, rows }: RowsLink) => ({
  type: "resource_link" as const,
  uri,
  name,
  mimeType: "text/csv",
  description: `All ${rows} rows as CSV, for 15 minutes.`,
});

/** Older clients refuse an answer with a kind of content that they do not know. ISO days sort as text. */
const takesLinks = (server: Server): boolean =>
  (server.getNegotiatedProtocolVersion() ?? FIRST_WITH_LINKS) >= FIRST_WITH_LINKS;

const FIRST_WITH_LINKS = "2025-06-18";
