import { z } from "zod";
import { type Call, defineToolsOn, HubError, isHubError } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { plannedAuditRow } from "../audit.ts";
import { refuseUnauditable } from "../audit-log.ts";
import { SYSTEM } from "../errors.ts";
import { applyChange, entryFor, readField, STATE_FIELDS, same, unchanged } from "../field-change.ts";
import { type FieldValue, fittingValue, plainValue } from "../field-value.ts";
import { apiName, recordId } from "../params.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const input = z.strictObject({
  object_type: apiName.describe("API name: Opportunity."),
  object_id: recordId.describe("Record id."),
  field_name: apiName.describe("API name: NextStep."),
  new_value: value.describe("Number, true/false, text or ISO date; null empties the field."),
  justification: z
    .string()
    .max(2_000)
    .describe("Why, in the user's words (10 characters or more); recorded."),
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_update_field",
  title: "Change a Salesforce field",
  description:
    "Corrects one field of one record, only where the configuration allows it. Writes an audit row first, refuses if somebody else changed the record meanwhile, and reports the old value.",
  effect: "write",
  input,
  output: z.object({
    object: z.string(),
    id: z.string(),
    field: z.string(),
    before: value,
    after: value,
    auditRowId: z.string(),
    url: z.string(),
  }),

  reason: ({ justification }) => justification,
  targets: ({ object_type, object_id }) => [{ system: SYSTEM, object: object_type, id: object_id }],

  plan(given, { api }) {
    refuseUnlisted(given, api);
    const { object_type: object, object_id: id, field_name: field, justification } = given;
    const key = { object, id };
    const after = plainValue(given.new_value);
    const read = api.requests.read(key, STATE_FIELDS(field));
    const who = { principal: { id: "<who acts>" }, intent: { sequence: 0, head: "" } };
    const row = plannedAuditRow(entryFor({ ...key, field, value: after, justification }, "<old value>", who));
    return [
      api.planned(api.requests.describe(object)),
      api.planned(api.requests.describe(api.settings.auditObject)),
      api.planned(read),
      api.planned(read, "after confirmation"),
      api.planned(
        api.requests.create(api.settings.auditObject, row),
        "with Status__c, Failed__c, Hub_Sequence__c and Hub_Head__c where the object has them",
      ),
      api.planned(
        api.requests.update(key, { [field]: after }, ""),
        "If-Unmodified-Since: <LastModifiedDate>",
      ),
      api.planned(
        api.requests.create(api.settings.auditObject, row),
        "the outcome, Status__c: Applied; only where the object has Status__c",
      ),
    ];
  },

  async preview(given, call) {
    const { object_type: object, object_id: id, field_name: field } = given;
    call.api.refuseWhenNearlyUsed();
    const after = await permittedValue(given, call);
    const { value: before } = await readField(call.api, { object, id }, field);
    // Once more: what was just read tells how much is used now.
    call.api.refuseWhenNearlyUsed();
    if (same(before, after))
      throw new HubError("invalid_input", `${field} has this value already; there is nothing to change.`, {
        hint: "Tell the user that the record is as wanted.",
      });
    return [{ record: { system: SYSTEM, object, id }, field, before, after }];
  },

  async handle(given, call) {
    const { object_type: object, object_id: id, field_name: field, justification } = given;
    // Preview has just described the object; the value is made from the same answer.
    const described = fieldIn(await unchanged(() => call.api.describe(object)), field);
    const after = fittingValue(described, given.new_value);
    const { before, auditRowId } = await applyChange(
      { object, id, field, value: after, justification },
      call.changes[0]?.before as FieldValue,
      call,
    );
    return { object, id, field, before, after, auditRowId, url: call.api.recordUrl({ object, id }) };
  },
});

type Input = z.output<typeof input>;

/** What the configuration does not list cannot be written, whatever Salesforce would allow. */
const refuseUnlisted = (
  { object_type: object, field_name: field }: Input,
  { settings }: SalesforceApi,
): void => {
  const fields = Object.hasOwn(settings.writable, object) ? settings.writable[object] : undefined;
  if (fields?.includes(field)) return;
  throw new HubError("forbidden", `${object}.${field} is not writable through this hub.`, {
    hint: fields
      ? "Writable fields stand under `writable`."
      : "Writable objects stand under `writable`; names are spelled as there.",
    facts: { writable: fields ?? Object.keys(settings.writable) },
  });
};

/** The value to store, if everything that can be known before the record is read allows it. */
const permittedValue = async (given: Input, { api }: Call<SalesforceApi>): Promise<FieldValue> => {
  refuseUnlisted(given, api);
  const { object_type: object, object_id: id } = given;
  const describe = await api.describeNow(object);
  if (describe.keyPrefix !== null && !id.startsWith(describe.keyPrefix))
    throw new HubError(
      "invalid_input",
      `object_id is not the id of a record of ${object}: those begin with ${describe.keyPrefix}.`,
    );
  const value = fittingValue(fieldIn(describe, given.field_name), given.new_value);
  const audit = await api.describeNow(api.settings.auditObject).catch((error: unknown) => {
    if (isHubError(error) && error.code === "not_found") return undefined;
    throw error;
  });
  refuseUnauditable(api, audit);
  return value;
};

const fieldIn = (
  { name, updateable, fields }: Awaited<ReturnType<SalesforceApi["describe"]>>,
  field: string,
) => {
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
