/** Rows put into the org's audit object, and what is said when they cannot be. */
import { HubError, toHubError, type WriteCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { NOTHING_DONE } from "../errors.ts";
import type { ObjectDescribe } from "../shapes.ts";
import { type AuditEntry, auditProblem, auditRow, canSay, findRow, isRowOf } from "./audit.ts";

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
    if (found !== undefined) await noteOutcome({ ...entry, status: "Failed", outcomeOf: found }, audit, call);
    throw new HubError(
      "audit_unavailable",
      found !== undefined
        ? `Salesforce wrote the audit row, but its answer got lost, so nothing was changed. ${message}`
        : `The audit row may have been written to Salesforce; nothing was changed. ${message}`,
      { ...detail, hint: "Call again later if the change is still right." },
    );
  }
};

/** The id of an audit row that Salesforce did not confirm. Undefined also when nobody can tell. */
const findLostRow = async (
  entry: AuditEntry,
  audit: ObjectDescribe,
  api: SalesforceApi,
): Promise<string | undefined> => {
  try {
    const { records } = await api.lookUp(findRow(api.settings.auditObject, entry, audit));
    const row = records.find((one) => isRowOf(entry, audit, one));
    return row && String(row.Id);
  } catch {
    return undefined;
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
