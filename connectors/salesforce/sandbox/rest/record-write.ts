/** Create, update and delete of one record. */
import { parseHttpDate } from "../calendar.ts";
import { canDelete, canEdit, type Org, type Session } from "../org.ts";
import { findRow } from "../records.ts";
import { notFound, Rejection } from "../rejection.ts";
import type { Value } from "../schema/row.ts";
import { findField } from "../schema/schema.ts";
import type { SavedChange, SObject } from "../schema/sobject.ts";
import { type FieldValue, readFieldValues } from "./field-values.ts";

type Body = Readonly<Record<string, unknown>>;

export const createRecord = (org: Org, session: Session, object: SObject, body: Body): string => {
  if (!object.create) throw methodNotAllowed("POST", "HEAD,GET");
  refuseByRule(org, object);
  if (org.switches.failAuditInsert && object.name === "Cleanup_Audit__c")
    throw new Rejection(
      400,
      "FIELD_CUSTOM_VALIDATION_EXCEPTION",
      "Audit rows are closed for maintenance.",
      [],
    );
  const values = readFieldValues(org, session, object, body, "create");
  const id = org.world.newId(object.keyPrefix);
  const row = object.create(org.world, id, session.userId);
  write(org, row, values);
  object.saved?.(row, [], session.userId, org.world);
  return id;
};

/** Throws 412 when the record changed after `If-Unmodified-Since`; whole seconds are compared. */
export const updateRecord = (
  org: Org,
  session: Session,
  object: SObject,
  id: string,
  body: Body,
  headers: Readonly<Record<string, string>>,
): void => {
  const since = unmodifiedSince(headers);
  const row = findRow(object, id, org.world);
  if (!row) throw notFound();
  if (!object.updateable) throw methodNotAllowed("PATCH", "HEAD,GET");
  if (!canEdit(org, object)) throw insufficientAccess();
  if (since !== undefined && lastModified(org, object, row) > since)
    throw new Rejection(412, "PRECONDITION_FAILED", "");
  refuseByRule(org, object);
  const values = readFieldValues(org, session, object, body, "update");
  const changes = write(org, row, values);
  object.saved?.(row, changes, session.userId, org.world);
};

export const deleteRecord = (org: Org, object: SObject, id: string): void => {
  const row = findRow(object, id, org.world);
  if (!row) throw notFound();
  if (!object.create) throw methodNotAllowed("DELETE", "HEAD,GET");
  if (!canDelete(org, object)) throw insufficientAccess();
  const rows = org.world.stored(object.name);
  const place = (rows as readonly object[]).indexOf(row);
  const [removed] = rows.splice(place, 1);
  org.world.undoable(() => rows.splice(place, 0, removed!));
};

/** Epoch milliseconds; 0 for objects that are never modified. */
export const lastModified = (org: Org, object: SObject, row: object): number =>
  Number(findField(object, "LastModifiedDate")?.read(row, org.world) ?? 0);

const write = (org: Org, row: object, values: readonly FieldValue[]): readonly SavedChange[] =>
  values
    .map(({ field, value }) => {
      const before: Value = field.read(row, org.world);
      field.write(row, value, org.world);
      return { field: field.name, before, after: field.read(row, org.world) };
    })
    .filter(({ before, after }) => before !== after);

const refuseByRule = (org: Org, object: SObject) => {
  const rule = org.switches.rejectWrites;
  if (rule?.object.toLowerCase() === object.name.toLowerCase())
    throw new Rejection(400, rule.errorCode, rule.message, rule.fields);
};

const unmodifiedSince = (headers: Readonly<Record<string, string>>): number | undefined => {
  const header = headers["if-unmodified-since"];
  if (header === undefined) return undefined;
  const since = parseHttpDate(header);
  // The status is documented, the code is not.
  if (since === undefined)
    throw new Rejection(
      400,
      "INVALID_HEADER_VALUE",
      `Invalid value for header If-Unmodified-Since: ${header}`,
    );
  return since;
};

const insufficientAccess = () =>
  new Rejection(403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", []);

export const methodNotAllowed = (method: string, allowed: string) =>
  new Rejection(405, "METHOD_NOT_ALLOWED", `HTTP Method '${method}' not allowed. Allowed are ${allowed}`);
