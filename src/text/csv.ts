/** A table as a spreadsheet takes it (RFC 4180). */

type Cell = unknown;

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Values that all rows have in common, by column. */
  readonly shared?: Readonly<Record<string, Cell>>;
}

/**
 * With a heading, lines ended by CRLF.
 *
 * @param link of each row, `{id}` in the place of its id: a file has no other place for it than a column, `url`
 */
export const csv = ({ columns, rows, shared = {} }: CsvTable, link?: unknown): string => {
  const ending = Object.values(shared);
  const id = columns.indexOf("id");
  const urls = typeof link === "string" && id >= 0 && !columns.includes("url") ? ["url"] : [];
  const urlOf = (row: readonly Cell[]) =>
    row[id] === null ? null : String(link).replace("{id}", String(row[id]));
  const lines = [
    [...columns, ...Object.keys(shared), ...urls].map(cell),
    ...rows.map((row) =>
      [...columns.map((_, place) => row[place]), ...ending, ...urls.map(() => urlOf(row))].map(cell),
    ),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
};

const cell = (value: Cell): string => {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return escapeText(harmless(value));
  return escapeText(typeof value === "object" ? JSON.stringify(value) : String(value));
};

/**
 * What begins like a formula would be one in a spreadsheet, and cells hold what others typed into a CRM; so may
 * headings. Wide forms count: spreadsheets of East Asia take them as well (OWASP, CSV injection).
 */
const harmless = (text: string): string =>
  /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;

const escapeText = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
