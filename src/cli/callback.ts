/**
 * Waits on this machine for the browser to bring the code of a login. Only the answer to our own question
 * counts: anything without its state is refused, and the wait goes on.
 */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../connector/contract.ts";
import { HubError } from "../errors.ts";

export interface CallbackOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly state: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Callback {
  readonly redirectUri: string;
  /**
   * Hands the code to `redeem` and tells the browser how it ended. Throws `needs_login` when the person or the
   * vendor refused, `deadline_exceeded` when nobody came, the signal's reason, or what `redeem` throws.
   */
  receive<T>(redeem: (code: string) => Promise<T>): Promise<T>;
  close(): void;
}

const PATH = "/callback";
const LIMIT_MS = 5 * 60_000;
const LINGER_MS = 500;

/** Throws `config` when the port is taken. */
export const listenForCallback = async ({
  port,
  state,
  clock,
  signal,
}: CallbackOptions): Promise<Callback> => {
  let onAnswer: ((answer: URLSearchParams, browser: ServerResponse) => void) | undefined;
  const servers: Server[] = [];
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const asked = URL.parse(request.url ?? "/", "http://localhost");
    if (!asked) return say(response, 400, "This is no address.");
    const { pathname, searchParams } = asked;
    if (request.method !== "GET" || pathname !== PATH) return say(response, 404, "There is nothing here.");
    if (!onAnswer || !same(searchParams.get("state") ?? "", state))
      return say(response, 400, "This is not the answer to the login that was started. Nothing was done.");
    const answer = onAnswer;
    onAnswer = undefined;
    answer(searchParams, response);
  };
  const listen = async (host: string, at: number): Promise<number> => {
    const server = createServer({ maxHeaderSize: 32 * 1024 }, handle);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port: at, ipv6Only: true }, resolve);
    });
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  const close = () => {
    for (const server of servers) {
      server.close();
      server.closeIdleConnections();
      // The last answer may still be on its way; whoever else holds a connection does not hold the command.
      setTimeout(() => server.closeAllConnections(), LINGER_MS).unref();
    }
  };

  let bound: number;
  try {
    bound = await listen("127.0.0.1", port);
    // Browsers may take `localhost` for either; a machine without IPv6 has the other alone.
    await listen("::1", bound).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") throw error;
    });
  } catch (error) {
    close();
    throw new HubError(
      "config",
      `Port ${port} of this machine cannot be listened on: ${(error as NodeJS.ErrnoException).code}.`,
      {
        hint: "End what uses it (another login may be waiting), or register and configure another port.",
        cause: error,
      },
    );
  }

  const answered = (): Promise<[URLSearchParams, ServerResponse]> =>
    new Promise((resolve) => {
      onAnswer = (...answer) => resolve(answer);
    });
  return {
    redirectUri: `http://localhost:${bound}${PATH}`,
    close,
    async receive(redeem) {
      const done = new AbortController();
      const ended = AbortSignal.any([done.signal, signal]);
      const late = clock.sleep(LIMIT_MS, ended).then(() => {
        throw new HubError("deadline_exceeded", "Nobody signed in within five minutes.", {
          hint: "Start the login again.",
        });
      });
      const [answer, browser] = await Promise.race([answered(), late]).finally(() => done.abort());
      try {
        const result = await redeem(codeIn(answer));
        say(browser, 200, "You are signed in. This window can be closed.");
        return result;
      } catch (error) {
        say(browser, 400, "The login failed; the terminal says why. This window can be closed.");
        throw error;
      }
    },
  };
};

const codeIn = (answer: URLSearchParams): string => {
  const code = answer.get("code");
  if (code) return code;
  const error = answer.get("error") ?? "";
  const description = answer.get("error_description");
  throw new HubError(
    "needs_login",
    error === "access_denied" ? "The login was refused." : "The login did not succeed.",
    {
      hint: "Start it again; if it was not you who refused, an administrator must let this user use the app.",
      vendor: {
        system: "login",
        ...(/^\w{1,60}$/.test(error) && { code: error }),
        ...(description !== null && { message: description }),
      },
    },
  );
};

const same = (given: string, expected: string): boolean =>
  given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));

const say = (response: ServerResponse, status: number, sentence: string): void => {
  response
    .writeHead(status, {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      connection: "close",
    })
    .end(`${sentence}\n`);
};
