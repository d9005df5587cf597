/** Which parts of an answer are tables, read off the schema of a tool's output. */
import type { z } from "zod";
import type { AnyTool } from "../connector/any.ts";

export interface OutputTable {
  readonly key: string;
  /** Undefined where they are known only at run time. */
  readonly columns: readonly string[] | undefined;
  /** Rows that are records, one by one; otherwise they are sums, or facts of one thing, and few. */
  readonly ofRecords: boolean;
}

/** The table schema in a field of an output, also inside `optional()` and the like; undefined if it is none. */
export const tableIn = (field: z.ZodType): z.ZodType | undefined => {
  if (field.meta()?.table === true) return field;
  const inner = (field as { unwrap?: () => z.ZodType }).unwrap?.();
  return inner && tableIn(inner);
};

const known = new WeakMap<AnyTool, readonly OutputTable[]>();

/** In the order in which the output declares them. */
export const tablesOf = (tool: AnyTool): readonly OutputTable[] => {
  let tables = known.get(tool);
  if (!tables) {
    tables = readTables(tool);
    known.set(tool, tables);
  }
  return tables;
};

/** Where no table has records' ids, all are taken for tables of records: users, events. */
const readTables = ({ output }: AnyTool): readonly OutputTable[] => {
  const fields = Object.entries(output.shape as Record<string, z.ZodType>);
  const tables = fields.flatMap(([key, field]) => {
    const schema = tableIn(field);
    return schema ? [{ key, columns: columnsOf(schema) }] : [];
  });
  const hasId = ({ columns }: (typeof tables)[number]) => columns === undefined || columns.includes("id");
  const some = tables.some(hasId);
  return tables.map((table) => ({ ...table, ofRecords: !some || hasId(table) }));
};

const columnsOf = (table: z.ZodType): readonly string[] | undefined => {
  const { rows } = (table as z.ZodObject<{ rows?: z.ZodArray<z.ZodType & { shape?: object }> }>).shape;
  return rows?.element.shape && Object.keys(rows.element.shape);
};
