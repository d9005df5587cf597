/** Salesforce as typed functions. What leaves is built by `requests.ts` and goes through `transport.ts`. */

import { z } from "zod";
import { HubError, type PlannedRequest, type Setup } from "#connector";
import type { Settings } from "./config.ts";
import { rejectionOf, soqlRefusal } from "./errors.ts";
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
  type QueryAnswer,
  queryAnswer,
  recordAnswer,
  type SalesforceRecord,
  shaped,
  userInfoAnswer,
} from "./shapes.ts";
import { openSignIn, type SignIn } from "./sign-in/sign-in.ts";
import { SoqlError } from "./soql/errors.ts";
import { harden } from "./soql/harden.ts";
import { DEFAULT_POLICY, type SoqlPolicy } from "./soql/policy.ts";
import { type ApiUsage, createTransport, openConnection } from "./transport.ts";

export interface SalesforceApi {
  readonly settings: Settings;
  readonly signIn: SignIn;
  /** What queries may read. */
  readonly policy: SoqlPolicy;
  readonly requests: Requests;
  /** How a request looks in a dry run. */
  planned(request: SalesforceRequest, note?: string): PlannedRequest;
  recordUrl(key: RecordKey): string;
  /** First page only. */
  query(soql: string): Promise<QueryAnswer>;
  /** The page after `answer`; undefined when that was the last one. */
  queryMore(answer: QueryAnswer): Promise<QueryAnswer | undefined>;
  /** Several queries in one request, answered by name; one that was refused answers with its error. */
  queries(soqls: Readonly<Record<string, string>>): Promise<Readonly<Record<string, QueryAnswer | HubError>>>;
  /** First page of a query within a change, which cannot wait long. */
  lookUp(soql: string): Promise<QueryAnswer>;
  /** Kept for an hour, and no longer than the token. */
  describe(object: string): Promise<ObjectDescribe>;
  /** Asks in any case, and keeps the answer. */
  describeNow(object: string): Promise<ObjectDescribe>;
  /** What {@link describe} would answer without asking. */
  described(object: string): ObjectDescribe | undefined;
  read(key: RecordKey, fields: readonly string[]): Promise<SalesforceRecord>;
  /** Returns the new record's id. */
  create(object: string, body: Readonly<Record<string, unknown>>): Promise<string>;
  /** Throws `stale_record` when the record was changed after `unmodifiedSince` (an HTTP date). */
  update(key: RecordKey, body: Readonly<Record<string, unknown>>, unmodifiedSince: string): Promise<void>;
  /** User name of the user whose token is used. */
  userName(): Promise<string>;
  /** Undefined until Salesforce has answered once. */
  usage(): ApiUsage | undefined;
  /** Whether the configuration lets this field be read. */
  mayRead(object: string, field: string): boolean;
  /** Throws `forbidden` when the configuration does not let a ready-made query be asked. */
  refuseForbidden(soql: string): void;
}

const DESCRIBE_KEPT_MS = 60 * 60_000;

/** Nothing is sent, and jsforce is not loaded, before the first function is called. */
export const openSalesforce = async (setup: Setup<Settings>): Promise<SalesforceApi> => {
  const { config: settings, clock } = setup;
  const { instanceUrl, apiVersion } = settings;
  // A missing or misspelt reference is a mistake in the configuration and shows at the start.
  const signIn = await openSignIn(setup);

  let usage: ApiUsage | undefined;
  const describes = new Map<string, { readonly at: number; readonly describe: ObjectDescribe }>();
  const transport = createTransport({
    fetch: setup.fetch,
    origin: instanceUrl,
    tokens: signIn.tokens,
    onUsage: (newest) => {
      usage = newest;
    },
    onNewToken: () => describes.clear(),
  });
  let connection: ReturnType<typeof openConnection> | undefined;
  const send = async <S extends z.ZodType>(schema: S, request: SalesforceRequest): Promise<z.output<S>> => {
    connection ??= openConnection(instanceUrl, apiVersion, transport);
    const { method, path, headers, body, ...options } = request;
    const answer = await (await connection).request<unknown>(
      {
        method,
        url: path,
        headers: { ...headers, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      },
      options,
    );
    return shaped(schema, answer);
  };

  const requests = createRequests(apiVersion, settings.writeTimeoutMs);
  const policy = policyOf(settings);
  const described = (object: string) => {
    const kept = describes.get(object);
    return kept && clock.now() - kept.at < DESCRIBE_KEPT_MS ? kept.describe : undefined;
  };
  const describeNow = async (object: string) => {
    const describe = await send(objectDescribe, requests.describe(object));
    describes.set(object, { at: clock.now(), describe });
    return describe;
  };
  const refuseForbidden = (soql: string): void => {
    try {
      harden(soql, policy);
    } catch (error) {
      throw soqlRefusal(error);
    }
  };

  return {
    settings,
    signIn,
    policy,
    requests,
    planned: (request, note) => planned(instanceUrl, request, note),
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
      const { compositeResponse } = await send(compositeAnswer, requests.queries(soqls));
      const answerTo = (referenceId: string): QueryAnswer | HubError => {
        const member = compositeResponse.find((one) => one.referenceId === referenceId);
        if (member && member.httpStatusCode >= 300) return rejectionOf(member.httpStatusCode, member.body);
        return shaped(queryAnswer, member?.body);
      };
      return Object.fromEntries(Object.keys(soqls).map((name) => [name, answerTo(name)]));
    },
    lookUp: (soql) => send(queryAnswer, requests.lookUp(soql)),
    describe: async (object) => described(object) ?? describeNow(object),
    describeNow,
    described,
    read: (key, fields) => send(recordAnswer, requests.read(key, fields)),
    create: async (object, body) => (await send(createAnswer, requests.create(object, body))).id,
    update: async (key, body, unmodifiedSince) => {
      await send(z.undefined(), requests.update(key, body, unmodifiedSince));
    },
    userName: async () => (await send(userInfoAnswer, requests.userInfo())).preferred_username,
    usage: () => usage,
    mayRead(object, field) {
      try {
        harden(`SELECT ${field} FROM ${object}`, policy);
        return true;
      } catch (error) {
        if (error instanceof SoqlError) return false;
        throw error;
      }
    },
    refuseForbidden,
  };
};

const policyOf = ({ objects, denyFields, fieldSecurity }: Settings): SoqlPolicy => ({
  ...DEFAULT_POLICY,
  denyObjects: [...DEFAULT_POLICY.denyObjects, ...objects.deny],
  ...(objects.allow && { allowObjects: objects.allow }),
  denyFields,
  fieldSecurity,
});
