/**
 * Clari's HTTP API as typed functions; the only file that knows its addresses. Requests are made by
 * builders which a dry run shares, so what it shows is what would be sent.
 *
 * Source: Clari API Reference (developer.clari.com), base path v4.
 */

import type { z } from "zod";
import {
  type Fetch,
  HubError,
  type JsonLists,
  type PlannedRequest,
  parseJson,
  readJsonLists,
  type TokenProvider,
  type VendorRequest,
  type VendorResponse,
} from "#connector";
import {
  type Job,
  type Jobs,
  jobAnswer,
  jobsAnswer,
  type Limits,
  limitsAnswer,
  submittedAnswer,
} from "./answers.ts";
import { type AuditPage, auditAnswer } from "./changes/audit-page.ts";
import { type Opportunities, opportunitiesAnswer } from "./deals/opportunities.ts";
import { isTokenRefused, type KnownToUs, refusal } from "./refusals.ts";

export interface ClariRequest {
  readonly method: "GET" | "POST";
  /** Below the base URL, with its query. */
  readonly path: string;
  readonly body?: object;
}

/** Body of a forecast export. What is left out is Clari's default. */
export interface ForecastExport {
  /** `2026_Q4`; left out: the quarter that is current for Clari. */
  readonly timePeriod?: string;
  readonly typesToExport: readonly string[];
  readonly scopeId?: string;
  readonly currency?: string;
  /** Clari's own retries of a failed job; each would cost quota behind our back. */
  readonly schedule: "NONE";
  readonly includeHistorical: boolean;
  readonly exportFormat: "JSON";
}

/** Body of an activity export. Of a time, Clari reads date and offset alone. */
export interface ActivityExport {
  readonly activityTypes: readonly string[];
  readonly startDate: string;
  readonly endDate: string;
  readonly exportFormat: "JSON";
}

/** Of the audit log. ISO days or times; left out: thirty days ago, and now. */
export interface AuditFilter {
  readonly from?: string;
  readonly to?: string;
  /** One name; left out: all. */
  readonly event?: string;
  /** Clari user id. */
  readonly actorId?: string;
}

/** Most ids `GET /opportunity` takes. */
export const OPPORTUNITIES_PER_REQUEST = 100;
/** Most events `GET /audit/events` gives at once. */
const EVENTS_PER_PAGE = 1000;

const path = (strings: TemplateStringsArray, ...parts: string[]): string =>
  String.raw({ raw: strings }, ...parts.map(encodeURIComponent));

export const requests = {
  exportForecast: (forecastId: string, body: ForecastExport): ClariRequest => ({
    method: "POST",
    path: path`/export/forecast/${forecastId}`,
    body,
  }),
  exportActivities: (body: ActivityExport): ClariRequest => ({
    method: "POST",
    path: "/export/activity",
    body,
  }),
  job: (jobId: string): ClariRequest => ({ method: "GET", path: path`/export/jobs/${jobId}` }),
  results: (jobId: string): ClariRequest => ({ method: "GET", path: path`/export/jobs/${jobId}/results` }),
  jobs: (): ClariRequest => ({ method: "GET", path: "/export/jobs" }),
  limits: (): ClariRequest => ({ method: "GET", path: "/admin/limits" }),
  opportunities: (ids: readonly string[]): ClariRequest => ({
    method: "GET",
    path: `/opportunity?${new URLSearchParams(ids.map((id): [string, string] => ["oppId", id]))}`,
  }),
  auditEvents: ({ from, to, event, actorId }: AuditFilter): ClariRequest => ({
    method: "GET",
    path: `/audit/events?${new URLSearchParams({
      ...(from && { dateFrom: from }),
      ...(to && { dateTo: to }),
      ...(event && { event }),
      ...(actorId && { actorId }),
      limit: String(EVENTS_PER_PAGE),
    })}`,
  }),
} as const;

export interface ClariApi {
  /** Submits an export. Resolves with its job's id even if the caller has given up meanwhile. */
  submit(request: ClariRequest): Promise<string>;
  job(jobId: string, timeoutMs?: number): Promise<Job>;
  /**
   * The file of a finished job, read item by item; `create` is called anew when the download is tried again.
   * `timeoutMs` is asked before each download.
   */
  results<T>(jobId: string, create: () => FileReader<T>, timeoutMs?: () => number): Promise<T>;
  /** Jobs of the token's user. */
  jobs(): Promise<Jobs>;
  limits(): Promise<Limits>;
  /** Unknown ids are left out of the answer. */
  opportunities(ids: readonly string[], timeoutMs?: number): Promise<Opportunities>;
  /** One page of the audit log. */
  auditEvents(request: ClariRequest): Promise<AuditPage>;
  /** The request for a link that Clari sent; undefined when it leads anywhere but below the base URL. */
  linked(link: string): ClariRequest | undefined;
  plan(request: ClariRequest, note?: string): PlannedRequest;
}

/** Takes a file made of lists, so that a large one is never held as a whole. */
export interface FileReader<T> {
  item(list: string, value: unknown): void;
  /**
   * `lists`: the names of those in the file. `again`: reads it once more, now that it is known what to keep.
   * Throws `vendor_malformed`.
   */
  end(lists: ReadonlySet<string>): { readonly content: T } | { readonly again: () => FileReader<T> };
}

export interface ApiOptions extends KnownToUs {
  readonly fetch: Fetch;
  readonly token: TokenProvider;
}

const SUBMIT_TIMEOUT_MS = 30_000;
/** A page that hangs must leave time to answer without it. */
const PAGE_TIMEOUT_MS = 15_000;
const LARGEST_FILE = 256 * 1024 * 1024;

/**
 * Every function throws the HubErrors of {@link Fetch} and of {@link refusal}, and `vendor_malformed` for
 * an answer of another shape than Clari documents.
 */
export const createApi = ({ fetch, token, ...known }: ApiOptions): ClariApi => {
  const { baseUrl } = known;
  const { origin } = new URL(baseUrl);

  const send = async (
    { method, path, body }: ClariRequest,
    options: Pick<VendorRequest, "maxBytes" | "outlivesCall" | "timeoutMs" | "receive"> = {},
  ): Promise<VendorResponse> => {
    const sendAs = (apikey: string) =>
      fetch({
        method,
        url: baseUrl + path,
        origin,
        headers: {
          apikey,
          accept: "application/json",
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
        ...options,
      });
    const used = await token.current();
    let response = await sendAs(used);
    if (isTokenRefused(response)) {
      const renewed = await token.renew(used);
      if (renewed !== undefined) response = await sendAs(renewed);
    }
    if (response.status < 200 || response.status >= 300) throw refusal(response, known);
    return response;
  };

  const get = async <S extends z.ZodType>(
    request: ClariRequest,
    answer: S,
    options?: { timeoutMs?: number },
  ): Promise<z.output<S>> => shaped(answer, parseJson("clari", await send(request, options)));

  return {
    async submit(request) {
      const response = await send(request, { outlivesCall: true, timeoutMs: SUBMIT_TIMEOUT_MS });
      return shaped(submittedAnswer, parseJson("clari", response)).jobId;
    },
    job: (jobId, timeoutMs) =>
      get(requests.job(jobId), jobAnswer, timeoutMs === undefined ? {} : { timeoutMs }),
    async results<T>(jobId: string, create: () => FileReader<T>, timeoutMs?: () => number) {
      // The last try's: an earlier one's download broke off, and what it had read is let go.
      let started: { reader: FileReader<T>; lists: JsonLists } | undefined;
      let next = create;
      for (;;) {
        const receive = () => {
          const reader = next();
          const lists = readJsonLists({ system: "clari", item: reader.item });
          started = { reader, lists };
          return lists.take;
        };
        const response = await send(requests.results(jobId), {
          maxBytes: LARGEST_FILE,
          ...(timeoutMs && { timeoutMs: timeoutMs() }),
          receive,
        });
        const { reader, lists } = started!;
        const read = reader.end(lists.end(response));
        if ("content" in read) return read.content;
        next = read.again;
      }
    },
    jobs: () => get(requests.jobs(), jobsAnswer),
    limits: () => get(requests.limits(), limitsAnswer),
    opportunities: (ids, timeoutMs) =>
      get(requests.opportunities(ids), opportunitiesAnswer, timeoutMs === undefined ? {} : { timeoutMs }),
    auditEvents: (request) => get(request, auditAnswer, { timeoutMs: PAGE_TIMEOUT_MS }),
    linked(link) {
      const base = new URL(`${baseUrl}/`).href;
      const href = URL.canParse(link, base) ? new URL(link, base).href : "";
      return href.startsWith(base) ? { method: "GET", path: href.slice(base.length - 1) } : undefined;
    },
    plan: ({ method, path, body }, note) => ({
      system: "clari",
      method,
      url: decodeURIComponent(baseUrl + path),
      ...(body && { body }),
      ...(note && { note }),
    }),
  };
};

/** Throws `vendor_malformed`, naming the place but never what stood there. */
export const shaped = <S extends z.ZodType>(schema: S, value: unknown, within?: string): z.output<S> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HubError(
    "vendor_malformed",
    "Clari sent data of another shape than it documents; nothing of it was used.",
    {
      facts: { at: [within ?? [], result.error.issues[0]?.path.map(String) ?? []].flat().join(".") || "top" },
      cause: result.error,
    },
  );
};
