/** An answer for a person at a terminal: facts first, then tables, then where it came from. */
import { MORE_HELD } from "../hub/held.ts";
import type { Columnar } from "../middleware/columnar.ts";
import { type AnswerError, isFlat, membersOf, partsOf, sourceLine } from "./answer-parts.ts";
import { records } from "./records.ts";
import { amount, bold, dim, isReadableAsTable, red, table, yellow } from "./terminal.ts";

export const renderAnswer = (content: Record<string, unknown>): string => {
  const { error, facts, tables, notices, sources } = partsOf(content);
  return [
    error ? renderError(error) : "",
    ...facts.map(([key, value]) => `${bold(key)}: ${show(value)}\n`.replace(": \n", ":\n")),
    ...tables.map(([key, value]) => `\n${bold(key)} ${aboutRows(key, value)}\n${renderTable(value)}`),
    tables.length > 0 ? "\n" : "",
    ...notices.filter((text) => !text.endsWith(MORE_HELD)).map((text) => `${yellow("!")} ${text}\n`),
    sources.length > 0 ? `${dim(sources.map(sourceLine).join("; "))}\n` : "",
  ].join("");
};

const renderError = ({ code, message, hint, vendor }: AnswerError) =>
  `${red(code)}: ${message}\n${vendor?.message ? `${dim(vendor.message)}\n` : ""}→ ${hint}\n`;

const aboutRows = (key: string, { returned, total, shared, cursor }: Columnar): string =>
  dim(
    [
      `${returned} of ${total}`,
      cursor ? ` (every row: --format csv --table ${key})` : "",
      shared ? `, all: ${show(shared)}` : "",
    ].join(""),
  );

/** What is too wide for columns is shown a record at a time. */
const renderTable = ({ columns, rows }: Columnar): string => {
  if (rows.length === 0) return "";
  const digits = columns.map((_, place) => fractionDigits(rows.map((row) => row[place])));
  const cells = rows.map((row) =>
    row.map((value, place) => (typeof value === "number" ? amount(value, digits[place]) : show(value, true))),
  );
  return isReadableAsTable(columns, cells) ? table(columns, cells) : records(columns, cells);
};

/** In a column the decimal points stand below each other. */
const fractionDigits = (values: readonly unknown[]): number =>
  values.some((value) => typeof value === "number" && !Number.isInteger(value)) ? 2 : 0;

const show = (value: unknown, inLine = false): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return amount(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value))
    return value.every(isFlat) ? value.map((item) => show(item)).join("; ") : asJson(value, inLine);
  const members = membersOf(value);
  if (!members.every(([, member]) => isFlat(member))) return asJson(value, inLine);
  // A whole record reads best a field a line.
  if (inLine || members.length <= MOST_IN_A_LINE)
    return members.map(([key, member]) => `${dim(key)} ${show(member)}`).join(", ");
  const widest = Math.max(...members.map(([key]) => key.length));
  return members.map(([key, member]) => `\n  ${dim(key.padEnd(widest))}  ${show(member)}`).join("");
};

const asJson = (value: object, inLine: boolean): string => JSON.stringify(value, null, inLine ? 0 : 2);

const MOST_IN_A_LINE = 6;
