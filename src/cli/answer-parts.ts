/** What an answer consists of, for everything that shows one to a person. */
import type { Source } from "../connector/contract.ts";
import { type Columnar, columnar } from "../middleware/columnar.ts";

export interface AnswerParts {
  readonly error: AnswerError | undefined;
  /** Everything that is neither a table nor said by the host about the answer, by its key. */
  readonly facts: readonly (readonly [key: string, value: unknown])[];
  readonly tables: readonly (readonly [key: string, table: Columnar])[];
  readonly notices: readonly string[];
  readonly sources: readonly Source[];
}

export interface AnswerError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly vendor?: { readonly message?: string };
}

interface Envelope {
  readonly error?: AnswerError;
  readonly notices?: readonly string[];
  readonly sources?: readonly Source[];
}

/** A list of flat objects counts as a table too: it reads best as one. */
export const partsOf = (content: Readonly<Record<string, unknown>>): AnswerParts => {
  const { error, notices = [], sources = [], ...rest } = content as Envelope & Record<string, unknown>;
  const named = Object.entries(rest).map(([key, value]) => [key, asTable(value) ?? value] as const);
  return {
    error,
    facts: named.filter(([, value]) => !isTable(value)),
    tables: named.filter((entry): entry is readonly [string, Columnar] => isTable(entry[1])),
    notices,
    sources,
  };
};

export const isFlat = (value: unknown): boolean => typeof value !== "object" || value === null;

/** Members of an object that say something. */
export const membersOf = (value: object): [key: string, member: unknown][] =>
  Object.entries(value).filter(([, member]) => member !== null && member !== undefined);

export const sourceLine = ({ system, asOf, requests, cached }: Source): string =>
  `${system}: ${cached ? "kept result" : `${requests} request${requests === 1 ? "" : "s"}`}, as of ${asOf}`;

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
