import { finished, type Readable, type Writable } from "node:stream";
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import { StdioServerTransport, serveStdio as serve } from "@modelcontextprotocol/server/stdio";
import type { Log } from "../connector/contract.ts";
import type { Hub } from "../hub/hub.ts";
import { createInFlight, type InFlight } from "./in-flight.ts";
import { wholeLines } from "./lines.ts";
import { createMcpServers } from "./server.ts";

export interface StdioStreams {
  readonly input: Readable;
  /** Must not fail: a client that stops reading is told of by `stop`. */
  readonly output: Writable;
}

export interface StdioOptions {
  /** Ends the serving as the end of `input` does. */
  readonly stop?: AbortSignal;
  readonly inFlight?: InFlight;
}

/** Largest message taken; arguments are held to their own, smaller bounds. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

const TOO_LONG = {
  jsonrpc: "2.0",
  id: null,
  error: { code: -32600, message: `A message is longer than ${MAX_MESSAGE_BYTES} bytes; it was not read.` },
};

/**
 * Serves both protocol eras on one pair of streams. When the client has closed its end, or `stop` is
 * aborted, nothing more is read; resolves when what was begun is answered and the answers are out.
 */
export const serveStdio = async (
  hub: Hub,
  { input, output }: StdioStreams,
  log: Log,
  { stop, inFlight = createInFlight() }: StdioOptions = {},
): Promise<void> => {
  const lines = wholeLines(MAX_MESSAGE_BYTES, () => {
    log.warn({ limit: MAX_MESSAGE_BYTES }, "a message was too long and was skipped");
    output.write(`${JSON.stringify(TOO_LONG)}\n`);
  });
  // The transport would close itself at the end of its input, and drop the answers still to come.
  const transport = new StdioServerTransport(lines, output, { maxBufferSize: MAX_MESSAGE_BYTES + 1 });
  const connection = serve(createMcpServers(hub, inFlight), {
    transport,
    onerror: (error) => log.warn({ err: error.message }, "protocol"),
  });
  watch(transport, inFlight);

  const left = clientLeft(input, transport, stop);
  input.pipe(lines, { end: false });
  await left;
  input.unpipe(lines);
  input.pause();
  if (input.readableEnded && !lines.isPaused()) await endLastLine(lines);
  await inFlight.drained();
  await connection.close();
  await inFlight.idle();
};

/** Sees every request come in and every answer go out, whoever makes it. */
const watch = (transport: StdioServerTransport, inFlight: InFlight): void => {
  const { onmessage } = transport;
  transport.onmessage = (message: JSONRPCMessage) => {
    // A subscription is answered when the connection ends: nothing to wait for.
    if ("method" in message && "id" in message && message.method !== "subscriptions/listen")
      inFlight.arrived(message.id);
    if ("method" in message && message.method === "notifications/cancelled") {
      const { requestId } = (message.params ?? {}) as { requestId?: RequestId };
      if (requestId !== undefined) inFlight.settled(requestId);
    }
    onmessage?.(message);
  };
  const send = transport.send.bind(transport);
  transport.send = async (message: JSONRPCMessage) => {
    try {
      await send(message);
    } finally {
      if (!("method" in message) && message.id !== undefined) inFlight.settled(message.id);
    }
  };
};

const clientLeft = (
  input: Readable,
  transport: StdioServerTransport,
  stop: AbortSignal | undefined,
): Promise<void> =>
  new Promise((resolve) => {
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    if (stop?.aborted) resolve();
    stop?.addEventListener("abort", () => resolve(), { once: true });
    finished(input, { writable: false }, () => resolve());
  });

/** The last message of a client that ends without a line break is a message all the same. */
const endLastLine = async (lines: Writable): Promise<void> => {
  await new Promise((resolve) => lines.write("\n", resolve));
  // What was pushed reaches the transport in this turn's end.
  await new Promise((resolve) => setImmediate(resolve));
};
