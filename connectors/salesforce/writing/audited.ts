/** Every change of the hub, in this order: the audit row is in Salesforce, the change is sent, its outcome is noted. */
import { HubError, type Plan, type PlannedRequest, toHubError, type WriteCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { NOTHING_DONE } from "../errors.ts";
import { type AuditEntry, canSay, plannedAuditRow } from "./audit.ts";
import { noteOutcome, writeAuditRow } from "./audit-log.ts";

export interface AuditedAct<T> {
  readonly entry: AuditEntry;
  act(): Promise<T>;
  /**
   * Looks what became of an act that may have been done although its answer got lost: the act's result, or
   * the error that says how it ended. Never sends it again.
   */
  settle(error: HubError, auditRowId: string): Promise<T | HubError>;
  /** Told when settling found it done. */
  readonly found: string;
}

/**
 * @throws HubError `audit_unavailable` before the act; what Salesforce said when it refused; what `settle`
 *   says otherwise
 */
export const audited = async <T>(
  { entry, act, settle, found }: AuditedAct<T>,
  call: WriteCall<SalesforceApi>,
): Promise<{ readonly result: T; readonly auditRowId: string }> => {
  const { api } = call;
  const audit = await unchanged(() => api.describe(api.settings.auditObject));
  const auditRowId = await writeAuditRow(entry, audit, call);
  const ended = { ...entry, outcomeOf: auditRowId };
  const result = await act().catch(async (thrown: unknown) => {
    const error = toHubError(thrown);
    const outcome = NOTHING_DONE.has(error.code) ? error : await settle(error, auditRowId);
    if (outcome instanceof HubError) {
      const status = outcome.code === "outcome_unknown" ? "Unknown" : "Failed";
      await noteOutcome({ ...ended, status }, audit, call);
      throw outcome;
    }
    call.notice(found);
    return outcome;
  });
  // An object that cannot say it has the row of the intent, which no second row contradicts.
  if (canSay("Applied", audit)) await noteOutcome({ ...ended, status: "Applied" }, audit, call);
  return { result, auditRowId };
};

/** What fails before the change is sent has changed nothing, which the hub's trail should say. */
const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    const { code, message, hint, vendor, facts } = toHubError(thrown);
    throw new HubError(code, message, {
      hint,
      ...(vendor && { vendor }),
      ...(facts && { facts }),
      notApplied: true,
      cause: thrown,
    });
  }
};

/** What every act looks like in a dry run: whatever is asked before, the audit row, the act, its outcome. */
export const planAudited = (
  entryOf: (by: Pick<WriteCall<unknown>, "principal" | "intent">) => AuditEntry,
  asked: Plan,
  act: PlannedRequest,
  { planned, requests, settings }: SalesforceApi,
): Plan => {
  const by = { principal: { id: "<who acts>" }, intent: { sequence: 0, head: "" } };
  const row = requests.create(settings.auditObject, plannedAuditRow(entryOf(by)));
  return [
    ...asked,
    planned(row, "with Status__c, Failed__c, Hub_Sequence__c and Hub_Head__c where the object has them"),
    act,
    planned(row, "the outcome, Status__c: Applied; only where the object has Status__c"),
  ];
};
