/** Salesforce as typed functions. What leaves is built by `requests.ts` and goes through `transport.ts`. */

import { z } from "zod";
import { HubError, isHubError, type PlannedRequest, type Setup, toId18 } from "#connector";
import { type Allowance, type ApiUsage, createAllowance, limitsAnswer, usageFrom } from "./allowance.ts";
import type { Settings } from "./config.ts";
import { createDescribes, type Describes } from "./describes.ts";
import { rejectionOf } from "./errors.ts";
import { createKept, type Kept } from "./kept.ts";
import { createReadable, type Readable } from "./readable.ts";
import {
  createRequests,
  planned,
  type RecordKey,
  type Requests,
  recordUrl,
  type SalesforceRequest,
} from "./requests.ts";
import {
  compositeAnswer,
  createAnswer,
  type ObjectDescribe,
  objectDescribe,
  picklistAnswer,
  type QueryAnswer,
  queryAnswer,
  recordAnswer,
  type SalesforceRecord,
  shaped,
  userInfoAnswer,
  versionsAnswer,
} from "./shapes.ts";
import { openSignIn, type SignIn } from "./sign-in/sign-in.ts";
import { createTransport, fits, openConnection } from "./transport.ts";

export interface Examination {
  readonly describe: ObjectDescribe | HubError;
  /** Undefined when there is no such object for this user. */
  readonly audit: ObjectDescribe | undefined;
  readonly record: SalesforceRecord | HubError;
  /** Undefined where the object has no record types. */
  readonly recordTypeId: string | undefined;
}

export interface SalesforceApi
  extends Omit<Describes, "keep" | "clear">,
    Omit<Allowance, "note">,
    Readable,
    Kept {
  readonly settings: Settings;
  readonly signIn: SignIn;
  readonly requests: Requests;
  /** How a request looks in a dry run. */
  planned(request: SalesforceRequest, note?: string): PlannedRequest;
  /** Whether the request's address is short enough to be sent. */
  fits(request: SalesforceRequest): boolean;
  recordUrl(key: RecordKey): string;
  /** First page only. */
  query(soql: string): Promise<QueryAnswer>;
  /** The page after `answer`; undefined when that was the last one. */
  queryMore(answer: QueryAnswer): Promise<QueryAnswer | undefined>;
  /** Several queries in one request, answered by name; one that was refused answers with its error. */
  queries(soqls: Readonly<Record<string, string>>): Promise<Readonly<Record<string, QueryAnswer | HubError>>>;
  /** Several GETs in one request, answered by name: the body, or the error of one that was refused. */
  composite(members: Readonly<Record<string, SalesforceRequest>>): Promise<Readonly<Record<string, unknown>>>;
  /** First page of a query within a change, which cannot wait long. */
  lookUp(soql: string): Promise<QueryAnswer>;
  read(key: RecordKey, fields: readonly string[]): Promise<SalesforceRecord>;
  /** The record with its object and the audit object as they are now; each may be an error of its own. */
  examine(key: RecordKey, fields: readonly string[]): Promise<Examination>;
  /** What a picklist of records of this type may take. */
  picklistValues(object: string, recordTypeId: string, field: string): Promise<readonly string[]>;
  /** Returns the new record's id. */
  create(object: string, body: Readonly<Record<string, unknown>>): Promise<string>;
  /** Throws `stale_record` when the record was changed after `unmodifiedSince` (an HTTP date). */
  update(key: RecordKey, body: Readonly<Record<string, unknown>>, unmodifiedSince: string): Promise<void>;
  /** Returns the note's id. */
  addNote(record: RecordKey, title: string, html: string): Promise<string>;
  /** User name of the user whose token is used. */
  userName(): Promise<string>;
  /** API versions that the org serves, such as `67.0`, oldest first. Not counted as a request. */
  versions(): Promise<readonly string[]>;
  /** Needs a permission that reading records does not; every answer tells {@link usage} anyway. */
  limits(): Promise<ApiUsage>;
}

/** Nothing is sent, and jsforce is not loaded, before the first function is called. */
export const openSalesforce = async (setup: Setup<Settings>): Promise<SalesforceApi> => {
  const { config: settings, clock, store, log } = setup;
  const { instanceUrl, apiVersion } = settings;
  // A missing or misspelt reference is a mistake in the configuration and shows at the start.
  const signIn = await openSignIn(setup);

  const allowance = createAllowance(setup);
  const transport = createTransport({
    fetch: setup.fetch,
    origin: instanceUrl,
    tokens: signIn.tokens,
    onUsage: allowance.note,
    onNewToken: () => describes.clear(),
  });
  let connection: ReturnType<typeof openConnection> | undefined;
  const send = async <S extends z.ZodType>(
    schema: S,
    request: SalesforceRequest,
    onHeaders?: (headers: Readonly<Record<string, string>>) => void,
  ): Promise<z.output<S>> => {
    connection ??= openConnection(instanceUrl, apiVersion, transport).catch((error) => {
      connection = undefined;
      throw error;
    });
    const { method, path, headers, body, ...options } = request;
    let answer: unknown;
    const onAnswer = (heard: unknown, answerHeaders: Readonly<Record<string, string>>) => {
      answer = heard;
      onHeaders?.(answerHeaders);
    };
    await (await connection).request(
      {
        method,
        url: path,
        headers: { ...headers, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      },
      { ...options, onAnswer },
    );
    return shaped(schema, answer);
  };

  const requests = createRequests(apiVersion, settings.writeTimeoutMs);
  const describes = createDescribes(async (object, modifiedSince) => {
    let modified: string | undefined;
    const request = requests.describe(object, modifiedSince);
    const describe = await send(objectDescribe.optional(), request, (headers) => {
      modified = headers["last-modified"] ?? headers.date;
    });
    return { describe, modified };
  }, clock);
  const composite = async (request: SalesforceRequest): Promise<Record<string, unknown>> => {
    const { compositeResponse } = await send(compositeAnswer, request);
    return Object.fromEntries(
      compositeResponse.map(({ referenceId, httpStatusCode: status, body }) => [
        referenceId,
        status >= 300 ? rejectionOf(status, body) : body,
      ]),
    );
  };
  return {
    settings,
    signIn,
    requests,
    ...describes,
    ...allowance,
    ...createReadable(settings),
    ...createKept({ store, clock, log, settings, whose: signIn.whose }),
    planned: (request, note) => planned(instanceUrl, request, note),
    fits: ({ path }) => fits(instanceUrl + path),
    recordUrl: (key) => recordUrl(instanceUrl, key),
    query: (soql) => send(queryAnswer, requests.query(soql)),
    async queryMore({ done, nextRecordsUrl }) {
      if (done || nextRecordsUrl === undefined) return undefined;
      const next = requests.nextPage(nextRecordsUrl);
      if (!next)
        throw new HubError("vendor_malformed", "Salesforce named a next page that is no page of a query.");
      return send(queryAnswer, next);
    },
    async queries(soqls) {
      const answers = await composite(requests.queries(soqls));
      return Object.fromEntries(
        Object.keys(soqls).map((name) => {
          const answer = answers[name];
          return [name, isHubError(answer) ? answer : shaped(queryAnswer, answer)];
        }),
      );
    },
    async examine(key, fields) {
      const { describe, audit, record, recordType } = await composite(
        requests.examine(key, fields, settings.auditObject),
      );
      const keep = (answer: unknown): ObjectDescribe | HubError => {
        if (isHubError(answer)) return answer;
        const describe = shaped(objectDescribe, answer);
        describes.keep(describe);
        return describe;
      };
      const auditDescribe = keep(audit);
      if (isHubError(auditDescribe) && auditDescribe.code !== "not_found") throw auditDescribe;
      return {
        describe: keep(describe),
        audit: isHubError(auditDescribe) ? undefined : auditDescribe,
        record: isHubError(record) ? record : shaped(recordAnswer, record),
        recordTypeId: recordTypeIn(recordType),
      };
    },
    composite: (members) => composite(requests.composite(members)),
    lookUp: (soql) => send(queryAnswer, requests.lookUp(soql)),
    read: (key, fields) => send(recordAnswer, requests.read(key, fields)),
    async picklistValues(object, recordTypeId, field) {
      const { values } = await send(picklistAnswer, requests.picklistValues(object, recordTypeId, field));
      return values.map(({ value }) => value);
    },
    create: async (object, body) => (await send(createAnswer, requests.create(object, body))).id,
    update: async (key, body, unmodifiedSince) => {
      await send(z.undefined(), requests.update(key, body, unmodifiedSince));
    },
    async addNote(record, title, html) {
      const { note, link } = await composite(requests.addNote(record, title, html));
      // Of two that fail together one only says that the other did.
      const refusals = [note, link].filter(isHubError);
      const refusal = refusals.find(({ vendor }) => vendor?.code !== "PROCESSING_HALTED") ?? refusals[0];
      if (refusal) throw refusal;
      shaped(createAnswer, link);
      return shaped(createAnswer, note).id;
    },
    userName: async () => (await send(userInfoAnswer, requests.userInfo())).preferred_username,
    versions: async () => (await send(versionsAnswer, requests.versions())).map(({ version }) => version),
    limits: async () => usageFrom(await send(limitsAnswer, requests.limits())),
  };
};

const recordTypeIn = (answer: unknown): string | undefined => {
  const { RecordTypeId } = (isHubError(answer) ? {} : (answer ?? {})) as { RecordTypeId?: unknown };
  return typeof RecordTypeId === "string" ? toId18(RecordTypeId) : undefined;
};

/** What a query of {@link SalesforceApi.queries} answered. Throws its error when it was refused. */
export const answered = (answer: QueryAnswer | HubError | undefined): QueryAnswer => {
  if (!answer || isHubError(answer)) throw answer ?? new HubError("vendor_malformed");
  return answer;
};
