/**
 * The frame of every sandbox: a real HTTP server on 127.0.0.1 that journals what it received, can be
 * told to misbehave, and leaves what the vendor would say to its routes.
 *
 * Control routes, outside any vendor's name space (JSON in, JSON out):
 *   GET  /__sandbox/journal   requests received since the last reset
 *   POST /__sandbox/reset     state and journal as at the start
 *   POST /__sandbox/fault     a {@link Fault}; {} clears all
 *   POST /__sandbox/config    vendor-specific switches
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { SandboxClock } from "./clock.ts";

/** One misbehaviour. Without `match` it applies to every vendor request, without `times` until cleared. */
export interface Fault {
  /** Regular expression over `METHOD /path?query`. */
  readonly match?: string;
  readonly times?: number;
  /** Answer only after so many milliseconds of the sandbox's clock. */
  readonly latencyMs?: number;
  /** Answer this instead of the vendor's answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Let the vendor act, then spoil the answer. */
  readonly spoil?:
    | "cut" // half the body, then the connection drops
    | "drop" // the connection drops before any answer; the vendor has acted
    | "hang" // headers never come
    | "hang-body" // headers and half the body, then silence
    | "trickle" // one byte every 300 ms
    | "truncate" // half the body with a correct length
    | "html" // 200 and a login page
    | "bomb"; // a small gzip body that becomes 64 MiB of blanks
  /** Do not let the vendor act before spoiling. */
  readonly before?: boolean;
}

export interface SandboxRequest {
  readonly method: string;
  /** Decoded once by the URL parser; `//` at the start folded. */
  readonly path: string;
  /** Path and query as they came, for limits on the URI's length. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
}

export interface SandboxResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, an object as JSON, undefined as an empty body; a list of strings is streamed. */
  readonly body?: string | object | Iterable<string>;
}

export interface JournalEntry {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the answer; 0 when the connection was dropped or left hanging. */
  readonly status: number;
}

export interface SandboxOptions {
  readonly clock: SandboxClock;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly answer: (request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>;
  readonly reset: () => void;
  /** Returns the switches now in force; throws a RangeError that names what it does not know. */
  readonly configure: (switches: Record<string, unknown>) => unknown;
}

export interface Sandbox {
  readonly url: string;
  /** Requests received, oldest first; `requests("PATCH")` or `requests(/opportunity/)` narrows. */
  requests(only?: string | RegExp): readonly JournalEntry[];
  fault(fault: Fault | undefined): void;
  configure(switches: Record<string, unknown>): void;
  reset(): void;
  /** Most requests in flight at one time since the last reset. */
  peak(): number;
  close(): Promise<void>;
}

export const startServer = async (options: SandboxOptions): Promise<Sandbox> => {
  let journal: JournalEntry[] = [];
  let faults: { readonly fault: Fault; left: number }[] = [];
  let inFlight = 0;
  let peak = 0;
  const sockets = new Set<Socket>();

  const setFault = (fault: Fault | undefined) => {
    if (!fault || Object.keys(fault).length === 0) faults = [];
    else faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  };
  const reset = () => {
    journal = [];
    faults = [];
    peak = inFlight;
    options.reset();
  };
  const faultFor = (line: string): Fault | undefined => {
    const found = faults.find(({ fault, left }) => left > 0 && new RegExp(fault.match ?? "").test(line));
    if (found) found.left -= 1;
    return found?.fault;
  };

  const control = (request: SandboxRequest): SandboxResponse => {
    const route = `${request.method} ${request.path}`;
    try {
      const input = request.body === "" ? {} : JSON.parse(request.body);
      if (route === "GET /__sandbox/journal") return { status: 200, body: journal };
      if (route === "POST /__sandbox/reset") reset();
      else if (route === "POST /__sandbox/fault") setFault(input);
      else if (route === "POST /__sandbox/config")
        return { status: 200, body: { config: options.configure(input) } };
      else return { status: 404, body: { error: `no control route ${route}` } };
      return { status: 200, body: { ok: true } };
    } catch (error) {
      return { status: 400, body: { error: String(error) } };
    }
  };

  // Vendors answer URIs that are too long themselves; Node would refuse them first.
  const server = createServer({ maxHeaderSize: 128 * 1024 }, async (incoming, outgoing) => {
    const request = await readRequest(incoming).catch(() => undefined);
    // An upload that broke off, or a Host that is none: there is nobody, or nothing, to answer.
    if (!request) return void outgoing.writeHead(400, { connection: "close" }).end();
    if (request.path.startsWith("/__sandbox/"))
      return send(outgoing, control(request), undefined, options.clock);

    inFlight += 1;
    peak = Math.max(peak, inFlight);
    const place = journal.length;
    const { origin: _, target: __, query, ...rest } = request;
    journal.push({ ...rest, query: query.toString(), status: 0 });
    const record = (status: number) => {
      const entry = journal[place];
      if (entry?.path === request.path) journal[place] = { ...entry, status };
    };
    try {
      const fault = faultFor(`${request.method} ${request.path}?${request.query}`);
      if (fault?.latencyMs) await options.clock.sleep(fault.latencyMs);
      const vendor =
        fault?.before && fault.spoil ? { status: 200, body: "{}" } : await vendorAnswer(request, fault);
      record(fault?.spoil === "drop" || fault?.spoil === "hang" ? 0 : vendor.status);
      await send(outgoing, vendor, fault?.spoil, options.clock);
    } catch (error) {
      record(500);
      if (outgoing.headersSent) return void outgoing.destroy();
      await send(outgoing, { status: 500, body: { sandboxError: String(error) } }, undefined, options.clock);
    } finally {
      inFlight -= 1;
    }
  });

  const vendorAnswer = (request: SandboxRequest, fault: Fault | undefined) =>
    fault?.status === undefined
      ? options.answer(request)
      : {
          status: fault.status,
          headers: { "content-type": "application/json", ...fault.headers },
          ...(fault.body === undefined ? {} : { body: fault.body }),
        };

  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: (only) =>
      journal.filter(
        ({ method, path }) =>
          only === undefined || (typeof only === "string" ? method === only : only.test(`${method} ${path}`)),
      ),
    fault: setFault,
    configure: (switches) => void options.configure(switches),
    reset,
    peak: () => peak,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

const readRequest = async (incoming: IncomingMessage): Promise<SandboxRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const origin = `http://${incoming.headers.host}`;
  // Some clients ask for //services/data.
  const url = new URL((incoming.url ?? "/").replace(/^\/+/, "/"), origin);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    target: incoming.url ?? "/",
    query: url.searchParams,
    headers,
    body: Buffer.concat(chunks).toString("utf8"),
    origin,
  };
};

const bomb = () => gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));

const LOGIN_PAGE =
  "<!DOCTYPE html><html><head><title>Log in</title></head><body>Single sign-on</body></html>";

const send = async (
  outgoing: ServerResponse,
  response: SandboxResponse,
  spoil: Fault["spoil"],
  clock: SandboxClock,
): Promise<void> => {
  const isText = typeof response.body === "string";
  const streamed =
    !isText &&
    response.body !== undefined &&
    Symbol.iterator in response.body &&
    !Array.isArray(response.body);
  const text =
    spoil === "html"
      ? LOGIN_PAGE
      : isText
        ? (response.body as string)
        : streamed
          ? ""
          : JSON.stringify(response.body);
  const headers = { "content-type": "application/json;charset=UTF-8", ...response.headers };

  if (spoil === "drop") return void outgoing.destroy();
  if (spoil === "hang") return;
  if (spoil === "bomb")
    return void outgoing.writeHead(response.status, { ...headers, "content-encoding": "gzip" }).end(bomb());
  if (spoil === "html") return void outgoing.writeHead(200, { "content-type": "text/html" }).end(text);
  if (streamed) {
    outgoing.writeHead(response.status, headers);
    for (const part of response.body as Iterable<string>) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(part)) await drained(outgoing);
    }
    return void outgoing.end();
  }
  const body = Buffer.from(text ?? "");
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (spoil === "truncate") return void outgoing.writeHead(response.status, headers).end(half);
  if (text === undefined) return void outgoing.writeHead(response.status, response.headers ?? {}).end();
  outgoing.writeHead(response.status, { ...headers, "content-length": body.length });
  if (spoil === "cut") return void outgoing.write(half, () => outgoing.destroy());
  if (spoil === "hang-body") return void outgoing.write(half);
  if (spoil === "trickle") {
    for (const byte of body) {
      if (outgoing.destroyed) return;
      outgoing.write(Buffer.of(byte));
      await clock.sleep(300);
    }
  }
  outgoing.end(spoil === "trickle" ? undefined : body);
};

/** Takes its listeners away again: a long stream waits many times on one response. */
const drained = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.on("drain", done).on("close", done);
  });
