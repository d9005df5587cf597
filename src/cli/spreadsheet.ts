/** One table of an answer as CSV, and what somebody who sees only that table must be told. */
import { HubError } from "../errors.ts";
import { csv } from "../text/csv.ts";
import { type AnswerParts, isFlat, membersOf, partsOf } from "./answer-parts.ts";

export interface Spreadsheet {
  readonly csv: string;
  /** For people, beside the file: our words. */
  readonly remarks: readonly string[];
}

/**
 * The table called `name`, else the one with the most rows; an answer without tables is one row of its facts.
 * Throws `config` when there is no table of that name.
 */
export const spreadsheet = (content: Readonly<Record<string, unknown>>, name?: string): Spreadsheet => {
  const parts = partsOf(content);
  const { tables, notices } = parts;
  const largest = tables.reduce<AnswerParts["tables"][number] | undefined>(
    (most, one) => (most && most[1].rows.length >= one[1].rows.length ? most : one),
    undefined,
  );
  const chosen = name === undefined ? largest : tables.find(([key]) => key === name);
  if (name !== undefined && !chosen) throw noSuchTable(name, tables);
  if (!chosen) return { csv: rowOfFacts(parts), remarks: notices };

  const [key, table] = chosen;
  const others = tables.map(([other]) => other).filter((other) => other !== key);
  return {
    csv: csv(table, content.link),
    remarks: [
      ...(name === undefined && others.length > 0
        ? [`This is the table "${key}". The answer has others: --table ${others.join(", --table ")}.`]
        : []),
      ...(table.returned < table.total
        ? [`These are ${table.returned} of ${table.total} rows: the tool gave no more. Ask it for more.`]
        : []),
      ...notices,
    ],
  };
};

const noSuchTable = (name: string, tables: AnswerParts["tables"]): HubError =>
  new HubError("config", `The answer has no table "${name}".`, {
    hint: tables.length > 0 ? `It has ${tables.map(([key]) => key).join(", ")}.` : "It has none at all.",
  });

const rowOfFacts = ({ facts }: AnswerParts): string => {
  const cells = facts.flatMap(([key, value]) => cellsOf(key, value));
  return csv({ columns: cells.map(([column]) => column), rows: [cells.map(([, value]) => value)] });
};

/** Objects as a column a member: `totals.deals`. */
const cellsOf = (key: string, value: unknown): (readonly [column: string, value: unknown])[] => {
  if (isFlat(value)) return [[key, value]];
  if (Array.isArray(value)) return [[key, value.every(isFlat) ? value.join("; ") : value]];
  return membersOf(value as object).flatMap(([name, member]) => cellsOf(`${key}.${name}`, member));
};
