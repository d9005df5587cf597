/**
 * The two upper levels of a forecast, one row a person. A manager's call already stands for the team
 * below, so calls are never added along the hierarchy: the total is the top person's own.
 */
import type { ForecastUser } from "../answers.ts";
import type { Entry } from "./forecast-entry.ts";
import { FIGURES, type Figure, type FigureFields, figureOf } from "./forecast-figures.ts";
import { circlesIn, hierarchyOf, personOf, scopeIdOf, topOf } from "./hierarchy.ts";

export type Figures = Readonly<Record<Figure, number | null>> & {
  /** What a manager expects instead of this person's commit. */
  readonly adjustment: number | null;
  /** Closed, as a share of the quota: 0.62. */
  readonly attainment: number | null;
  /** Quota less commit. */
  readonly gap: number | null;
};

export type SummaryRow = {
  readonly name: string;
  readonly role: string | null;
  /** To ask for this person's team. */
  readonly scope_id: string | null;
  /** 1 the top, 2 those below. */
  readonly level: number;
  readonly reports: number;
  /** Of this row's amounts; null where the whole export is in one. */
  readonly currency: string | null;
} & Figures;

export interface ForecastSummary {
  /** Undefined if nobody, or more than one person, stands at the top, or the one there calls nothing. */
  readonly totals: Figures | undefined;
  readonly rows: readonly SummaryRow[];
  /** Persons in the export, each once. */
  readonly people: number;
  /** What whoever reads the figures must know. */
  readonly notices: readonly string[];
}

export interface SummaryInput {
  readonly users: readonly ForecastUser[];
  /** Of one week. */
  readonly entries: readonly Entry[];
  readonly fields: FigureFields;
  readonly scope_id: string | undefined;
}

export const summarise = ({ users: listed, entries, fields, scope_id }: SummaryInput): ForecastSummary => {
  const users = [...new Map(listed.map((user) => [user.userId, user])).values()];
  const bookOf = booksOf(entries, fields);
  const hierarchy = hierarchyOf(users);
  const { roots, reportsOf } = hierarchy;
  const circled = circlesIn(users, hierarchy).length;
  const calls = (user: ForecastUser) => hasFigures(bookOf(user));
  const top = topOf(hierarchy, calls, scope_id);

  const lineOf = (level: number) => (user: ForecastUser) => ({
    person: personOf(user),
    name: user.name ?? user.userId,
    role: user.hierarchyName ?? null,
    scope_id: scopeIdOf(user.scopeId),
    level,
    reports: reportsOf(user).length,
    book: bookOf(user),
  });
  // Whose manager is not in the export (left, opted out) stands directly below the top.
  const below = [...top.others, ...top.roles.flatMap(reportsOf)].filter((user) => !top.roles.includes(user));
  const upper =
    top.roles.length > 0
      ? [...top.roles.map(lineOf(1)), ...below.map(lineOf(2))]
      : (top.others.length > 0 ? top.others : roots).map(lineOf(1));

  const people = [...Map.groupBy(upper, ({ person }) => person).values()].map(onePerson);
  const lines = people.flatMap((person) => person.lines);
  const currencies = new Set(lines.flatMap(({ book }) => [...book.currencies]));
  const own = top.roles.length > 0 ? lines.filter(({ level }) => level === 1) : [];
  const total = own.length === 1 && hasFigures(own[0]!.book) ? derived(own[0]!.book) : undefined;
  return {
    totals: total,
    rows: lines.map(({ person, book, ...line }) => ({
      ...line,
      currency: currencies.size > 1 ? [...book.currencies].join(" + ") || null : null,
      ...derived(book),
    })),
    people: new Set(users.map(personOf)).size,
    notices: [
      ...(circled > 0
        ? [
            `${circled} roles of this export report to each other in a circle, so that nobody stands above them, and are left out; view "rows" has their calls.`,
          ]
        : []),
      ...(top.passedOver.length > 0
        ? ["The top of this export calls nothing; the totals are those of the one person below."]
        : []),
      ...(total || lines.length === 0 ? [] : [noTotal(top.roles.length, own.length)]),
      ...(currencies.size > 1
        ? [
            "Amounts are in several currencies (see the rows) and are never added across them; ask with one currency.",
          ]
        : []),
      ...(people.some(({ twins }) => twins)
        ? [
            "A person in two roles has the very same figures in both; they were added, and may be one call listed twice.",
          ]
        : []),
    ],
  };
};

const noTotal = (rolesAtTop: number, lines: number): string => {
  if (rolesAtTop === 0)
    return "Several people stand at the top of this export; there is no total, and their calls must not be added.";
  return lines > 1
    ? "The top person's roles are in different currencies; there is no total."
    : "Whoever stands at the top of this export calls nothing; there is no total, and the calls below must not be added.";
};

// --- figures ---------------------------------------------------------------------------------------

type Own = Readonly<Record<Figure | "adjustment", number | null>>;

/** What one person calls in one role. */
interface Book {
  readonly own: Own;
  readonly currencies: ReadonlySet<string>;
}

const NAMES = [...FIGURES, "adjustment"] as const;

const booksOf = (entries: readonly Entry[], fields: FigureFields) => {
  const byPlace = new Map(entries.map((entry) => [`${entry.userId} ${entry.fieldId}`, entry]));
  return ({ userId }: ForecastUser): Book => {
    const entryOf = (figure: Figure) => byPlace.get(`${userId} ${fields[figure]}`);
    const own = FIGURES.map((figure) => {
      const entry = entryOf(figure);
      return [figure, entry ? figureOf(figure, entry) : null];
    });
    return {
      own: { ...Object.fromEntries(own), adjustment: entryOf("commit")?.adjustmentValue ?? null },
      currencies: new Set(FIGURES.flatMap((figure) => entryOf(figure)?.currency ?? [])),
    };
  };
};

const hasFigures = ({ own }: Book): boolean => NAMES.some((name) => own[name] !== null);

const derived = ({ own, currencies }: Book): Figures => {
  const comparable = currencies.size <= 1;
  return {
    ...own,
    attainment:
      comparable && own.crmClosed !== null && own.quota
        ? Math.round((own.crmClosed / own.quota) * 1000) / 1000
        : null,
    gap: comparable && own.quota !== null && own.commit !== null ? cents(own.quota - own.commit) : null,
  };
};

const cents = (amount: number): number => Math.round(amount * 100) / 100;

const sum = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : cents((a ?? 0) + (b ?? 0));

// --- one row a person ------------------------------------------------------------------------------

type Line = Omit<SummaryRow, keyof Figures | "currency"> & { readonly person: string; readonly book: Book };

/**
 * The upper role's call covers the lower one's. Two roles side by side are two books, which are added,
 * unless they are in different currencies: then they stay two lines.
 */
const onePerson = (roles: readonly Line[]): { readonly lines: readonly Line[]; readonly twins: boolean } => {
  const level = Math.min(...roles.map((line) => line.level));
  const upper = roles.filter((line) => line.level === level);
  const currencies = new Set(upper.flatMap(({ book }) => [...book.currencies]));
  if (currencies.size > 1) return { lines: upper, twins: false };
  const books = upper.map(({ book: { own } }) => own);
  const added = NAMES.map((name) => [name, books.map((own) => own[name]).reduce(sum)]);
  const filled = upper.filter(({ book }) => hasFigures(book));
  const line: Line = {
    ...upper[0]!,
    role: [...new Set(roles.flatMap(({ role }) => role ?? []))].join(" + ") || null,
    reports: upper.reduce((total, { reports }) => total + reports, 0),
    book: { own: Object.fromEntries(added), currencies },
  };
  return { lines: [line], twins: new Set(filled.map(figuresIn)).size < filled.length };
};

const figuresIn = ({ book }: Line): string => JSON.stringify(NAMES.map((name) => book.own[name]));
