/**
 * One field of one record, changed so that nothing is left in doubt: the audit row is in Salesforce
 * before the change is sent, the change is refused when somebody else was faster, and a change whose
 * answer got lost is settled by reading the record, never by sending it again.
 */
import { type ErrorCode, HubError, toHubError, type WriteCall } from "#connector";
import type { SalesforceApi } from "./api.ts";
import { type AuditEntry, auditProblem, auditRow, canSay } from "./audit.ts";
import { SYSTEM } from "./errors.ts";
import type { FieldValue } from "./field-value.ts";
import type { RecordKey } from "./requests.ts";
import { isoTime } from "./rows.ts";
import type { ObjectDescribe, SalesforceRecord } from "./shapes.ts";

export interface FieldChange extends RecordKey {
  readonly field: string;
  readonly value: FieldValue;
  readonly justification: string;
}

export interface FieldState {
  readonly value: FieldValue;
  /** As Salesforce writes it. */
  readonly lastModified: string;
}

export interface AppliedChange {
  readonly before: FieldValue;
  readonly auditRowId: string;
}

export const STATE_FIELDS = (field: string): readonly string[] => [field, "LastModifiedDate"];

export const readField = async (api: SalesforceApi, key: RecordKey, field: string): Promise<FieldState> => {
  const record: SalesforceRecord = await api.read(key, STATE_FIELDS(field));
  const value = record[field];
  return {
    value: typeof value === "string" ? isoTime(value) : ((value ?? null) as FieldValue),
    lastModified: String(record.LastModifiedDate),
  };
};

/** As If-Unmodified-Since wants it; Salesforce compares whole seconds. */
export const httpDate = (lastModified: string): string => new Date(lastModified).toUTCString();

/**
 * @throws HubError `audit_unavailable` before anything was changed; `stale_record`, `vendor_rejected`
 * and the like when Salesforce refused; `outcome_unknown` when not even reading back could tell
 */
export const applyChange = async (
  change: FieldChange,
  call: WriteCall<SalesforceApi>,
): Promise<AppliedChange> => {
  const { api } = call;
  const old = await readField(api, change, change.field);
  const audit = await api.describe(api.settings.auditObject);
  const entry = entryFor(change, old.value, call);
  const auditRowId = await writeAuditRow(auditRow(entry, audit), api);
  try {
    await api.update(change, { [change.field]: change.value }, httpDate(old.lastModified));
  } catch (thrown) {
    const outcome = await settle(change, old, toHubError(thrown), call);
    if (outcome !== "applied") {
      await noteFailure(
        { ...entry, status: outcome.code === "outcome_unknown" ? "Unknown" : "Failed" },
        audit,
        call,
      );
      throw outcome;
    }
    call.notice(
      "Salesforce's answer to the change got lost; the record was read back and has the new value.",
    );
  }
  return { before: old.value, auditRowId };
};

/** Throws `audit_unavailable` when the org's audit object cannot take a row. */
export const refuseUnauditable = (api: SalesforceApi, audit: ObjectDescribe | undefined): void => {
  const problem = auditProblem(api.settings.auditObject, audit);
  if (problem !== undefined)
    throw new HubError("audit_unavailable", `${problem} So nothing was changed.`, {
      hint: "An administrator can mend this: the hub's user needs to read and create audit rows, not to edit or delete them.",
    });
};

export const entryFor = (
  { object, id, field, value, justification }: FieldChange,
  before: unknown,
  { principal, intent }: Pick<WriteCall<unknown>, "principal" | "intent">,
): AuditEntry => ({
  object,
  id,
  field,
  before,
  after: value,
  justification,
  performedBy: principal.id,
  status: "Intended",
  sequence: intent.sequence,
  head: intent.head,
});

const writeAuditRow = async (
  row: Readonly<Record<string, FieldValue>>,
  api: SalesforceApi,
): Promise<string> => {
  try {
    return await api.create(api.settings.auditObject, row);
  } catch (thrown) {
    const { vendor, message } = toHubError(thrown);
    throw new HubError(
      "audit_unavailable",
      `The audit row could not be written to Salesforce, so nothing was changed. ${message}`,
      {
        hint: `The row belongs into ${api.settings.auditObject}; the user needs to create rows there.`,
        ...(vendor && { vendor }),
        cause: thrown,
      },
    );
  }
};

/** Salesforce, or the hub on its way there, said clearly that the change was not made. */
const NOT_APPLIED = new Set<ErrorCode>([
  "vendor_rejected",
  "vendor_limit",
  "not_found",
  "stale_record",
  "needs_login",
  "forbidden",
  "invalid_input",
  "config",
]);

/** A change that timed out may still be under way when the record is first read. */
const SECOND_LOOK_MS = 2_000;

/** What became of a change that was not answered with success. */
const settle = async (
  change: FieldChange,
  old: FieldState,
  error: HubError,
  { api, clock }: WriteCall<SalesforceApi>,
): Promise<"applied" | HubError> => {
  if (error.code === "stale_record") return withCurrentValue(change, api, error);
  if (NOT_APPLIED.has(error.code)) return error;
  const look = async () => {
    const { value, lastModified } = await readField(api, change, change.field);
    if (same(value, change.value)) return "applied";
    return same(value, old.value) && lastModified === old.lastModified ? "unchanged" : "changed";
  };
  try {
    let seen = await look();
    if (seen === "unchanged") {
      await clock.sleep(SECOND_LOOK_MS);
      seen = await look();
    }
    if (seen === "applied") return "applied";
    if (seen === "changed")
      return unknown(error, "The record was changed meanwhile and has neither the old nor the new value.");
    return new HubError(
      error.code,
      `${error.message} The change was not made: read back, the record is as it was.`,
      {
        hint: "Nothing was sent again. Call again later if the change is still right.",
        ...(error.vendor && { vendor: error.vendor }),
        cause: error,
      },
    );
  } catch (thrown) {
    return unknown(error, `The record could not be read back either. ${toHubError(thrown).message}`);
  }
};

const unknown = (error: HubError, why: string) =>
  new HubError("outcome_unknown", `It is not known whether the change was made. ${why}`, {
    ...(error.vendor && { vendor: error.vendor }),
    cause: error,
  });

/** Text travels as the vendor's words, which are fenced; everything else cannot carry words. */
const withCurrentValue = async (
  { field, ...key }: FieldChange,
  api: SalesforceApi,
  error: HubError,
): Promise<HubError> => {
  const state = await readField(api, key, field).catch(() => undefined);
  if (!state) return error;
  const { value, lastModified } = state;
  const facts = { lastModified: isoTime(lastModified), ...(typeof value !== "string" && { current: value }) };
  return new HubError(
    "stale_record",
    `Somebody changed the record meanwhile; ${field} was left as it is now.`,
    {
      facts,
      vendor: {
        system: SYSTEM,
        status: 412,
        ...(typeof value === "string" && { message: `${field}: ${value}` }),
      },
      cause: error,
    },
  );
};

const same = (a: FieldValue, b: FieldValue): boolean =>
  a === b || (typeof a === "string" && typeof b === "string" && isSameTime(a, b));

const isSameTime = (a: string, b: string): boolean =>
  [a, b].every((text) => /^\d{4}-\d\d-\d\dT/.test(text)) && Date.parse(a) === Date.parse(b);

/** The failure itself is reported either way. */
const noteFailure = async (
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
