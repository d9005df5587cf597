/** Records as Salesforce sends them, made flat: no `attributes`, parents as `Account.Name`. */
import type { QueryAnswer, SalesforceRecord } from "../shapes.ts";

type Row = Record<string, unknown>;

/**
 * - A parent's fields stand beside the record's own: `Account.Name`, `Owner.Profile.Name`.
 * - Children stand in one value, `{ columns, rows }`.
 * - dateTimes (`2026-10-11T09:15:00.000+0000`) become `2026-10-11T09:15:00Z`.
 */
export const flatten = (records: QueryAnswer["records"]): Row[] => {
  const rows = records.map((record) => flatRecord(record));
  // A record without the parent says `"Account": null`, which is no column of its own.
  const columns = new Set<string>();
  for (const row of rows) for (const key in row) columns.add(key);
  const parents = [...columns].flatMap(prefixes).filter((parent) => columns.has(parent));
  if (parents.length > 0)
    for (const row of rows)
      for (const parent of new Set(parents)) if (row[parent] === null) delete row[parent];
  return rows;
};

/**
 * Those of the child queries that reached their LIMIT for some parent, or say themselves that there is
 * more. Names are the query's, whatever the answer calls its lists.
 */
export const cutChildren = (
  records: QueryAnswer["records"],
  asked: readonly { readonly name: string; readonly limit: number }[],
): string[] =>
  asked
    .filter(({ name, limit }) =>
      records.some((record) =>
        Object.entries(record).some(
          ([key, value]) =>
            key.toLowerCase() === name.toLowerCase() &&
            isChildren(value) &&
            (value.done === false || value.records.length >= limit),
        ),
      ),
    )
    .map(({ name }) => name);

interface Children {
  readonly done?: unknown;
  readonly records: SalesforceRecord[];
}

const isObject = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isChildren = (value: unknown): value is Children => isObject(value) && Array.isArray(value.records);

const flatRecord = (record: SalesforceRecord, prefix = "", row: Row = {}): Row => {
  for (const [name, value] of Object.entries(record)) {
    if (name === "attributes") continue;
    const key = prefix + name;
    if (isChildren(value)) row[key] = childTable(value);
    else if (isObject(value)) flatRecord(value, `${key}.`, row);
    else row[key] = typeof value === "string" ? isoTime(value) : value;
  }
  return row;
};

const childTable = ({ records }: Children) => {
  const rows = flatten(records);
  const columns = [...new Set(rows.flatMap(Object.keys))];
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
};

/** `Owner.Profile.Name` → `Owner`, `Owner.Profile` */
const prefixes = (key: string): string[] => {
  const parts = key.split(".");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("."));
};

const SALESFORCE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{3})?\+0000$/;

/** A dateTime with `Z`, milliseconds only when there are any; other text as it is. */
export const isoTime = (text: string): string => {
  const found = SALESFORCE_TIME.exec(text);
  if (!found) return text;
  return `${found[1]}${found[2] === undefined || found[2] === ".000" ? "" : found[2]}Z`;
};
