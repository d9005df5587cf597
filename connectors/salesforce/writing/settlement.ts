/**
 * How a write ended whose outcome nobody saw. The audit row is created before anything else is sent: without
 * one nothing was. With one the record has to tell, and the audit object is told what it said.
 */
import { HubError, type PastWrite, type SettleCall, type Settlement, toHubError } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { canSay, isOfWrite, isSettled, type RowsOfWrite, rowsOfWriteQuery, settlementRow } from "./audit.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * @param field under which audit rows of this write stand
 * @param look asks the record; gets the row of the intent, undefined when the audit object cannot tell it
 */
export const settleWrite = async (
  write: PastWrite,
  field: string,
  { api, mayWrite }: SettleCall<SalesforceApi>,
  look: (intended: Row | undefined) => Promise<Settlement>,
): Promise<Settlement> => {
  const { sequence, head } = write;
  const rows = await rowsOf({ sequence, head, record: write.changes[0]!.record.id, field }, api);
  if (rows?.length === 0)
    return { outcome: "failed", because: "It has no audit row in Salesforce, so nothing was sent." };
  const settlement = await look(rows?.[0]);
  if (settlement.outcome === "unknown") return settlement;
  const but = (why: string) => ({ ...settlement, because: `${settlement.because} ${why}` });
  if (!mayWrite) return but("Read-only: not noted in Salesforce.");
  try {
    await note(rows, settlement.outcome === "applied" ? "Applied" : "Failed", api);
    return settlement;
  } catch (thrown) {
    return but(`Not noted in Salesforce: ${toHubError(thrown).message}`);
  }
};

/** Oldest first; undefined when the audit object does not tell the rows of one write from others. */
const rowsOf = async (wanted: RowsOfWrite, api: SalesforceApi): Promise<readonly Row[] | undefined> => {
  const { auditObject } = api.settings;
  const query = rowsOfWriteQuery(auditObject, wanted, await api.describe(auditObject));
  if (query === undefined) return undefined;
  return (await api.lookUp(query)).records.filter((row) => isOfWrite(row, wanted));
};

/** Once: a write that has its outcome there needs no other. */
const note = async (
  rows: readonly Row[] | undefined,
  status: "Applied" | "Failed",
  api: SalesforceApi,
): Promise<void> => {
  const { auditObject } = api.settings;
  const audit = await api.describe(auditObject);
  if (!rows || !canSay(status, audit))
    throw new HubError(
      "audit_unavailable",
      "The audit object lacks Hub_Sequence__c, Hub_Head__c or Status__c.",
    );
  if (!rows.some(isSettled)) await api.create(auditObject, settlementRow(rows[0]!, status, audit));
};
