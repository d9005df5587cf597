/** What a request says about itself, whichever method it is of. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Arrival } from "../middleware/call.ts";

export type Server = McpServer["server"];

/** The 2026 era states these with every request, the 2025 era once. The SDK's type of the envelope is empty. */
interface Envelope {
  readonly [CLIENT_INFO_META_KEY]?: Implementation;
  readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities;
}

/** Who asks, until when, and how they hear of progress. */
export const circumstances = (
  context: ServerContext,
  server: Server,
): Pick<Arrival, "client" | "signal" | "progress"> => ({
  client: clientOf(context, server),
  signal: context.mcpReq.signal,
  ...progressOf(context),
});

const clientOf = ({ mcpReq }: ServerContext, server: Server): string => {
  const info = (mcpReq.envelope as Envelope | undefined)?.[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  if (!info) return "unknown";
  // A client may call itself anything; the log and the trail take printable ASCII.
  return `${info.name}/${info.version}`.replace(/[^\x21-\x7e]/g, "_").slice(0, 64);
};

export const capabilitiesOf = ({ mcpReq }: ServerContext, server: Server): ClientCapabilities | undefined => {
  const stated = (mcpReq.envelope as Envelope | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  return stated ?? server.getClientCapabilities();
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
