/** Who stands above whom in an export, and which of them are one person. */
import { toId18 } from "#connector";
import type { ForecastUser } from "../answers.ts";

export interface Hierarchy {
  /** Those whose manager's role is nobody's in the export, or their own. */
  readonly roots: readonly ForecastUser[];
  reportsOf(user: ForecastUser): readonly ForecastUser[];
}

export const hierarchyOf = (users: readonly ForecastUser[]): Hierarchy => {
  const roles = new Set(users.flatMap(({ hierarchyId }) => hierarchyId ?? []));
  const reports = Map.groupBy(users, (user) => roleAbove(user) ?? "");
  return {
    roots: users.filter((user) => !roles.has(roleAbove(user) ?? "")),
    reportsOf: ({ hierarchyId }) => (hierarchyId && reports.get(hierarchyId)) || [],
  };
};

/** Some exports have the top report to itself. */
const roleAbove = ({ hierarchyId, parentHierarchyId }: ForecastUser): string | undefined =>
  parentHierarchyId && parentHierarchyId !== hierarchyId ? parentHierarchyId : undefined;

/** Whoever no root stands above: roles that report to each other in a circle, and all below these. */
export const circlesIn = (
  users: readonly ForecastUser[],
  { roots, reportsOf }: Hierarchy,
): readonly ForecastUser[] => {
  const reached = new Set(roots);
  // A set also visits what is added on the way.
  for (const user of reached) for (const report of reportsOf(user)) reached.add(report);
  return users.filter((user) => !reached.has(user));
};

/** The same for every role of a person. */
export const personOf = ({ crmId, userId }: ForecastUser): string =>
  (crmId && (toId18(crmId) ?? crmId)) || userId.split(":")[0] || userId;

const areOnePerson = (users: readonly ForecastUser[]): boolean => new Set(users.map(personOf)).size === 1;

export interface Top {
  /** Every role in which the top person stands there; none if it is nobody, or more than one person. */
  readonly roles: readonly ForecastUser[];
  /** Who stands above them and calls nothing: the user of an integration, say. */
  readonly passedOver: readonly ForecastUser[];
  /** Other roots that call something or have a team. */
  readonly others: readonly ForecastUser[];
}

/**
 * The one person at the top: of several the one in the scope asked for, else the only one without a
 * manager's role. Whoever calls nothing and has one person below gives way to that person.
 */
export const topOf = (
  { roots, reportsOf }: Hierarchy,
  calls: (user: ForecastUser) => boolean,
  scope_id: string | undefined,
): Top => {
  const standing = roots.filter((user) => calls(user) || reportsOf(user).length > 0);
  const heads = standing.filter((user) => roleAbove(user) === undefined);
  const asked = scope_id ? standing.filter((user) => scopeIdOf(user.scopeId) === scope_id) : [];
  const first = [asked, standing, heads, heads.filter(calls)].find(areOnePerson)?.[0];
  if (!first) return { roles: [], passedOver: [], others: standing };

  const atTop = standing.filter((user) => personOf(user) === personOf(first));
  const passedOver: ForecastUser[] = [];
  let roles = atTop;
  while (!roles.some(calls)) {
    const seen = new Set([...passedOver, ...roles]);
    const below = roles.flatMap(reportsOf).filter((user) => !seen.has(user));
    if (!areOnePerson(below)) break;
    passedOver.push(...roles);
    roles = below;
  }
  return { roles, passedOver, others: standing.filter((user) => !atTop.includes(user)) };
};

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
