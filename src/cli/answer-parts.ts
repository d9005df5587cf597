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

/** A list of flat objects counts as a table too, also inside a fact (`moved.steps`): it reads best as one. */
export const partsOf = (content: Readonly<Record<string, unknown>>): AnswerParts => {
  const { error, notices = [], sources = [], ...rest } = content as Envelope & Record<string, unknown>;
  const named = Object.entries(rest)
    .flatMap(([key, value]) => apart(key, value))
    .map(([key, value]) => [key, asTable(value) ?? value] as const);
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

export const sourceLine = ({ system, asOf, requests, cached, reference = {} }: Source): string =>
  [
    `${system}: ${cached ? "kept result" : `${requests} request${requests === 1 ? "" : "s"}`}, as of ${second(asOf)}`,
    ...Object.entries(reference).map(([what, at]) => `${what} as of ${second(at)}`),
  ].join(", ");

const second = (iso: string): string => iso.replace(/\.\d+Z$/, "Z");

/** A fact without the lists in it that are tables, and these under its name and theirs. */
const apart = (key: string, value: unknown): [key: string, value: unknown][] => {
  if (isFlat(value) || Array.isArray(value) || isTable(value)) return [[key, value]];
  const members = Object.entries(value as object);
  const lists = members.filter(([, member]) => asTable(member));
  const others = members.filter(([, member]) => !asTable(member));
  return [
    ...(others.length > 0 || lists.length === 0
      ? [[key, Object.fromEntries(others)] satisfies [string, unknown]]
      : []),
    ...lists.map(([name, list]): [string, unknown] => [`${key}.${name}`, list]),
  ];
};

const asTable = (value: unknown): Columnar | undefined => {
  if (
    !Array.isArray(value) ||
    value.length === 0 ||
    value.some((item) => isFlat(item) || Array.isArray(item))
  )
    return;
  const rows = value as Record<string, unknown>[];
  if (!rows.every((row) => Object.values(row).every(isFlat))) return;
  const { shared, ...table } = columnar(rows);
  const isShared = Object.keys(shared).length > 0;
  return {
    ...table,
    ...(isShared && { shared }),
    returned: rows.length,
    total: rows.length,
    truncated: false,
  };
};

const isTable = (value: unknown): value is Columnar =>
  typeof value === "object" && value !== null && "columns" in value && "rows" in value;
