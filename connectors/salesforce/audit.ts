/**
 * Salesforce's own record of what the hub changed: one row of the audit object before each change, and
 * a second one when the change did not come about. Rows are only ever added, so the hub's user needs
 * no right to edit or delete its own traces.
 */

import type { FieldValue } from "./field-value.ts";
import type { FieldDescribe, ObjectDescribe } from "./shapes.ts";

export interface AuditEntry {
  readonly object: string;
  readonly id: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: FieldValue;
  readonly justification: string;
  /** Who acts, by the hub's own name for them. */
  readonly performedBy: string;
  readonly status: "Intended" | "Failed" | "Unknown";
  /** The entry of the hub's trail that this row belongs to, and the trail's head then. */
  readonly sequence: number | string;
  readonly head: string;
}

type Row = Record<string, FieldValue>;
type Column = (entry: AuditEntry) => FieldValue;

const written = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

const REQUIRED: Readonly<Record<string, Column>> = {
  Object_Name__c: ({ object }) => object,
  Record_Id__c: ({ id }) => id,
  Field_Name__c: ({ field }) => field,
  Old_Value__c: ({ before }) => written(before),
  New_Value__c: ({ after }) => written(after),
  Justification__c: ({ justification }) => justification,
  Performed_By__c: ({ performedBy }) => performedBy,
};

/** Filled in where the org's audit object has them. */
const OPTIONAL: Readonly<Record<string, Column>> = {
  Status__c: ({ status }) => status,
  Failed__c: ({ status }) => status === "Failed",
  Hub_Sequence__c: ({ sequence }) => sequence,
  Hub_Head__c: ({ head }) => head,
};

/** Why the audit object cannot take rows, in a sentence; undefined when it can. */
export const auditProblem = (name: string, describe: ObjectDescribe | undefined): string | undefined => {
  if (!describe) return `The audit object ${name} does not exist, or this user may not see it.`;
  if (!describe.createable) return `This user may not create rows of the audit object ${name}.`;
  const usable = new Set(describe.fields.filter(({ createable }) => createable).map((field) => field.name));
  const missing = Object.keys(REQUIRED).filter((field) => !usable.has(field));
  return missing.length === 0
    ? undefined
    : `The audit object ${name} lacks ${missing.join(", ")}, or they are hidden.`;
};

/** The row for an object that has no {@link auditProblem}. Text longer than its field ends with an ellipsis. */
export const auditRow = (entry: AuditEntry, { fields }: ObjectDescribe): Row => {
  const columns = { ...REQUIRED, ...OPTIONAL };
  const row: Row = {};
  for (const [name, column] of Object.entries(columns)) {
    const field = fields.find((one) => one.name === name && one.createable);
    if (field && takes(field, column(entry))) row[name] = shortened(field, column(entry));
  }
  return row;
};

/** For a dry run, which does not ask what optional fields there are. */
export const plannedAuditRow = (entry: AuditEntry): Row =>
  Object.fromEntries(Object.entries(REQUIRED).map(([name, column]) => [name, column(entry)]));

/** Whether a row can say that the change failed; without that, a second row would look like a second change. */
export const canSay = (status: AuditEntry["status"], { fields }: ObjectDescribe): boolean =>
  fields.some(
    (field) =>
      field.createable &&
      ((field.name === "Status__c" && takes(field, status)) ||
        (field.name === "Failed__c" && status === "Failed")),
  );

/** An org may have made the field a picklist without our words in it, or a lookup, which takes ids only. */
const takes = ({ type, picklistValues }: FieldDescribe, value: FieldValue): boolean => {
  if (type === "picklist") return (picklistValues ?? []).some((one) => one.active && one.value === value);
  return type !== "reference" || /^[a-zA-Z0-9]{18}$/.test(String(value));
};

const shortened = ({ length }: FieldDescribe, value: FieldValue): FieldValue =>
  typeof value === "string" && length > 0 && value.length > length ? `${value.slice(0, length - 1)}…` : value;
