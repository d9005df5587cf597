/**
 * The value a field had before the hub changed it. The trail keeps it sealed, Salesforce's audit row in
 * words: a text of the row counts only if the seal says that it is the value.
 */
import { HubError, type PastWrite } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { FieldDescribe } from "../shapes.ts";
import { pastRowsQuery } from "./audit.ts";
import type { FieldValue } from "./field-value.ts";

export const oldValueRequest = (write: PastWrite, { requests, settings }: SalesforceApi) => {
  const { record, field } = write.changes[0]!;
  return requests.lookUp(pastRowsQuery(settings.auditObject, record.id, field));
};

/** @throws HubError `not_found` when no audit row has it, or has it whole */
export const oldValue = async (
  write: PastWrite,
  described: FieldDescribe,
  { lookUp, settings }: SalesforceApi,
): Promise<FieldValue> => {
  const { record, field, isBefore } = write.changes[0]!;
  if (isBefore(null)) return null;
  const { records } = await lookUp(pastRowsQuery(settings.auditObject, record.id, field));
  for (const { Old_Value__c: words } of records)
    if (typeof words === "string") {
      const value = valueIn(words, described);
      if (isBefore(value)) return value;
    }
  throw new HubError(
    "not_found",
    "Salesforce's audit rows do not have the old value, or not whole, so it cannot be put back.",
    {
      hint: "The record's field history in Salesforce may show it; then correct it with salesforce_update_field.",
    },
  );
};

const NUMBERS = new Set(["currency", "double", "percent", "int"]);

/** The inverse of how audit rows write values down. */
const valueIn = (words: string, { type }: FieldDescribe): FieldValue => {
  if (NUMBERS.has(type)) return Number(words);
  return type === "boolean" ? words === "true" : words;
};
