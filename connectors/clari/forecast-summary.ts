/**
 * The two upper levels of a forecast, one row a person. A manager's call already stands for the team
 * below, so calls are never added along the hierarchy: the total is the top person's own.
 */
import type { Entry, ForecastUser } from "./answers.ts";
import { FIGURES, type Figure, type FigureFields, figureOf } from "./forecast-figures.ts";

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
} & Figures;

export interface ForecastSummary {
  /** Undefined if nobody, or more than one, stands at the top. */
  readonly totals: Figures | undefined;
  readonly rows: readonly SummaryRow[];
  /** Persons in the export, each once. */
  readonly people: number;
}

export interface SummaryInput {
  readonly users: readonly ForecastUser[];
  /** Of one week. */
  readonly entries: readonly Entry[];
  readonly fields: FigureFields;
  readonly scope_id: string | undefined;
}

export const summarise = ({ users, entries, fields, scope_id }: SummaryInput): ForecastSummary => {
  const figures = figuresOf(entries, fields);
  const tree = hierarchyOf(users);
  const top = topOf(tree, scope_id);
  // Whose manager is not in the export (left, opted out) stands directly below the top.
  const below = top ? [...tree.roots.filter((user) => user !== top), ...tree.reportsOf(top)] : [];
  const rowOf = (level: number) => (user: ForecastUser) => ({
    person: personOf(user),
    row: {
      name: user.name ?? user.userId,
      role: user.hierarchyName ?? null,
      scope_id: scopeIdOf(user.scopeId),
      level,
      reports: tree.reportsOf(user).length,
      ...derived(figures(user.userId)),
    },
  });
  const upper = top ? [rowOf(1)(top), ...below.map(rowOf(2))] : tree.roots.map(rowOf(1));
  const rows = onePerPerson(upper);
  return {
    totals: top && derived(figures(top.userId)),
    rows,
    people: new Set(users.map(personOf)).size,
  };
};

// --- figures ---------------------------------------------------------------------------------------

type Own = Readonly<Record<Figure | "adjustment", number | null>>;

const figuresOf = (entries: readonly Entry[], fields: FigureFields) => {
  const byPlace = new Map(entries.map((entry) => [`${entry.userId} ${entry.fieldId}`, entry]));
  return (userId: string): Own => {
    const entryOf = (figure: Figure) => byPlace.get(`${userId} ${fields[figure]}`);
    const own = FIGURES.map((figure) => {
      const entry = entryOf(figure);
      return [figure, entry ? figureOf(figure, entry) : null];
    });
    return { ...Object.fromEntries(own), adjustment: entryOf("commit")?.adjustmentValue ?? null };
  };
};

const derived = (own: Own): Figures => ({
  ...own,
  attainment:
    own.crmClosed !== null && own.quota ? Math.round((own.crmClosed / own.quota) * 1000) / 1000 : null,
  gap: own.quota !== null && own.commit !== null ? cents(own.quota - own.commit) : null,
});

const cents = (amount: number): number => Math.round(amount * 100) / 100;

// --- hierarchy -------------------------------------------------------------------------------------

interface Hierarchy {
  /** Those whose manager's role is nobody's in the export. */
  readonly roots: readonly ForecastUser[];
  reportsOf(user: ForecastUser): readonly ForecastUser[];
}

const hierarchyOf = (users: readonly ForecastUser[]): Hierarchy => {
  const roles = new Set(users.flatMap(({ hierarchyId }) => hierarchyId ?? []));
  const reports = Map.groupBy(users, ({ parentHierarchyId }) => parentHierarchyId ?? "");
  return {
    roots: users.filter(({ parentHierarchyId }) => !parentHierarchyId || !roles.has(parentHierarchyId)),
    reportsOf: ({ hierarchyId }) => (hierarchyId && reports.get(hierarchyId)) || [],
  };
};

/** The one root; among several the scope that was asked for, else the only one without a manager's role. */
const topOf = ({ roots }: Hierarchy, scope_id: string | undefined): ForecastUser | undefined => {
  if (roots.length <= 1) return roots[0];
  const asked = scope_id ? roots.filter((user) => scopeIdOf(user.scopeId) === scope_id) : [];
  if (asked[0]) return asked[0];
  const heads = roots.filter(({ parentHierarchyId }) => !parentHierarchyId);
  return new Set(heads.map(personOf)).size === 1 ? heads[0] : undefined;
};

/** The same for every role of a person. */
export const personOf = ({ crmId, userId }: ForecastUser): string => crmId || userId.split(":")[0] || userId;

/** `1905::MGR`, from the object or JSON that exports carry. */
export const scopeIdOf = (scope: unknown): string | null => {
  if (typeof scope === "string") return /^[^{\s]+::\w+$/.test(scope) ? scope : scopeIdOf(parsed(scope));
  if (typeof scope !== "object" || scope === null || !("userId" in scope) || !("userType" in scope))
    return null;
  return `${scope.userId}::${scope.userType}`;
};

const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
};

/**
 * A person listed in two roles is one row. The upper role's call covers the lower one's; two roles side
 * by side are two books, which are added, unless the same figures are only listed twice.
 */
const onePerPerson = (
  listed: readonly { readonly person: string; readonly row: SummaryRow }[],
): SummaryRow[] => {
  const byPerson = new Map<string, SummaryRow>();
  for (const { person, row } of listed) {
    const first = byPerson.get(person);
    byPerson.set(person, first ? merged(first, row) : row);
  }
  return [...byPerson.values()];
};

const merged = (first: SummaryRow, second: SummaryRow): SummaryRow => {
  const role = [...new Set([first.role, second.role])].filter((name) => name !== null).join(" + ") || null;
  const names = [...FIGURES, "adjustment"] as const;
  const isCovered = second.level > first.level || names.every((name) => first[name] === second[name]);
  if (isCovered) return { ...first, role };
  const sums = names.map((name) => [name, sum(first[name], second[name])]);
  return { ...first, role, reports: first.reports + second.reports, ...derived(Object.fromEntries(sums)) };
};

const sum = (a: number | null, b: number | null): number | null =>
  a === null && b === null ? null : cents((a ?? 0) + (b ?? 0));
