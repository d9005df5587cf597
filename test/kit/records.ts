interface Columnar {
  readonly columns: readonly string[];
  readonly shared?: Readonly<Record<string, unknown>>;
  readonly rows: readonly (readonly unknown[])[];
}

/** A table of an answer as records again, the way a reader thinks of it. */
export const records = ({ columns, shared, rows }: Columnar): Record<string, unknown>[] =>
  rows.map((row) => ({
    ...Object.fromEntries(columns.map((column, place) => [column, row[place]])),
    ...shared,
  }));
