/**
 * The only way from the hub to a vendor. One policy for every connector: the call's deadline covers
 * headers and body, bodies are counted while they stream, redirects are refused (fetch would carry a
 * custom key header along), reads are retried within a budget, and every request is accounted for.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { HubError, isHubError } from "../errors.ts";
import { createBreaker } from "./breaker.ts";
import type { Clock, Fetch, VendorRequest, VendorResponse } from "./contract.ts";
import { readBody, refuseRedirect } from "./response.ts";
import { createSemaphore } from "./semaphore.ts";
import { type ReadsInFlight, shareReads } from "./shared-reads.ts";

/** What one tool call spends upstream. */
export interface Ledger {
  readonly signal: AbortSignal;
  /** HTTP statuses per system, in order of arrival; 0 when no answer came. */
  readonly statuses: Map<string, number[]>;
  /** Those under way; without it nothing is shared. */
  readonly reads?: ReadsInFlight;
  /** False in a dry run. */
  readonly mayRequest?: boolean;
  /** What the answer should say of the systems asked, by what it is about. */
  readonly remarks?: Map<string, string>;
}

/** Carries the call to the requests made on its behalf, also through libraries that pass no options. */
export const ledger = new AsyncLocalStorage<Ledger>();

/** {@link Setup.notice} of one system. */
export const noticeFrom =
  (system: string) =>
  (about: string, text: string): void =>
    void ledger.getStore()?.remarks?.set(`${system} ${about}`, text);

/** What is known of a system's reachability without asking it. */
export interface Reachability {
  lastAnswerAt: number | undefined;
  lastFailureAt: number | undefined;
  lastFailure: string | undefined;
}

export interface UpstreamOptions {
  readonly system: string;
  readonly clock: Clock;
  readonly concurrency: number;
  readonly seen: Reachability;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const MAX_TRIES = 3;
const RETRY_BUDGET_MS = 15_000;
const LONGEST_RETRY_AFTER_MS = 10_000;
const RETRIED_STATUSES = new Set([429, 502, 503, 504]);
/** Outside a call (a health check, a login) requests still end. */
const UNACCOUNTED_TIMEOUT_MS = 30_000;

/** Throws `vendor_unavailable`, `vendor_limit`, `vendor_malformed`, `deadline_exceeded` or `cancelled`. */
export const createFetch = ({ system, clock, concurrency, seen }: UpstreamOptions): Fetch => {
  const slots = createSemaphore(concurrency);
  const breaker = createBreaker(system, clock);

  const once = async (
    request: VendorRequest,
    headers: Headers,
    signal: AbortSignal,
  ): Promise<VendorResponse> => {
    const release = await slots.take(signal).catch(() => {
      breaker.note(undefined);
      throw ended(system, signal);
    });
    const statuses = statusesOf(system);
    const place = statuses ? statuses.push(0) - 1 : 0;
    let well: boolean | undefined;
    try {
      const response = await fetch(request.url, {
        method: request.method,
        redirect: "manual",
        signal,
        headers,
        ...(request.body !== undefined && { body: request.body }),
      });
      if (statuses) statuses[place] = response.status;
      refuseRedirect(system, response);
      const { maxBytes = DEFAULT_MAX_BYTES, receive } = request;
      let body = "";
      const hold = (piece: string) => {
        body += piece;
      };
      const take = response.ok ? receive?.() : undefined;
      // What is held must be small, however large a file may be that is taken piece by piece.
      const cap = take || !receive ? maxBytes : Math.min(maxBytes, DEFAULT_MAX_BYTES);
      await readBody(system, response, cap, take ? ownMistakes(take) : hold);
      seen.lastAnswerAt = clock.now();
      seen.lastFailure = undefined;
      well = response.status < 500;
      return { status: response.status, headers: Object.fromEntries(response.headers), body };
    } catch (error) {
      const failure = signal.aborted ? ended(system, signal) : asFailure(system, error);
      // Whoever cancels has learnt nothing about the system; a time-out has.
      if (failure.code === "cancelled") throw failure;
      seen.lastFailureAt = clock.now();
      seen.lastFailure = failure.message;
      if (failure.code !== "vendor_malformed" && failure.code !== "internal") well = false;
      throw failure;
    } finally {
      breaker.note(well);
      release();
    }
  };

  const send: Fetch = async (request) => {
    refuseForeign(system, request);
    if (ledger.getStore()?.mayRequest === false)
      throw new HubError("internal", undefined, {
        cause: new Error(`${system}: plan() tried to send a request`),
      });
    const headers = headersOf(system, request);
    const signal = signalFor(request);
    const mayRetry = request.retry ?? request.method === "GET";
    const startedAt = clock.now();
    for (let tries = 1; ; tries += 1) {
      breaker.check();
      const outcome = await once(request, headers, signal).catch((error: unknown) => {
        if (!(error instanceof HubError) || error.code !== "vendor_unavailable") throw error;
        return error;
      });
      const failed = outcome instanceof HubError;
      if (!failed && !RETRIED_STATUSES.has(outcome.status)) return outcome;
      const wait = failed
        ? backOff(tries)
        : (retryAfterMs(outcome, clock.now()) ?? unaskedWait(outcome, tries));
      const spent = clock.now() - startedAt;
      if (
        !mayRetry ||
        tries === MAX_TRIES ||
        wait > LONGEST_RETRY_AFTER_MS ||
        spent + wait > RETRY_BUDGET_MS
      ) {
        if (failed) throw outcome;
        if (outcome.status === 429) throw overLimit(system, clock.now() + wait);
        return outcome;
      }
      await clock.sleep(wait, signal).catch(() => {
        throw ended(system, signal);
      });
    }
  };
  return shareReads(system, send, () => ledger.getStore()?.reads);
};

const signalFor = ({ timeoutMs, outlivesCall }: VendorRequest): AbortSignal => {
  const call = outlivesCall ? undefined : ledger.getStore()?.signal;
  if (call && timeoutMs === undefined) return call;
  const own = AbortSignal.timeout(timeoutMs ?? UNACCOUNTED_TIMEOUT_MS);
  return call ? AbortSignal.any([call, own]) : own;
};

/** The call's own reason (cancelled, deadline) as it is; a request's time-out as ours. */
const ended = (system: string, { reason }: AbortSignal): HubError =>
  reason instanceof HubError
    ? reason
    : new HubError("deadline_exceeded", `${system} did not answer in time.`);

const asFailure = (system: string, error: unknown): HubError =>
  error instanceof HubError
    ? error
    : new HubError("vendor_unavailable", `${system} could not be reached: ${networkReason(error)}.`, {
        cause: error,
      });

/** What goes wrong in taking a piece is the connector's mistake, not the vendor's absence. */
const ownMistakes =
  (take: (piece: string) => void | Promise<void>) =>
  async (piece: string): Promise<void> => {
    try {
      await take(piece);
    } catch (error) {
      throw isHubError(error) ? error : new HubError("internal", undefined, { cause: error });
    }
  };

const statusesOf = (system: string): number[] | undefined => {
  const book = ledger.getStore()?.statuses;
  if (!book) return undefined;
  const known = book.get(system) ?? [];
  book.set(system, known);
  return known;
};

/** Throws `config` without the value: a credential with a line break in it must not reach a log. */
const headersOf = (system: string, { headers }: VendorRequest): Headers => {
  try {
    return new Headers(headers);
  } catch {
    throw new HubError(
      "config",
      `A credential or header for ${system} has characters that no header can carry.`,
      {
        hint: "Check the secret: it must stand alone in its variable or file, on one line.",
      },
    );
  }
};

const refuseForeign = (system: string, { url, origin }: VendorRequest): void => {
  // URL folds `..`, `%2e%2e` and backslashes, so a path that changed under it was not what it seemed.
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (
    parsed?.origin !== new URL(origin).origin ||
    /\/\.\.?(\/|$)|%2e|%2f|%5c|\\/i.test(url.split("?")[0] ?? "")
  )
    throw new HubError("forbidden", `A request to another place than ${system} was refused.`, {
      hint: "Credentials are only ever sent to the origin in the connector's config.",
    });
};

/** Whatever a vendor says: a day from now is told, not a date nobody can write. */
const LONGEST_LIMIT_MS = 24 * 60 * 60_000;
/** Clari and others limit without saying for how long; twenty seconds is what its users found to be enough. */
const UNSAID_LIMIT_MS = 20_000;

const unaskedWait = ({ status }: VendorResponse, tries: number): number =>
  status === 429 ? UNSAID_LIMIT_MS : backOff(tries);

/** Full jitter around 0.25 s, 0.5 s, 1 s. */
const backOff = (tries: number): number => 250 * 2 ** (tries - 1) * (0.5 + Math.random() / 2);

/** Seconds or an HTTP date; undefined when the header is absent or says nothing. */
const retryAfterMs = ({ headers }: VendorResponse, now: number): number | undefined => {
  const value = headers["retry-after"];
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_LIMIT_MS) : undefined;
};

const overLimit = (system: string, retryAt: number): HubError =>
  new HubError("vendor_limit", `${system} allows no more requests for now.`, {
    hint: "Wait until the time under `retryAt`.",
    facts: { retryAt: new Date(retryAt).toISOString() },
  });

const networkReason = (error: unknown): string => {
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? (name === "TypeError" ? "the address cannot be used" : (name ?? "network error"));
};
