import { z } from "zod";
import { type Call, defineToolsOn, HubError, type PastWrite, type ToolPlanCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { justification } from "../params.ts";
import { correctionOutput, makeCorrection, planCorrection, shownChange } from "../writing/correction.ts";
import { examineField } from "../writing/field-reading.ts";
import { settleChange } from "../writing/field-settlement.ts";
import { oldValue, oldValueRequest } from "../writing/old-value.ts";
import { beyondPolicy, needsPerson, policyOf } from "../writing/write-policy.ts";

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_undo_write",
  title: "Undo a Salesforce change",
  description:
    "Puts back the value that a field had before salesforce_update_field changed it, only if the field still has the value written then. Audited like any change.",
  effect: "write",
  toolsets: ["hygiene"],
  input: z.strictObject({
    trail_sequence: z.int().min(1).describe("trailSequence of the change."),
    justification,
  }),
  output: correctionOutput,

  reason: ({ justification }) => justification,

  plan({ trail_sequence, justification }, call) {
    const { write, key, field } = undoable(trail_sequence, call);
    const change = { ...key, field, value: "<old value>", justification };
    return planCorrection(change, call.api, [call.api.planned(oldValueRequest(write, call.api))]);
  },

  async preview({ trail_sequence }, call) {
    const { write, key, field } = undoable(trail_sequence, call);
    const { described, state } = await examineField(call.api, key, field);
    if (!write.changes[0]!.isAfter(state.value))
      throw new HubError("stale_record", `${field} no longer has the value that was written then.`, {
        hint: "Nothing was sent. Look at the record; if it is wrong now, correct it with salesforce_update_field.",
      });
    const after = await oldValue(write, described, call.api);
    const policy = policyOf(call.api.settings.writable, key.object, field);
    const change = { before: state.value, after };
    // How far back it goes does not matter, but a value that the hub would not write needs a person.
    const isBeyond = beyondPolicy(policy, described, change, false) !== undefined;
    return [shownChange(key, field, state, after, isBeyond || needsPerson(policy, change))];
  },

  handle: ({ justification }, call) => makeCorrection(justification, call),
  settle: settleChange,
});

const UNDOABLE = new Set(["salesforce_update_field", "salesforce_undo_write"]);

/** Throws `not_found`, `invalid_input` or `forbidden` for what cannot be undone. */
const undoable = (
  sequence: number,
  { api, pastWrite }: Pick<Call<SalesforceApi> | ToolPlanCall<SalesforceApi>, "api" | "pastWrite">,
) => {
  const write = pastWrite(sequence);
  if (!write || !UNDOABLE.has(write.tool))
    throw new HubError("not_found", `Entry ${sequence} of the trail is no change of a Salesforce field.`, {
      hint: "Give the trailSequence of the change's answer; `revops-hub audit tail` lists them too.",
    });
  const problem = NOT_UNDOABLE[write.outcome];
  if (problem) throw new HubError("invalid_input", ...problem);
  const { record, field } = write.changes[0]!;
  policyOf(api.settings.writable, record.object, field);
  return { write, key: { object: record.object, id: record.id }, field };
};

const NOT_UNDOABLE: Readonly<
  Partial<Record<PastWrite["outcome"], readonly [message: string, detail: { readonly hint: string }]>>
> = {
  open: ["That change is still being made.", { hint: "Wait for its outcome." }],
  rejected: ["That change was refused, so nothing is to be undone.", { hint: "Tell the user." }],
  failed: ["That change was not made, so nothing is to be undone.", { hint: "Tell the user." }],
  unknown: [
    "It is not known whether that change was made.",
    { hint: "A person finds out with `revops-hub reconcile`; then it can be undone." },
  ],
};
