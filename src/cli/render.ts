/** An answer for a person at a terminal: facts first, then tables, then where it came from. */
import type { Source } from "../connector/contract.ts";
import type { Columnar } from "../middleware/columnar.ts";
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
  const plain = Object.entries(facts).filter(([, value]) => !isTable(value));
  const tables = Object.entries(facts).filter((entry): entry is [string, Columnar] => isTable(entry[1]));
  return [
    error ? renderError(error) : "",
    ...plain.map(([key, value]) => `${bold(key)}: ${show(value)}\n`),
    ...tables.map(
      ([key, value]) => `\n${bold(key)} ${dim(`${value.returned} of ${value.total}`)}\n${renderTable(value)}`,
    ),
    ...(notices ?? []).map((text) => `${yellow("!")} ${text}\n`),
    sources ? `${dim(sources.map(sourceLine).join("; "))}\n` : "",
  ].join("");
};

const renderError = ({ code, message, hint, vendor }: NonNullable<Envelope["error"]>) =>
  `${red(code)}: ${message}\n${vendor?.message ? `${dim(vendor.message)}\n` : ""}→ ${hint}\n`;

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
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join("; ");
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
};

const isTable = (value: unknown): value is Columnar =>
  typeof value === "object" && value !== null && "columns" in value && "rows" in value;
