/** How a change of a field ended whose outcome nobody saw. */
import type { PastWrite, SettleCall, Settlement } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { readField } from "./field-reading.ts";
import { settleWrite } from "./settlement.ts";

export const settleChange = (write: PastWrite, call: SettleCall<SalesforceApi>): Promise<Settlement> => {
  const { record, field, version, isBefore, isAfter } = write.changes[0]!;
  return settleWrite(write, field, call, async () => {
    const { value, lastModified } = await readField(call.api, record, field);
    if (isAfter(value)) return { outcome: "applied", because: `${field} has the new value.` };
    if (lastModified === version)
      return { outcome: "failed", because: "The record was not saved since it was read for this change." };
    return {
      outcome: "unknown",
      because: isBefore(value)
        ? `${field} has the old value, but the record was saved since: it may have been put back.`
        : `${field} has neither the old nor the new value by now.`,
    };
  });
};
