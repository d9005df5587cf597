/** Rows as they travel: column names once, values after. */

export interface TableValue {
  readonly rows: readonly Record<string, unknown>[];
  /** All rows that exist, also those not read. */
  readonly total: number;
  /** Place of the first row among all, for a later page. */
  readonly from?: number;
  /** Most rows of one answer. */
  readonly page?: number;
}

export interface Columnar {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly returned: number;
  readonly total: number;
  readonly truncated: boolean;
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/** As many whole rows as fit into `budget` bytes (at least one), and what is left. */
export const columnar = (
  { rows, total, from = 0, page = Number.POSITIVE_INFINITY }: TableValue,
  budget: number,
) => {
  const filled = new Set<string>();
  const known = new Set<string>();
  for (const row of rows)
    for (const key in row) {
      known.add(key);
      if (!isEmpty(row[key])) filled.add(key);
    }
  // In the order in which the tool declares them, which is the order of the first row's keys.
  const columns = [...known].filter((key) => filled.has(key));

  let bytes = Buffer.byteLength(JSON.stringify(columns));
  const sent: unknown[][] = [];
  for (const row of rows) {
    const values = columns.map((column) => row[column] ?? null);
    const size = Buffer.byteLength(JSON.stringify(values)) + 1;
    if (sent.length > 0 && (bytes + size > budget || sent.length === page)) break;
    sent.push(values);
    bytes += size;
  }
  const table: Columnar = {
    columns,
    rows: sent,
    returned: sent.length,
    total,
    truncated: from + sent.length < total,
  };
  return { table, left: rows.slice(sent.length), bytes };
};
