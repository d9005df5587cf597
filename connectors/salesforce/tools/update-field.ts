import { z } from "zod";
import { defineToolsOn } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { apiName, justification, recordId } from "../params.ts";
import {
  correctionOutput,
  fieldValue,
  makeCorrection,
  planCorrection,
  shownChange,
} from "../writing/correction.ts";
import { examineField } from "../writing/field-reading.ts";
import { settleChange } from "../writing/field-settlement.ts";
import { fittingValue, plainValue } from "../writing/field-value.ts";
import { needsPerson, policyOf, refuseBeyondPolicy } from "../writing/write-policy.ts";

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_update_field",
  title: "Change a Salesforce field",
  description:
    "Corrects one field of one record, only as far as the configuration allows. Writes an audit row first, refuses if somebody else changed the record meanwhile, and reports the old value.",
  effect: "write",
  toolsets: ["hygiene"],
  input: z.strictObject({
    object_type: apiName.describe("API name: Opportunity."),
    object_id: recordId.describe("Record id."),
    field_name: apiName.describe("API name: NextStep."),
    new_value: fieldValue.describe("Number, true/false, text or ISO date; null empties the field."),
    justification,
  }),
  output: correctionOutput,

  reason: ({ justification }) => justification,

  plan({ object_type: object, object_id: id, field_name: field, new_value, justification }, { api }) {
    policyOf(api.settings.writable, object, field);
    return planCorrection({ object, id, field, value: plainValue(new_value), justification }, api);
  },

  async preview({ object_type: object, object_id: id, field_name: field, new_value }, { api }) {
    const policy = policyOf(api.settings.writable, object, field);
    const { described, state } = await examineField(api, { object, id }, field);
    const after = fittingValue(described, new_value);
    const change = { before: state.value, after };
    refuseBeyondPolicy(policy, described, change);
    return [shownChange({ object, id }, field, state, after, needsPerson(policy, change))];
  },

  handle: ({ justification }, call) => makeCorrection(justification, call),
  settle: settleChange,
});
