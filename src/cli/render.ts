/** An answer for a person at a terminal: facts first, then tables, then where it came from. */
import type { Source } from "../connector/contract.ts";
import { type Columnar, columnar } from "../middleware/columnar.ts";
import { amount, bold, dim, red, table, yellow } from "./terminal.ts";

interface Envelope {
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly vendor?: { readonly message?: string };
  };
  readonly sources?: readonly Source[];
  readonly notices?: readonly string[];
}

export const renderAnswer = (content: Record<string, unknown>): string => {
  const { error, sources, notices, ...facts } = content as Envelope & Record<string, unknown>;
  const named = Object.entries(facts).map(([key, value]) => [key, asTable(value) ?? value] as const);
  const plain = named.filter(([, value]) => !isTable(value));
  const tables = named.filter((entry): entry is [string, Columnar] => isTable(entry[1]));
  return [
    error ? renderError(error) : "",
    ...plain.map(([key, value]) => `${bold(key)}: ${show(value)}\n`),
    ...tables.map(([key, value]) => `\n${bold(key)} ${dim(headingOf(value))}\n${renderTable(value)}`),
    ...(notices ?? []).map((text) => `${yellow("!")} ${text}\n`),
    sources ? `${dim(sources.map(sourceLine).join("; "))}\n` : "",
  ].join("");
};

const renderError = ({ code, message, hint, vendor }: NonNullable<Envelope["error"]>) =>
  `${red(code)}: ${message}\n${vendor?.message ? `${dim(vendor.message)}\n` : ""}→ ${hint}\n`;

/** `80 of 80, all: currency USD` */
const headingOf = ({ returned, total, shared = {} }: Columnar): string => {
  const common = Object.entries(shared).map(([column, value]) => `${column} ${show(value)}`);
  return `${returned} of ${total}${common.length > 0 ? `, all: ${common.join(", ")}` : ""}`;
};

const renderTable = ({ columns, rows }: Columnar): string =>
  table(
    columns,
    rows.map((row) => row.map((value) => (typeof value === "number" ? amount(value) : show(value)))),
  );

const sourceLine = ({ system, asOf, requests, cached }: Source) =>
  `${system}: ${cached ? "kept result" : `${requests} request${requests === 1 ? "" : "s"}`}, as of ${asOf}`;

const show = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return amount(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value))
    return value.every(isFlat) ? value.map(show).join("; ") : JSON.stringify(value, null, 2);
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  if (!members.every(([, member]) => isFlat(member))) return JSON.stringify(value, null, 2);
  const shown = members.map(([key, member]) => `${dim(key)} ${show(member)}`);
  // A whole record reads best a field a line.
  return shown.length <= MOST_IN_A_LINE ? shown.join(", ") : shown.map((text) => `\n  ${text}`).join("");
};

const MOST_IN_A_LINE = 6;

const isFlat = (value: unknown): boolean => typeof value !== "object" || value === null;

/** A list of flat objects reads best as what it is. */
const asTable = (value: unknown): Columnar | undefined => {
  if (
    !Array.isArray(value) ||
    value.length === 0 ||
    value.some((item) => isFlat(item) || Array.isArray(item))
  )
    return;
  const rows = value as Record<string, unknown>[];
  if (!rows.every((row) => Object.values(row).every(isFlat))) return;
  return { ...columnar(rows), returned: rows.length, total: rows.length, truncated: false };
};

const isTable = (value: unknown): value is Columnar =>
  typeof value === "object" && value !== null && "columns" in value && "rows" in value;
