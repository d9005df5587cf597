/** Reading an answer. Any part of it may be missing or null: systems may be down, columns unreadable. */

export type Row = Readonly<Record<string, unknown>>;

export interface Table {
  readonly rows: readonly Row[];
  /** All rows there are; more than `rows` when the table was cut. */
  readonly total: number;
  /** For hub_get_more. */
  readonly cursor: string | undefined;
}

/** Undoes how tables travel: columns once, a value that all rows share once, no empty columns. */
export const tableIn = (value: unknown): Table => {
  const { columns, rows, shared, total, cursor } = record(value);
  const names = list(columns).map(String);
  const read = list(rows).map((values) => ({
    ...record(shared),
    ...Object.fromEntries(list(values).map((one, index) => [names[index] ?? "", one])),
  }));
  return {
    rows: read,
    total: number(total) ?? read.length,
    cursor: typeof cursor === "string" ? cursor : undefined,
  };
};

export const record = (value: unknown): Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : {};

/** What is one thing or several as several. */
export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** The marks around a vendor's text are for models. Here nothing but characters comes of any text. */
const FENCE = /^⟦\S+ untrusted: ([\s\S]*) \S+⟧$/;

/** Empty for what is no text. */
export const text = (value: unknown): string => {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.replace(FENCE, "$1") : "";
};

/** `low_score, silent` as two. */
export const codes = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value.map(text) : text(value).split(/[,;]\s*/)).filter(Boolean);

/**
 * The way to a deal's record: the answer's one link, in which `{id}` stands for the record, or the deal's own.
 * Only what the web is made of.
 */
export const deepLink = (link: unknown, deal: Row): string | undefined => {
  const id = text(deal.id);
  const address = text(link).replace("{id}", encodeURIComponent(id)) || text(deal.url);
  // URL.parse is younger than the browsers in some hosts.
  return id && /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address).href : undefined;
};
