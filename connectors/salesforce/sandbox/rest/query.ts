/** `/query`, `/queryAll` and their further pages. */

import type { Query } from "../../soql/ast.ts";
import { SoqlError } from "../../soql/errors.ts";
import { SALESFORCE_LIMITS } from "../../soql/limits.ts";
import { parse } from "../../soql/parse.ts";
import { makeId } from "../ids.ts";
import type { Cursor } from "../org.ts";
import { describeColumns } from "../query/columns.ts";
import { pointAt, type QueryContext, reject } from "../query/context.ts";
import { executeQuery } from "../query/execute.ts";
import { Rejection } from "../rejection.ts";
import { methodNotAllowed } from "./record-write.ts";
import type { ResourceAnswer, ResourceRequest } from "./resource.ts";

/** `path` begins with `query` or `queryAll`; a second step is a query locator. */
export const answerQuery = (request: ResourceRequest): ResourceAnswer => {
  const { org, session, version, path, query } = request;
  if (request.method !== "GET") throw methodNotAllowed(request.method, "HEAD,GET");
  if (path[1] !== undefined) return furtherPage(request, path[1]);
  const text = query.get("q");
  if (!text) throw reject("MALFORMED_QUERY", "A query string has to be specified");

  const all = path[0]?.toLowerCase() === "queryall";
  const context: QueryContext = { org, world: org.world, session, version, text, all };
  const parsed = parseQuery(text);
  if (query.get("columns") === "true") return { status: 200, body: describeColumns(context, parsed) };

  const { totalSize, records } = executeQuery(context, parsed);
  const batchSize = batchSizeOf(request);
  // A query with OFFSET gives its first batch and no more.
  const rows = parsed.offset ? records.slice(0, batchSize) : records;
  return page(request, { userId: session.userId, records: rows, batchSize }, 0, totalSize);
};

const page = (
  request: ResourceRequest,
  cursor: Cursor,
  start: number,
  totalSize: number,
  id?: string,
): ResourceAnswer => {
  const { org, version } = request;
  const end = start + cursor.batchSize;
  const records = cursor.records.slice(start, end);
  if (end >= cursor.records.length) return { status: 200, body: { totalSize, done: true, records } };
  const locator = id ?? newLocator(request, cursor);
  org.cursors.set(locator, cursor);
  const nextRecordsUrl = `/services/data/v${version}/query/${locator}-${end}`;
  return { status: 200, body: { totalSize, done: false, nextRecordsUrl, records } };
};

const newLocator = ({ org }: ResourceRequest, cursor: Cursor): string => {
  org.issued += 1;
  const locator = makeId("01g", org.issued);
  org.cursors.set(locator, cursor);
  return locator;
};

const furtherPage = (request: ResourceRequest, locator: string): ResourceAnswer => {
  const [, id = "", start = "0"] = /^([a-zA-Z0-9]{18})-(\d+)$/.exec(locator) ?? [];
  const cursor = request.org.cursors.get(id);
  if (cursor?.userId !== request.session.userId)
    throw new Rejection(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
  return page(request, cursor, Number(start), cursor.records.length, id);
};

/** A client may ask for 200 to 2000 rows; a switch makes pages smaller still. */
const batchSizeOf = ({ org, headers }: ResourceRequest): number => {
  const asked = /batchSize=(\d+)/.exec(headers["sforce-query-options"] ?? "")?.[1];
  const size = asked === undefined ? 2000 : Math.min(2000, Math.max(200, Number(asked)));
  return Math.min(size, org.switches.batchSize);
};

// --- what the parser refuses, in Salesforce's words ------------------------------------------------

const parseQuery = (text: string): Query => {
  try {
    return parse(text, SALESFORCE_LIMITS);
  } catch (error) {
    if (error instanceof SoqlError) throw malformed(text, error);
    throw error;
  }
};

const malformed = (text: string, { code, span }: SoqlError): Rejection => {
  const token = text.slice(span.start, span.end);
  const at = (message: string) => reject("MALFORMED_QUERY", pointAt(text, span.start, message));
  switch (code) {
    case "TOO_LONG":
      return reject("MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.");
    case "TOO_DEEP":
    case "TOO_COMPLEX":
      return reject(
        "QUERY_TOO_COMPLICATED",
        "Query is either selecting too many fields or the filter conditions are too complicated.",
      );
    case "BIND":
      return at("Bind variables only allowed in Apex code");
    case "BAD_ESCAPE":
      return at(`Invalid string literal '${token}'. Illegal character sequence in string literal.`);
    case "UNTERMINATED_STRING":
      return at("mismatched character '<EOF>' expecting '''");
    default:
      return at(`unexpected token: '${token === "" ? "<EOF>" : token}'`);
  }
};
