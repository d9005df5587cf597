/** Rows put into the org's audit object, and what is said when they cannot be. */
import {
  HubError,
  type PastWrite,
  type SettleCall,
  type Settlement,
  toHubError,
  type WriteCall,
} from "#connector";
import type { SalesforceApi } from "../api.ts";
import { NOTHING_DONE } from "../errors.ts";
import type { ObjectDescribe } from "../shapes.ts";
import {
  type AuditEntry,
  auditProblem,
  auditRow,
  canSay,
  findRow,
  isRowOf,
  isSettled,
  settlementQuery,
  settlementRow,
} from "./audit.ts";

/** Throws `read_only` while the org's audit object cannot take a row: what cannot be audited is not written. */
export const refuseUnauditable = (api: SalesforceApi, audit: ObjectDescribe | undefined): void => {
  const problem = auditProblem(api.settings.auditObject, audit);
  if (problem !== undefined)
    throw new HubError("read_only", `Salesforce is read-only in this hub: ${problem}`, {
      hint: "Nothing was sent. An administrator can mend this (`revops-hub doctor` says how): the hub's user needs to read and create audit rows, not to edit or delete them.",
    });
};

/**
 * Returns the row's id.
 *
 * @throws HubError `audit_unavailable`; then the change must not be sent
 */
export const writeAuditRow = async (
  entry: AuditEntry,
  audit: ObjectDescribe,
  call: WriteCall<SalesforceApi>,
): Promise<string> => {
  const name = call.api.settings.auditObject;
  try {
    return await call.api.create(name, auditRow(entry, audit));
  } catch (thrown) {
    const error = toHubError(thrown);
    const { vendor, message } = error;
    const detail = {
      hint: `The row belongs into ${name}; the user needs to create rows there.`,
      ...(vendor && { vendor }),
      cause: thrown,
    };
    if (NOTHING_DONE.has(error.code))
      throw new HubError(
        "audit_unavailable",
        `The audit row could not be written to Salesforce, so nothing was changed. ${message}`,
        detail,
      );
    const found = await findLostRow(entry, audit, call.api);
    if (found) await noteOutcome({ ...entry, status: "Failed" }, audit, call);
    throw new HubError(
      "audit_unavailable",
      found
        ? `Salesforce wrote the audit row, but its answer got lost, so nothing was changed. ${message}`
        : `The audit row may have been written to Salesforce; nothing was changed. ${message}`,
      { ...detail, hint: "Call again later if the change is still right." },
    );
  }
};

/** Whether an audit row is there that Salesforce did not confirm. False also when nobody can tell. */
const findLostRow = async (
  entry: AuditEntry,
  audit: ObjectDescribe,
  api: SalesforceApi,
): Promise<boolean> => {
  try {
    const { records } = await api.lookUp(findRow(api.settings.auditObject, entry, audit));
    return records.some((row) => isRowOf(entry, audit, row));
  } catch {
    return false;
  }
};

/** The outcome itself is reported either way. */
export const noteOutcome = async (
  entry: AuditEntry,
  audit: ObjectDescribe,
  { api, notice, log, id }: WriteCall<SalesforceApi>,
): Promise<void> => {
  if (!canSay(entry.status, audit))
    return notice(
      "The audit object has no field that says how the change ended; only the hub's own trail does.",
    );
  try {
    await api.create(api.settings.auditObject, auditRow(entry, audit));
  } catch (thrown) {
    log.warn({ call: id, code: toHubError(thrown).code }, "outcome not noted in the audit object");
    notice(
      "How the change ended could not be noted in Salesforce's audit object; the hub's own trail has it.",
    );
  }
};

/** What was found out about a write of an earlier process, noted in Salesforce too as far as that can be. */
export const tryToNoteSettlement = async (
  write: PastWrite,
  settlement: Settlement,
  { api, mayWrite }: SettleCall<SalesforceApi>,
): Promise<Settlement> => {
  const but = (why: string) => ({ ...settlement, because: `${settlement.because} ${why}` });
  if (!mayWrite) return but("Read-only: not noted in Salesforce.");
  try {
    await noteSettlement(write, settlement.outcome === "applied" ? "Applied" : "Failed", api);
    return settlement;
  } catch (thrown) {
    return but(`Not noted in Salesforce: ${toHubError(thrown).message}`);
  }
};

/** Once, beside the row of the intent. Without such a row, or with an outcome beside it, there is nothing to add. */
const noteSettlement = async (
  { sequence }: PastWrite,
  status: AuditEntry["status"],
  api: SalesforceApi,
): Promise<void> => {
  const { auditObject } = api.settings;
  const audit = await api.describe(auditObject);
  const query = settlementQuery(auditObject, sequence, audit);
  if (query === undefined || !canSay(status, audit))
    throw new HubError("audit_unavailable", "The audit object lacks Hub_Sequence__c or Status__c.");
  const { records } = await api.lookUp(query);
  const [intended] = records;
  if (intended && !records.some(isSettled))
    await api.create(auditObject, settlementRow(intended, status, audit));
};
