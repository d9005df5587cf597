/** The REST API's requests as data: what is sent, and what a dry run shows. Only this file knows URLs. */
import type { PlannedRequest } from "#connector";
import { SYSTEM } from "./errors.ts";
import type { SendOptions } from "./transport.ts";

export interface SalesforceRequest extends SendOptions {
  readonly method: "GET" | "POST" | "PATCH";
  /** From the root, percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface RecordKey {
  /** API name of the object. */
  readonly object: string;
  /** 18 characters. */
  readonly id: string;
}

export type Requests = ReturnType<typeof createRequests>;

/**
 * Names and ids must have been checked: they are put into the path.
 *
 * @param writeTimeoutMs of one write. A whole change is at most three of them, three reads of half that
 *   and one pause, which has to fit into the 30 seconds the host gives a write.
 */
export const createRequests = (version: string, writeTimeoutMs: number) => {
  const base = `/services/data/v${version}`;
  const queryPath = (soql: string) => `${base}/query?q=${encodeURIComponent(soql)}`;
  const get = (path: string): SalesforceRequest => ({ method: "GET", path });
  /**
   * Several GETs in one request, of which five may be queries (REST API guide, "Composite"). It changes
   * nothing, so it may be sent again although it is a POST.
   */
  const composite = (members: Readonly<Record<string, SalesforceRequest>>): SalesforceRequest => ({
    method: "POST",
    path: `${base}/composite`,
    body: {
      allOrNone: false,
      compositeRequest: Object.entries(members).map(([referenceId, { method, path }]) => ({
        method,
        url: path,
        referenceId,
      })),
    },
    retry: true,
  });

  /** @param modifiedSince HTTP date; Salesforce answers 304 when nothing was changed after it */
  const describe = (object: string, modifiedSince?: string): SalesforceRequest => ({
    ...get(`${base}/sobjects/${object}/describe`),
    ...(modifiedSince !== undefined && { headers: { "if-modified-since": modifiedSince } }),
  });
  /** Without `fields`: all that the user may see. */
  const record = ({ object, id }: RecordKey, fields?: readonly string[]) =>
    get(`${base}/sobjects/${object}/${id}${fields ? `?fields=${fields.join(",")}` : ""}`);

  /** Up to 25 reads in one request, so it may be sent again although it is a POST. */

  return {
    query: (soql: string) => get(queryPath(soql)),
    /** The next page of an answer, where the answer itself says it is; undefined when that is elsewhere. */
    nextPage: (url: string): SalesforceRequest | undefined =>
      /^\/services\/data\/v\d+\.\d\/query\/[A-Za-z0-9-]+$/.test(url) ? get(url) : undefined,
    /** Up to five queries in one request; see {@link composite}. */
    queries: (soqls: Readonly<Record<string, string>>): SalesforceRequest =>
      composite(
        Object.fromEntries(Object.entries(soqls).map(([name, soql]) => [name, get(queryPath(soql))])),
      ),
    composite,
    describe,
    record,
    /** What must be known before a record is changed, in one request: its object, the audit object, itself. */
    examine: (key: RecordKey, fields: readonly string[], auditObject: string): SalesforceRequest =>
      composite({
        describe: describe(key.object),
        audit: describe(auditObject),
        record: record(key, fields),
        // A member of its own: objects without record types do not have the field.
        recordType: record(key, ["RecordTypeId"]),
      }),
    /** What records of one type may take (User Interface API guide, "Get Values for a Picklist Field"). */
    picklistValues: (object: string, recordTypeId: string, field: string) =>
      get(`${base}/ui-api/object-info/${object}/picklist-values/${recordTypeId}/${field}`),
    /** Before and during a change, where an answer that comes late is of no use. */
    read: (key: RecordKey, fields: readonly string[]): SalesforceRequest => ({
      ...record(key, fields),
      timeoutMs: Math.ceil(writeTimeoutMs / 2),
    }),
    /** The same for what only a query finds. */
    lookUp: (soql: string): SalesforceRequest => ({
      ...get(queryPath(soql)),
      timeoutMs: Math.ceil(writeTimeoutMs / 2),
    }),
    create: (object: string, body: Readonly<Record<string, unknown>>): SalesforceRequest => ({
      method: "POST",
      path: `${base}/sobjects/${object}`,
      body,
      timeoutMs: writeTimeoutMs,
    }),
    /** @param unmodifiedSince HTTP date; Salesforce answers 412 when the record was changed after it */
    update: (
      { object, id }: RecordKey,
      body: Readonly<Record<string, unknown>>,
      unmodifiedSince: string,
    ): SalesforceRequest => ({
      method: "PATCH",
      path: `${base}/sobjects/${object}/${id}`,
      headers: { "if-unmodified-since": unmodifiedSince },
      body,
      timeoutMs: writeTimeoutMs,
    }),
    /** The note and its link, both or neither: a note that hangs nowhere would be lost. */
    addNote: ({ id }: RecordKey, title: string, html: string): SalesforceRequest => ({
      method: "POST",
      path: `${base}/composite`,
      body: {
        allOrNone: true,
        compositeRequest: [
          {
            method: "POST",
            url: `${base}/sobjects/ContentNote`,
            referenceId: "note",
            body: { Title: title, Content: Buffer.from(html, "utf8").toString("base64") },
          },
          {
            method: "POST",
            url: `${base}/sobjects/ContentDocumentLink`,
            referenceId: "link",
            // Who may see the record may see the note, but never a portal's users.
            body: {
              ContentDocumentId: "@{note.id}",
              LinkedEntityId: id,
              ShareType: "I",
              Visibility: "InternalUsers",
            },
          },
        ],
      },
      timeoutMs: writeTimeoutMs,
    }),
    versions: () => get("/services/data"),
    limits: () => get(`${base}/limits`),
    userInfo: () => get("/services/oauth2/userinfo"),
  };
};

/** A request as a dry run shows it: addresses decoded, also those inside a composite. */
export const planned = (
  origin: string,
  { method, path, body }: SalesforceRequest,
  note?: string,
): PlannedRequest => ({
  system: SYSTEM,
  method,
  url: origin + decodeURIComponent(path),
  ...(body && { body: readable(body) }),
  ...(note !== undefined && { note }),
});

const readable = (body: Readonly<Record<string, unknown>>): unknown => {
  const members = body.compositeRequest;
  if (!Array.isArray(members)) return body;
  return {
    ...body,
    compositeRequest: members.map((member) => ({ ...member, url: decodeURIComponent(member.url) })),
  };
};

/** Where a person looks at a record. */
export const recordUrl = (origin: string, { object, id }: RecordKey): string =>
  `${origin}/lightning/r/${object}/${id}/view`;
