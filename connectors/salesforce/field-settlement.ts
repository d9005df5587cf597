/** How a change ended whose outcome nobody saw: the record says it, and the audit object is told. */
import { type PastWrite, type SettleCall, type Settlement, toHubError } from "#connector";
import type { SalesforceApi } from "./api.ts";
import { noteSettlement } from "./audit-log.ts";
import { readField } from "./field-reading.ts";

export const settleChange = async (
  write: PastWrite,
  { api, mayWrite }: SettleCall<SalesforceApi>,
): Promise<Settlement> => {
  const { record, field, isBefore, isAfter } = write.changes[0]!;
  const { value } = await readField(api, record, field);
  if (!isAfter(value) && !isBefore(value))
    return { outcome: "unknown", because: `${field} has neither the old nor the new value by now.` };
  const outcome = isAfter(value) ? "applied" : "failed";
  const because = `${field} has the ${outcome === "applied" ? "new" : "old"} value.`;
  if (!mayWrite) return { outcome, because: `${because} Read-only: not noted in Salesforce.` };
  try {
    await noteSettlement(write, outcome === "applied" ? "Applied" : "Failed", api);
    return { outcome, because };
  } catch (thrown) {
    return { outcome, because: `${because} Not noted in Salesforce: ${toHubError(thrown).message}` };
  }
};
