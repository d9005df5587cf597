import type { Readable, Writable } from "node:stream";
import { StdioServerTransport, serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import type { Log } from "../connector/contract.ts";
import type { Hub } from "../hub/hub.ts";
import { createMcpServers } from "./server.ts";

export interface StdioStreams {
  readonly input: Readable;
  readonly output: Writable;
}

/** Largest message taken; arguments are held to their own, smaller bounds. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** Serves both protocol eras on one pair of streams. Resolves when the client has closed its end. */
export const serveStdio = (hub: Hub, { input, output }: StdioStreams, log: Log): Promise<void> =>
  new Promise((resolve) => {
    const transport = new StdioServerTransport(input, output, { maxBufferSize: MAX_MESSAGE_BYTES });
    serve(createMcpServers(hub), {
      transport,
      onerror: (error) => log.warn({ err: error.message }, "protocol"),
    });
    input.once("end", resolve);
    input.once("close", resolve);
  });
