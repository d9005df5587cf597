/**
 * Salesforce's own record of what the hub changed: one row of the audit object before each change, and
 * a second one that says how it ended. Rows are only ever added, so the hub's user needs
 * no right to edit or delete its own traces.
 */

import type { FieldDescribe, ObjectDescribe } from "../shapes.ts";
import { id, nothing, number, soql, text } from "../soql/literals.ts";
import type { FieldValue } from "./field-value.ts";

export interface AuditEntry {
  readonly object: string;
  readonly id: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: FieldValue;
  readonly justification: string;
  /** Who acts, by the hub's own name for them. */
  readonly performedBy: string;
  readonly status: "Intended" | "Applied" | "Failed" | "Unknown";
  /** Id of the row that told the intent; absent in that row itself. */
  readonly outcomeOf?: string;
  /** The entry of the hub's trail that this row belongs to, and the trail's head then. */
  readonly sequence: number;
  readonly head: string;
}

type Row = Record<string, FieldValue>;
type Column = (entry: AuditEntry) => FieldValue;

const TEXT = new Set(["string", "textarea"]);
const NUMBERS = new Set(["int", "double"]);

const written = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

const REQUIRED: Readonly<Record<string, Column>> = {
  Object_Name__c: ({ object }) => object,
  Record_Id__c: ({ id }) => id,
  Field_Name__c: ({ field }) => field,
  Old_Value__c: ({ before }) => written(before),
  New_Value__c: ({ after }) => written(after),
  Justification__c: ({ justification, outcomeOf: intended }) =>
    intended === undefined ? justification : outcomeOf(intended, justification),
  Performed_By__c: ({ performedBy }) => performedBy,
};

/** Filled in where the org's audit object has them. */
const OPTIONAL: Readonly<Record<string, Column>> = {
  Status__c: ({ status }) => status,
  Failed__c: ({ status }) => status === "Failed",
  Hub_Sequence__c: ({ sequence }) => sequence,
  Hub_Head__c: ({ head }) => head,
};

export const AUDIT_FIELDS = { required: Object.keys(REQUIRED), optional: Object.keys(OPTIONAL) };

/** Why the audit object cannot take rows, in a sentence; undefined when it can. */
export const auditProblem = (name: string, describe: ObjectDescribe | undefined): string | undefined => {
  if (!describe) return `The audit object ${name} does not exist, or this user may not see it.`;
  if (!describe.createable) return `This user may not create rows of the audit object ${name}.`;
  const usable = new Map(
    describe.fields.filter(({ createable }) => createable).map((field) => [field.name, field]),
  );
  const missing = Object.keys(REQUIRED).filter((field) => !usable.has(field));
  if (missing.length > 0) return `The audit object ${name} lacks ${missing.join(", ")}, or they are hidden.`;
  const unfit = Object.keys(REQUIRED).filter((field) => !TEXT.has(usable.get(field)!.type));
  if (unfit.length > 0) return `Of the audit object ${name}, ${unfit.join(", ")} should be text.`;
  if (usable.get("Record_Id__c")!.length < 18)
    return `Of the audit object ${name}, Record_Id__c should hold 18 characters.`;
  return undefined;
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

/** Whether a row can say how the change ended; without that, a second row would look like a second change. */
export const canSay = (status: AuditEntry["status"], { fields }: ObjectDescribe): boolean =>
  fields.some(
    (field) =>
      field.createable &&
      ((field.name === "Status__c" && takes(field, status)) ||
        (field.name === "Failed__c" && status === "Failed")),
  );

/** An org may have given an optional field another type, or a picklist without our words in it. */
const takes = ({ type, picklistValues }: FieldDescribe, value: FieldValue): boolean => {
  if (value === null) return true;
  if (typeof value === "boolean") return type === "boolean";
  if (typeof value === "number") return NUMBERS.has(type);
  if (type === "picklist") return (picklistValues ?? []).some((one) => one.active && one.value === value);
  return TEXT.has(type);
};

/** The newest rows about one field of one record, for what the hub wrote there before. */
export const pastRowsQuery = (name: string, record: string, field: string): string =>
  `SELECT Id, ${Object.keys(REQUIRED).join(", ")} FROM ${name}${
    soql` WHERE Record_Id__c = ${id(record)} AND Field_Name__c = ${text(field)} ORDER BY CreatedDate DESC LIMIT ${number(MOST_PAST_ROWS)}`
      .soql
  }`;

const MOST_PAST_ROWS = 200;

/**
 * The query that finds this row when Salesforce's answer to it was lost; the newest of its record where
 * the object does not keep the number of the hub's entry.
 */
export const findRow = (name: string, entry: AuditEntry, { fields }: ObjectDescribe): string => {
  const own = fields.some((field) => field.name === "Hub_Sequence__c" && takes(field, entry.sequence))
    ? soql` AND Hub_Sequence__c = ${number(entry.sequence)}`
    : nothing;
  return `SELECT Id, ${Object.keys(REQUIRED).join(", ")} FROM ${name}${
    soql` WHERE Record_Id__c = ${id(entry.id)}${own} ORDER BY CreatedDate DESC LIMIT 1`.soql
  }`;
};

/** Which rows belong to one write of this hub: its place in the trail, and what it was about. */
export interface RowsOfWrite {
  readonly sequence: number;
  readonly head: string;
  readonly record: string;
  readonly field: string;
}

/**
 * Finds the rows of one write; undefined when the object does not keep the place in the trail. Other hubs
 * of the org count from 1 as well, so the head must fit, too: {@link isOfWrite}.
 */
export const rowsOfWriteQuery = (
  name: string,
  { sequence, record, field }: RowsOfWrite,
  { fields }: ObjectDescribe,
): string | undefined => {
  const has = (column: string) => fields.some((one) => one.name === column);
  if (!has("Hub_Sequence__c") || !has("Hub_Head__c")) return undefined;
  const columns = ["Id", "CreatedDate", ...Object.keys(REQUIRED), ...Object.keys(OPTIONAL).filter(has)];
  return `SELECT ${columns.join(", ")} FROM ${name}${
    soql` WHERE Hub_Sequence__c = ${number(sequence)} AND Record_Id__c = ${id(record)} AND Field_Name__c = ${text(field)} ORDER BY CreatedDate, Id LIMIT ${number(MOST_PAST_ROWS)}`
      .soql
  }`;
};

export const isOfWrite = (row: Readonly<Record<string, unknown>>, { head }: RowsOfWrite): boolean =>
  row.Hub_Head__c === head;

/** Whether a row says how its write ended. */
export const isSettled = ({ Status__c, Failed__c }: Readonly<Record<string, unknown>>): boolean =>
  Status__c === "Applied" || Status__c === "Failed" || Failed__c === true;

/** What an outcome's row says before the reason: which row told the intent. */
const outcomeOf = (auditRowId: string, justification: string): string =>
  `Outcome of ${auditRowId}. ${justification}`;

/** A row beside the one of the intent, which says how it ended. */
export const settlementRow = (
  intended: Readonly<Record<string, unknown>>,
  status: AuditEntry["status"],
  { fields }: ObjectDescribe,
): Row => {
  const row: Row = {};
  for (const { name, createable } of fields)
    if (createable && Object.hasOwn(intended, name)) row[name] = intended[name] as FieldValue;
  const justification = fields.find(({ name }) => name === "Justification__c")!;
  row.Justification__c = shortened(
    justification,
    outcomeOf(String(intended.Id), String(intended.Justification__c ?? "")),
  );
  for (const [name, value] of Object.entries({ Status__c: status, Failed__c: status === "Failed" }))
    if (Object.hasOwn(row, name) && takes(fields.find((field) => field.name === name)!, value))
      row[name] = value;
  return row;
};

/** Whether a row found so is this one, as far as texts tell that may have been shortened. */
export const isRowOf = (
  entry: AuditEntry,
  describe: ObjectDescribe,
  found: Readonly<Record<string, unknown>>,
) => {
  const row = auditRow(entry, describe);
  return Object.keys(REQUIRED).every((name) => (found[name] ?? null) === (row[name] || null));
};

const shortened = ({ length }: FieldDescribe, value: FieldValue): FieldValue =>
  typeof value === "string" && length > 0 && value.length > length ? `${value.slice(0, length - 1)}…` : value;
