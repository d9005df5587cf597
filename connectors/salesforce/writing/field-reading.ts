/** What has to be known of a field before it is changed: what fits, what it is now, and whether it can be audited. */
import { z } from "zod";
import { HubError, isHubError } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { isoTime } from "../reading/rows.ts";
import type { RecordKey } from "../requests.ts";
import { type FieldDescribe, type ObjectDescribe, type SalesforceRecord, shaped } from "../shapes.ts";
import { refuseUnauditable } from "./audit-log.ts";
import type { FieldValue } from "./field-value.ts";

export interface FieldState {
  readonly value: FieldValue;
  /** As Salesforce writes it. */
  readonly lastModified: string;
}

export const STATE_FIELDS = (field: string): readonly string[] => [field, "LastModifiedDate"];

export const readField = async (api: SalesforceApi, key: RecordKey, field: string): Promise<FieldState> =>
  stateIn(await api.read(key, STATE_FIELDS(field)), field);

const stateIn = (record: SalesforceRecord, field: string): FieldState => {
  const { [field]: value = null, LastModifiedDate: lastModified } = shaped(stateAnswer(field), record);
  return {
    value: typeof value === "string" ? isoTime(value) : (value as FieldValue),
    lastModified: String(lastModified),
  };
};

const stateAnswer = (field: string) =>
  z.object({
    [field]: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    LastModifiedDate: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  });

/**
 * The field as described and as it is now.
 *
 * @throws HubError `read_only` or `audit_unavailable` when no change could be audited, `invalid_input` for
 *   a field or record that is none of this object, `forbidden` when the user may not change the field
 */
export const examineField = async (
  api: SalesforceApi,
  key: RecordKey,
  field: string,
): Promise<{ readonly described: FieldDescribe; readonly state: FieldState }> => {
  const { describe, record, recordTypeId } = await examineRecord(api, key, STATE_FIELDS(field));
  const described = fieldIn(describe, field);
  if (isHubError(record)) throw record;
  return {
    described: recordTypeId === undefined ? described : await ofRecordType(described, recordTypeId, key, api),
    state: stateIn(record, field),
  };
};

const PICKLISTS = new Set(["picklist", "multipicklist"]);
/** What records have that belong to no type. */
const MASTER = "012000000000000AAA";

/** Records of one type may take only some values of a picklist, of which describe says nothing. */
const ofRecordType = async (
  described: FieldDescribe,
  recordTypeId: string,
  { object }: RecordKey,
  api: SalesforceApi,
): Promise<FieldDescribe> => {
  if (!PICKLISTS.has(described.type) || recordTypeId === MASTER) return described;
  try {
    const values = await api.picklistValues(object, recordTypeId, described.name);
    return { ...described, picklistValues: values.map((value) => ({ value, active: true })) };
  } catch (error) {
    // Not every user may use this API; then Salesforce alone knows, and says so when it is asked.
    if (isHubError(error) && ["not_found", "vendor_rejected"].includes(error.code)) return described;
    throw error;
  }
};

/**
 * One request: the object, the audit object and the record. A record that cannot be read is told as an error.
 *
 * @throws HubError `vendor_limit` when the org's last requests are kept for reading
 */
export const examineRecord = async (api: SalesforceApi, key: RecordKey, fields: readonly string[]) => {
  api.refuseWhenNearlyUsed();
  const { describe, audit, record, recordTypeId } = await api.examine(key, fields);
  // Once more: what was just read tells how much is used now.
  api.refuseWhenNearlyUsed();
  if (isHubError(describe)) throw describe;
  refuseForeignId(describe, key);
  refuseUnauditable(api, audit);
  return { describe, record, recordTypeId };
};

const refuseForeignId = ({ name, keyPrefix }: ObjectDescribe, { id }: RecordKey): void => {
  if (keyPrefix !== null && !id.startsWith(keyPrefix))
    throw new HubError(
      "invalid_input",
      `object_id is not the id of a record of ${name}: those begin with ${keyPrefix}.`,
    );
};

const fieldIn = ({ name, updateable, fields }: ObjectDescribe, field: string): FieldDescribe => {
  const found = fields.find((one) => one.name === field);
  if (!found)
    throw new HubError("invalid_input", `${name} has no field ${field}, or this user may not see it.`, {
      hint: "Field names are spelled as in Salesforce; custom fields end in __c.",
    });
  if (!updateable || !found.updateable)
    throw new HubError("forbidden", `The hub's Salesforce user may not change ${name}.${field}.`, {
      hint: "Nothing was sent. An administrator can grant it in Salesforce.",
    });
  return found;
};
