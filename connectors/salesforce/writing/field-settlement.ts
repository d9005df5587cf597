/** How a change ended whose outcome nobody saw: the record says it, and the audit object is told. */
import type { PastWrite, SettleCall, Settlement } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { tryToNoteSettlement } from "./audit-log.ts";
import { readField } from "./field-reading.ts";

export const settleChange = async (
  write: PastWrite,
  call: SettleCall<SalesforceApi>,
): Promise<Settlement> => {
  const { record, field, isBefore, isAfter } = write.changes[0]!;
  const { value } = await readField(call.api, record, field);
  if (!isAfter(value) && !isBefore(value))
    return { outcome: "unknown", because: `${field} has neither the old nor the new value by now.` };
  const outcome = isAfter(value) ? "applied" : "failed";
  const because = `${field} has the ${outcome === "applied" ? "new" : "old"} value.`;
  return tryToNoteSettlement(write, { outcome, because }, call);
};
