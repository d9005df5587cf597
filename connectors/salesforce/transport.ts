/**
 * jsforce over the host's way out. jsforce's own HTTP layer ends the process when a body is cut, renews
 * tokens without end, follows redirects with the token, retries on its own account and waits half an
 * hour; so it is given another: one request is one `setup.fetch`, with a token of our provider.
 */
import { Duplex } from "node:stream";
import type { Connection } from "@jsforce/jsforce-node/lib/connection.js";
import { type Fetch, HubError, parseJson, type TokenProvider, type VendorResponse } from "#connector";
import { type ApiUsage, usageIn } from "./allowance.ts";
import { rejection, SHORTER, SYSTEM } from "./errors.ts";

/**
 * Salesforce reads 16,384 bytes of address and headers together (REST API guide, "Status Codes and Error
 * Responses": 414, 431); the rest is for the headers, of which the token is the longest.
 */
const LONGEST_URI = 16_384 - 2_048;

/** What a request of jsforce brings along; the second argument of `Connection.request`. */
export interface SendOptions {
  readonly retry?: boolean;
  readonly timeoutMs?: number;
  /** Hears the answer, which jsforce would parse again, and its headers, which it keeps to itself. */
  readonly onAnswer?: (answer: unknown, headers: Readonly<Record<string, string>>) => void;
}

interface JsforceRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface JsforceResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The shape jsforce expects at its private `_transport`. */
export interface Transport {
  httpRequest(
    request: JsforceRequest,
    options?: SendOptions,
  ): Promise<JsforceResponse> & { stream(): Duplex };
}

export interface TransportOptions {
  readonly fetch: Fetch;
  readonly origin: string;
  readonly tokens: TokenProvider;
  readonly onUsage: (usage: ApiUsage) => void;
  /** A new token may be another user's, who sees other things. */
  readonly onNewToken: () => void;
}

/**
 * Rejects with a HubError for every answer that is not a success with well-formed JSON, empty with 204, or
 * a 304 that was asked for; jsforce hands that on as an empty string.
 */
export const createTransport = ({
  fetch,
  origin,
  tokens,
  onUsage,
  onNewToken,
}: TransportOptions): Transport => {
  const sendAs = (token: string, request: JsforceRequest, options: SendOptions): Promise<VendorResponse> =>
    fetch({
      method: methodOf(request),
      url: request.url,
      origin,
      headers: { ...headersOf(request), authorization: `Bearer ${token}` },
      ...(typeof request.body === "string" && { body: request.body }),
      ...(options.retry !== undefined && { retry: options.retry }),
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    });

  const send = async (request: JsforceRequest, options: SendOptions): Promise<JsforceResponse> => {
    refuseLongUri(request.url);
    const token = await tokens.current();
    let response = await sendAs(token, request, options);
    if (response.status === 401) {
      // A 401 means that nothing was done, so also a write may be sent again; once, with another token.
      const fresh = await tokens.renew(token);
      if (fresh !== undefined) {
        onNewToken();
        response = await sendAs(fresh, request, options);
      }
    }
    const usage = usageIn(response.headers["sforce-limit-info"]);
    if (usage) onUsage(usage);
    const { status, headers, body } = response;
    const isUnchanged = status === 304 && request.headers?.["if-modified-since"] !== undefined;
    if (status >= 300 && !isUnchanged) throw rejection(response);
    // jsforce hands on what it cannot parse as a string, as if it were an answer.
    const answer = status === 204 || isUnchanged ? undefined : parseJson(SYSTEM, response);
    if (!options.onAnswer) return { statusCode: status, headers, body };
    options.onAnswer(answer, headers);
    return NOTHING_MORE;
  };

  return { httpRequest: (request, options = {}) => asStreamPromise(send(request, options)) };
};

/**
 * Loads jsforce, of which only the module of `Connection`, and gives it the transport. The import reads
 * the connections that other programs may have stored in the home folder; nothing here uses them.
 *
 * @throws HubError `internal` when this version of jsforce would not send through the transport
 */
export const openConnection = async (
  instanceUrl: string,
  version: string,
  transport: Transport,
): Promise<Connection> => {
  const { Connection } = await import("@jsforce/jsforce-node/lib/connection.js");
  // No token and no OAuth settings: then there is nothing that jsforce could renew by itself. Its log
  // goes to stdout, which belongs to the protocol; NONE here wins over JSFORCE_LOG_LEVEL.
  const connection = new Connection({ instanceUrl, version, logLevel: "NONE", propagators: ["none"] });
  const inside = connection as unknown as { _transport: unknown; _refreshDelegate: unknown };
  if (!("_transport" in inside) || inside._refreshDelegate !== undefined) throw changed();

  let reached = false;
  const probe: Transport = {
    httpRequest() {
      reached = true;
      return asStreamPromise(Promise.resolve({ statusCode: 204, headers: {}, body: "" }));
    },
  };
  inside._transport = probe;
  await connection.request("/");
  if (!reached) throw changed();
  inside._transport = transport;
  return connection;
};

const changed = () =>
  new HubError("internal", undefined, {
    cause: new Error("this jsforce keeps its transport elsewhere: see transport.ts"),
  });

/** jsforce asks every answer for a stream as well, and never reads it. */
const asStreamPromise = <T>(promise: Promise<T>) => Object.assign(promise, { stream: emptyStream });

const emptyStream = (): Duplex =>
  new Duplex({
    read() {
      this.push(null);
    },
    write: (_chunk, _encoding, done) => done(),
  });

const NOTHING_MORE: JsforceResponse = { statusCode: 204, headers: {}, body: "" };

const METHODS = ["GET", "POST", "PATCH"] as const;

const methodOf = ({ method }: JsforceRequest): (typeof METHODS)[number] => {
  const known = METHODS.find((one) => one === method);
  if (!known) throw new HubError("forbidden", `The hub never sends ${method} to Salesforce.`);
  return known;
};

/** Only what our requests set themselves; the length is fetch's business. */
const headersOf = ({ headers = {} }: JsforceRequest) =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !["content-length", "authorization"].includes(name.toLowerCase()),
    ),
  );

/** As it travels: fetch encodes quotes that encodeURIComponent leaves alone. */
const addressLength = (url: string): number => (URL.canParse(url) ? new URL(url).href.length : url.length);

/** Whether Salesforce reads an address that long. */
export const fits = (url: string): boolean => addressLength(url) <= LONGEST_URI;

const refuseLongUri = (url: string): void => {
  if (!fits(url))
    throw new HubError(
      "invalid_input",
      `The request would have an address of ${addressLength(url)} bytes; ${LONGEST_URI} can be sent.`,
      { hint: SHORTER },
    );
};
