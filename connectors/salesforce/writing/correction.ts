/** What the tools that change one field of one record share: correcting it, and putting it back. */
import { z } from "zod";
import { type Change, HubError, type Plan, type WriteCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { SYSTEM } from "../errors.ts";
import type { RecordKey } from "../requests.ts";
import { planAudited } from "./audited.ts";
import { applyChange, entryFor, type FieldChange, same } from "./field-change.ts";
import { STATE_FIELDS } from "./field-reading.ts";
import type { FieldValue } from "./field-value.ts";

export const fieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const correctionOutput = z.object({
  object: z.string(),
  id: z.string(),
  field: z.string(),
  before: fieldValue,
  after: fieldValue,
  auditRowId: z.string(),
  trailSequence: z.int().describe("What salesforce_undo_write takes."),
  url: z.string(),
});

/** As `preview` shows it. Throws `invalid_input` when there is nothing to change. */
export const shownChange = (
  { object, id }: RecordKey,
  field: string,
  state: { readonly value: FieldValue; readonly lastModified: string },
  after: FieldValue,
  confirmed: boolean,
): Change => {
  if (same(state.value, after))
    throw new HubError("invalid_input", `${field} has this value already; there is nothing to change.`, {
      hint: "Tell the user that the record is as wanted.",
    });
  return {
    record: { system: SYSTEM, object, id },
    field,
    before: state.value,
    after,
    version: state.lastModified,
    ...(confirmed && { confirm: "required" as const }),
  };
};

/** Makes what `preview` has shown. */
export const makeCorrection = async (
  justification: string,
  call: WriteCall<SalesforceApi>,
): Promise<z.input<typeof correctionOutput>> => {
  const { record, field, before, after, version } = call.changes[0]!;
  const { object, id } = record;
  const old = { value: before as FieldValue, lastModified: version! };
  const change: FieldChange = { object, id, field, value: after as FieldValue, justification };
  const auditRowId = await applyChange(change, old, call);
  return {
    object,
    id,
    field,
    before: old.value,
    after: change.value,
    auditRowId,
    trailSequence: call.intent.sequence,
    url: call.api.recordUrl({ object, id }),
  };
};

/** From the look at the record to the outcome; what else a tool asks stands between in its own plan. */
export const planCorrection = (change: FieldChange, api: SalesforceApi, between: Plan = []): Plan => {
  const { object, id, field, value } = change;
  const look = api.requests.examine({ object, id }, STATE_FIELDS(field), api.settings.auditObject);
  return planAudited(
    (by) => entryFor(change, "<old value>", by),
    [api.planned(look), ...between],
    api.planned(
      api.requests.update({ object, id }, { [field]: value }, ""),
      "If-Unmodified-Since: <LastModifiedDate>",
    ),
    api,
  );
};
