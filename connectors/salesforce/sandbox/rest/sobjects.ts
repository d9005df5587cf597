/** `/sobjects`: describe, and single records. */
import { parseHttpDate } from "../calendar.ts";
import { canSeeField, type Org, type Session, viewModifiedAt, visibleFields, visibleObject } from "../org.ts";
import { attributesOf, findRow, idOf, toJson } from "../records.ts";
import { notFound, Rejection } from "../rejection.ts";
import { describeGlobal, describeObject, summary } from "../schema/describe.ts";
import { findField } from "../schema/schema.ts";
import type { SObject } from "../schema/sobject.ts";
import { createRecord, deleteRecord, lastModified, methodNotAllowed, updateRecord } from "./record-write.ts";
import type { ResourceAnswer, ResourceRequest } from "./resource.ts";

/** `path` begins with `sobjects`. */
export const answerSobjects = (request: ResourceRequest): ResourceAnswer => {
  const { org, session, version, method } = request;
  const [, name, id, file, ...rest] = request.path;
  if (name === undefined) {
    if (method !== "GET") throw methodNotAllowed(method, "HEAD,GET");
    return unlessNotModified(request, viewModifiedAt(org, session), () =>
      describeGlobal(org, session, version),
    );
  }
  const object = visibleObject(org, session, name);
  if (!object || rest.length > 0) throw notFound();
  if (id === undefined) return answerObject(request, object);
  if (id === "describe" && file === undefined) {
    if (method !== "GET") throw methodNotAllowed(method, "HEAD,GET");
    return unlessNotModified(request, viewModifiedAt(org, session, object), () =>
      describeObject(org, session, object, version),
    );
  }
  return file === undefined ? answerRecord(request, object, id) : readFile(request, object, id, file);
};

const answerObject = (request: ResourceRequest, object: SObject): ResourceAnswer => {
  const { org, session, version, method } = request;
  if (method === "POST") {
    const id = createRecord(org, session, object, fieldsIn(request.body));
    return {
      status: 201,
      headers: { location: attributesOf(object, id, version).url },
      body: { id, success: true, errors: [] },
    };
  }
  if (method !== "GET") throw methodNotAllowed(method, "HEAD,GET,POST");
  return { status: 200, body: { objectDescribe: summary(org, object, version), recentItems: [] } };
};

const answerRecord = (request: ResourceRequest, object: SObject, id: string): ResourceAnswer => {
  const { org, session, method } = request;
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(id))
    throw new Rejection(
      404,
      "NOT_FOUND",
      `Provided external ID field does not exist or is not accessible: ${id}`,
    );
  switch (method) {
    case "GET":
      return readRecord(request, object, id);
    case "PATCH":
      updateRecord(org, session, object, id, fieldsIn(request.body), request.headers);
      return { status: 204 };
    case "DELETE":
      deleteRecord(org, object, id);
      return { status: 204 };
    default:
      throw methodNotAllowed(method, "HEAD,GET,PATCH,DELETE");
  }
};

const readRecord = (
  { org, session, version, query, headers }: ResourceRequest,
  object: SObject,
  id: string,
): ResourceAnswer => {
  const row = findRow(object, id, org.world);
  if (!row) throw notFound();
  return unlessNotModified({ headers }, lastModified(org, object, row), () => {
    const attributes = attributesOf(object, idOf(object, row, org.world), version);
    const fields = selectedFields(org, session, object, query.get("fields"));
    const values = fields.map((field) => [
      field.name,
      toJson(field, field.read(row, org.world), attributes.url),
    ]);
    return { attributes, ...Object.fromEntries(values) };
  });
};

/** What a base64 field holds, as it is: JSON has only its address. */
const readFile = (
  { org, session, method }: ResourceRequest,
  object: SObject,
  id: string,
  name: string,
): ResourceAnswer => {
  const row = findRow(object, id, org.world);
  const field = findField(object, name);
  if (!row || field?.type !== "base64" || !canSeeField(org, session, object, field)) throw notFound();
  if (method !== "GET") throw methodNotAllowed(method, "HEAD,GET");
  const content = Buffer.from(String(field.read(row, org.world) ?? ""), "base64").toString("utf8");
  return { status: 200, headers: { "content-type": "application/octetstream" }, body: content };
};

/** Without `fields`: everything the user may see, hidden fields left out in silence; Id comes always. */
const selectedFields = (org: Org, session: Session, object: SObject, list: string | null) => {
  const visible = visibleFields(org, session, object);
  if (list === null) return visible;
  const wanted = list.split(",").map((name) => {
    const field = findField(object, name.trim());
    if (!field || !visible.includes(field))
      throw new Rejection(
        400,
        "INVALID_FIELD",
        `No such column '${name.trim()}' on sobject of type ${object.name}`,
      );
    return field;
  });
  return [...new Set([...wanted, ...visible.filter(({ name }) => name === "Id")])];
};

/** `modifiedAt`: epoch milliseconds, whole seconds. */
const unlessNotModified = (
  { headers }: Pick<ResourceRequest, "headers">,
  modifiedAt: number,
  read: () => object,
): ResourceAnswer => {
  const since = parseHttpDate(headers["if-modified-since"] ?? "");
  if (since !== undefined && modifiedAt <= since) return { status: 304 };
  return { status: 200, headers: { "last-modified": new Date(modifiedAt).toUTCString() }, body: read() };
};

const fieldsIn = (body: unknown): Readonly<Record<string, unknown>> => {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Rejection(
      400,
      "JSON_PARSER_ERROR",
      "The HTTP entity body is required, but this request has no entity body.",
    );
  return body as Readonly<Record<string, unknown>>;
};
