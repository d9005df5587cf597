/** An answer for a person at a terminal: facts first, then tables, then where it came from. */
import type { Columnar } from "../middleware/columnar.ts";
import { type AnswerError, isFlat, membersOf, partsOf, sourceLine } from "./answer-parts.ts";
import { amount, bold, dim, red, table, yellow } from "./terminal.ts";

export const renderAnswer = (content: Record<string, unknown>): string => {
  const { error, facts, tables, notices, sources } = partsOf(content);
  return [
    error ? renderError(error) : "",
    ...facts.map(([key, value]) => `${bold(key)}: ${show(value)}\n`),
    ...tables.map(([key, value]) => `\n${bold(key)} ${aboutRows(value)}\n${renderTable(value)}`),
    ...notices.map((text) => `${yellow("!")} ${text}\n`),
    sources.length > 0 ? `${dim(sources.map(sourceLine).join("; "))}\n` : "",
  ].join("");
};

const renderError = ({ code, message, hint, vendor }: AnswerError) =>
  `${red(code)}: ${message}\n${vendor?.message ? `${dim(vendor.message)}\n` : ""}→ ${hint}\n`;

const aboutRows = ({ returned, total, shared }: Columnar): string =>
  dim(`${returned} of ${total}${shared ? `; each with ${show(shared)}` : ""}`);

const renderTable = ({ columns, rows }: Columnar): string =>
  table(
    columns,
    rows.map((row) => row.map((value) => (typeof value === "number" ? amount(value) : show(value)))),
  );

const show = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return amount(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value))
    return value.every(isFlat) ? value.map(show).join("; ") : JSON.stringify(value, null, 2);
  const members = membersOf(value);
  if (!members.every(([, member]) => isFlat(member))) return JSON.stringify(value, null, 2);
  const shown = members.map(([key, member]) => `${dim(key)} ${show(member)}`);
  // A whole record reads best a field a line.
  return shown.length <= MOST_IN_A_LINE ? shown.join(", ") : shown.map((text) => `\n  ${text}`).join("");
};

const MOST_IN_A_LINE = 6;
