/** Rows as they travel: column names once, values after, and only once what all rows have in common. */
import { HubError } from "../errors.ts";

/** What a handler returns. */
export interface TableValue {
  readonly rows: readonly Record<string, unknown>[];
  /** All rows that exist, also those not read. */
  readonly total: number;
  /** Place of the first row among all, for a later page. */
  readonly from?: number;
  /** Most rows of one answer. */
  readonly page?: number;
}

export interface Columns {
  readonly columns: readonly string[];
  /** By column, the value that it has in every row; such a column does not stand in `columns`. */
  readonly shared: Readonly<Record<string, unknown>>;
  readonly rows: readonly (readonly unknown[])[];
}

/** A table of an answer; `shared` only where something is. */
export interface Columnar extends Omit<Columns, "shared">, Partial<Pick<Columns, "shared">> {
  readonly returned: number;
  readonly total: number;
  readonly truncated: boolean;
  /** Of the rows after these, for `hub_get_more`. */
  readonly cursor?: string;
  /** Where all rows are, as CSV. */
  readonly csv?: string;
}

/** Decided by all rows, so that a later page says the same. Columns without any value are left out. */
export const columnar = (rows: readonly Record<string, unknown>[]): Columns => {
  const columns: string[] = [];
  const shared: Record<string, unknown> = {};
  for (const name of namesIn(rows)) {
    const first = rows[0]![name];
    if (rows.every((row) => isEmpty(row[name]))) continue;
    if (isLiftable(name, first, rows.length) && rows.every((row) => row[name] === first))
      shared[name] = first;
    else columns.push(name);
  }
  return { columns, shared, rows: rows.map((row) => columns.map((name) => row[name] ?? null)) };
};

/** Only these columns, in this order; what a table does not have is left out. */
export const pick = (table: Columns, names: readonly string[]): Columns => {
  const columns = [...new Set(names)].filter((name) => table.columns.includes(name));
  const places = columns.map((name) => table.columns.indexOf(name));
  const shared = Object.entries(table.shared).filter(([name]) => names.includes(name));
  return {
    columns,
    shared: Object.fromEntries(shared),
    rows: table.rows.map((row) => places.map((place) => row[place])),
  };
};

/** The rows as records again, the way a reader thinks of them. */
export const recordsOf = ({ columns, shared, rows }: Columnar): Record<string, unknown>[] =>
  rows.map((row) => ({
    ...Object.fromEntries(columns.map((name, place) => [name, row[place]])),
    ...shared,
  }));

/** Throws `invalid_input` that names the columns there are. */
export const refuseUnknownColumns = (asked: readonly string[], known: readonly string[]): void => {
  if (asked.every((name) => known.includes(name))) return;
  throw new HubError("invalid_input", "fields: names a column that these rows do not have.", {
    hint: `Columns: ${known.join(", ")}.`,
  });
};

/** In the order in which the tool declares them, which is that of the first row's keys. */
export const namesIn = (rows: readonly Record<string, unknown>[]): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  return names;
};

/** With fewer rows, naming what they share costs more tokens than repeating it. */
const FEWEST_TO_SHARE = 3;

/** A record's id stays beside the record, however often it occurs. */
const isLiftable = (name: string, value: unknown, rows: number): boolean =>
  rows >= FEWEST_TO_SHARE && typeof value !== "object" && name.toLowerCase() !== "id";

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
