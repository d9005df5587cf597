/** Who forecasts, in which role, under whom: the hierarchy that scopes are cut from. */
import type { Company, Person, Role } from "#sandbox/company/types.ts";

/** One person in one role. A person with two roles is two Clari users. */
export interface Seat {
  readonly person: Person;
  readonly role: Role;
}

/** Second half of a Clari scope id. */
export const userType = ({ level }: Person): "REP" | "MGR" => (level === 4 ? "REP" : "MGR");

/** `3002::MGR` */
export const scopeIdOf = (person: Person): string => `${person.clariId}::${userType(person)}`;

/** `3003:00E5f000002AEwEEAW` */
export const userIdOf = ({ person, role }: Seat): string => `${person.clariId}:${role.id}`;

/** Those who left or opted out are gone from every export, also of past quarters. */
export const isOptedIn = (person: Person): boolean => person.optedIn && person.isActive;

/**
 * Everybody opted in under this person, in the company's order, the person included. Someone outside
 * the hierarchy stands above it.
 */
export const seatsUnder = (company: Company, root: Person): Seat[] => {
  const seats = company.people.filter(isOptedIn).flatMap(seatsOf);
  if (root.role === null) return seats;

  const parents = new Map(company.people.flatMap(seatsOf).map(({ role }) => [role.id, role.parentId]));
  const rootRoles = new Set(seatsOf(root).map(({ role }) => role.id));
  const isBelow = (role: Role): boolean => {
    for (let above = role.parentId; above; above = parents.get(above) ?? null) {
      if (rootRoles.has(above)) return true;
    }
    return false;
  };
  return seats.filter(({ person, role }) => person.id === root.id || isBelow(role));
};

const seatsOf = (person: Person): Seat[] =>
  [person.role, person.secondRole].flatMap((role) => (role ? [{ person, role }] : []));
