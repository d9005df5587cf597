/**
 * One field of one record, changed so that nothing is left in doubt: the audit row is in Salesforce
 * before the change is sent and a second one says how it ended, the change is refused when somebody else
 * was faster, and a change whose answer got lost is settled by reading, never by sending it again.
 */
import { HubError, toHubError, type WriteCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { SYSTEM } from "../errors.ts";
import { isoTime } from "../reading/rows.ts";
import type { RecordKey } from "../requests.ts";
import type { AuditEntry } from "./audit.ts";
import { audited } from "./audited.ts";
import { type FieldState, readField } from "./field-reading.ts";
import type { FieldValue } from "./field-value.ts";

export interface FieldChange extends RecordKey {
  readonly field: string;
  readonly value: FieldValue;
  readonly justification: string;
}

/** As If-Unmodified-Since wants it; Salesforce compares whole seconds. */
export const httpDate = (lastModified: string): string => new Date(lastModified).toUTCString();

/**
 * @param old the field as it was when the change was shown, and perhaps agreed to
 * @returns the id of the audit row
 * @throws HubError `audit_unavailable` before anything was changed; `stale_record`, `vendor_rejected`
 * and the like when Salesforce refused; `outcome_unknown` when not even reading back could tell
 */
export const applyChange = async (
  change: FieldChange,
  old: FieldState,
  call: WriteCall<SalesforceApi>,
): Promise<string> => {
  const { api } = call;
  const { auditRowId } = await audited(
    {
      entry: entryFor(change, old.value, call),
      act: () =>
        api
          .update(change, { [change.field]: change.value }, httpDate(old.lastModified))
          .catch(async (error: unknown) => {
            throw await withCurrentValue(change, api, toHubError(error));
          }),
      settle: (error) => settle(change, old, error, call),
      found: "Salesforce's answer to the change got lost; the record was read back and has the new value.",
    },
    call,
  );
  return auditRowId;
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

/** A change that timed out may still be under way when the record is first read. */
const SECOND_LOOK_MS = 2_000;

/** Undefined when the change was made. */
const settle = async (
  change: FieldChange,
  old: FieldState,
  error: HubError,
  { api, clock }: WriteCall<SalesforceApi>,
): Promise<undefined | HubError> => {
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
    if (seen === "applied") return undefined;
    if (seen === "changed")
      return unknown(error, "The record was changed meanwhile and has neither the old nor the new value.");
    return new HubError(
      error.code,
      `${error.message} The change was not made: read back, the record is as it was.`,
      {
        hint: "Nothing was sent again. Call again later if the change is still right.",
        notApplied: true,
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

/** Who comes too late is told what stands there now. */
const withCurrentValue = async (
  { field, ...key }: FieldChange,
  api: SalesforceApi,
  error: HubError,
): Promise<HubError> => {
  if (error.code !== "stale_record") return error;
  const state = await readField(api, key, field).catch(() => undefined);
  return state ? staleRecord(field, state, error) : error;
};

/** Text travels as the vendor's words, which are fenced; everything else cannot carry words. */
const staleRecord = (field: string, { value, lastModified }: FieldState, cause?: HubError): HubError => {
  const facts = { lastModified: isoTime(lastModified), ...(typeof value !== "string" && { current: value }) };
  return new HubError(
    "stale_record",
    `Somebody changed the record meanwhile; ${field} was left as it is now.`,
    {
      facts,
      vendor: {
        system: SYSTEM,
        ...(cause && { status: 412 }),
        ...(typeof value === "string" && { message: `${field}: ${value}` }),
      },
      cause,
    },
  );
};

export const same = (a: FieldValue, b: FieldValue): boolean =>
  a === b || (typeof a === "string" && typeof b === "string" && isSameTime(a, b));

/** Salesforce keeps whole seconds. */
const isSameTime = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((text) =>
    /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text)
      ? Math.floor(Date.parse(text) / 1000)
      : Number.NaN,
  );
  return one === other;
};
