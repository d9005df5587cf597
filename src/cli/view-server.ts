/**
 * Serves one answer and the view that draws it to a browser on this machine. Whoever does not know the path
 * sees nothing; whoever comes under another name (a page elsewhere that has its name point here) neither. The
 * path is given to a browser as an argument, which others on this machine can read: it lets in one browser,
 * the first.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { View } from "../catalog/views.ts";
import type { Clock } from "../connector/contract.ts";
import { VIEW_CSP, viewPage } from "./view-page.ts";

/** As MCP has it; the page hands it to the view. */
export interface ViewResult {
  readonly content: readonly { readonly type: "text"; readonly text: string }[];
  readonly structuredContent: Readonly<Record<string, unknown>>;
  readonly isError?: true;
}

export interface ViewServerOptions {
  readonly tool: string;
  readonly view: View;
  readonly input: Readonly<Record<string, unknown>>;
  readonly result: ViewResult;
  /** What the view calls back. Throws an error whose message the person may see. */
  call(tool: string, input: Readonly<Record<string, unknown>>): Promise<ViewResult>;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface ViewServer {
  readonly address: string;
  /** Resolves when the page was left, when nothing was asked for a quarter of an hour, or by the signal. */
  readonly ended: Promise<void>;
}

const IDLE_MS = 15 * 60_000;
/** A page that is loaded again leaves first. */
const LEFT_MS = 3_000;
const LARGEST_CALL = 64 * 1024;

export const serveView = async (options: ViewServerOptions): Promise<ViewServer> => {
  const { clock, signal } = options;
  const secret = `/${randomBytes(32).toString("base64url")}/`;
  const cookie = `revops-hub-view=${randomBytes(32).toString("base64url")}`;
  const over = Promise.withResolvers<void>();
  let origin = "";
  let isTaken = false;

  let waiting = new AbortController();
  const endAfter = (ms: number) => {
    waiting.abort();
    waiting = new AbortController();
    clock.sleep(ms, waiting.signal).then(over.resolve, () => {});
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = request;
    const isOurs = headers.host === new URL(origin).host && same(url.slice(0, secret.length), secret);
    if (!isOurs) return say(response, 404, "There is nothing here.");
    const route = `${method} ${url.slice(secret.length)}`;
    const isKnown = (headers.cookie ?? "").split("; ").some((one) => same(one, cookie));
    if (!isKnown && (isTaken || route !== "GET "))
      return say(response, 403, "Another browser shows this. Run the command again.");
    // Every browser says from which page something is posted.
    if (method === "POST" && headers.origin !== origin) return say(response, 403, "Not from this page.");
    endAfter(route === "POST bye" ? LEFT_MS : IDLE_MS);
    switch (route) {
      case "GET ": {
        const { html, csp } = viewPage(randomBytes(16).toString("base64"));
        isTaken = true;
        response.setHeader("set-cookie", `${cookie}; Path=${secret}; HttpOnly; SameSite=Strict`);
        return send(response, 200, "text/html", html, csp);
      }
      case "GET view":
        return send(response, 200, "text/html", readFileSync(options.view.file, "utf8"), VIEW_CSP);
      case "GET answer": {
        const { tool, view, input, result } = options;
        return send(response, 200, JSON_TYPE, JSON.stringify({ tool, title: view.title, input, result }));
      }
      case "POST call": {
        const asked = callIn(await bodyOf(request));
        if (!asked) return say(response, 400, "This is no call of a tool.");
        const result = await options.call(asked.name, asked.arguments ?? {});
        return send(response, 200, JSON_TYPE, JSON.stringify(result));
      }
      case "POST bye":
        return say(response, 200, "Goodbye.");
      default:
        return say(response, 404, "There is nothing here.");
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => say(response, 400, error.message));
  });
  const bound = await listen(server);
  origin = `http://127.0.0.1:${bound}`;
  endAfter(IDLE_MS);
  if (signal.aborted) over.resolve();
  signal.addEventListener("abort", () => over.resolve(), { once: true });
  return {
    address: `${origin}${secret}`,
    ended: over.promise.then(() => {
      waiting.abort();
      server.close();
      server.closeAllConnections();
    }),
  };
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

const same = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) {
    body += piece as string;
    if (body.length > LARGEST_CALL) throw new Error("This call is too large.");
  }
  return body;
};

interface AskedCall {
  readonly name: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

const callIn = (body: string): AskedCall | undefined => {
  try {
    const { name, arguments: given } = JSON.parse(body) as AskedCall;
    return typeof name === "string" && (given === undefined || typeof given === "object")
      ? { name, ...(given && { arguments: given }) }
      : undefined;
  } catch {
    return undefined;
  }
};

const JSON_TYPE = "application/json";

const say = (response: ServerResponse, status: number, sentence: string): void =>
  send(response, status, "text/plain", sentence);

const send = (
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  csp = "default-src 'none'; frame-ancestors 'none'",
): void => {
  response
    .writeHead(status, {
      "content-type": `${type}; charset=utf-8`,
      "content-security-policy": csp,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    })
    .end(body);
};
