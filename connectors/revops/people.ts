/** People as a person picks them from a list: the name, and the id that tells two of one name apart. */
import type { Person } from "#connector";

const LABEL = /^(?<name>.+?) \((?<id>[A-Za-z0-9]{15,18})\)$/;

export interface Picked {
  readonly name: string;
  /** Undefined when somebody typed a name instead of picking one. */
  readonly id: string | undefined;
}

export const labelOf = ({ name, id }: Pick<Person, "name" | "id">): string => `${name} (${id})`;

export const pickedPerson = (text: string): Picked => {
  const { name = text, id } = LABEL.exec(text)?.groups ?? {};
  return { name, id };
};

/** How an answer names each of these: with the id where two share a name. */
export const namesApart = (
  people: readonly { readonly id: string | null; readonly name: string | null }[],
) => {
  const ids = new Map<string | null, Set<string | null>>();
  for (const { id, name } of people) ids.set(name, (ids.get(name) ?? new Set()).add(id));
  return <N extends string | null>({ id, name }: { readonly id: string | null; readonly name: N }) =>
    id !== null && name !== null && (ids.get(name)?.size ?? 0) > 1 ? labelOf({ id, name }) : name;
};

/** Those who are somebody's manager. */
export const managersAmong = (people: readonly Person[]): readonly Person[] => {
  const ids = new Set(people.filter(({ isActive }) => isActive).map(({ managerId }) => managerId));
  return people.filter(({ id }) => ids.has(id));
};

/** Those who left last: deals may still be theirs. */
export const byNameActiveFirst = (a: Person, b: Person): number =>
  Number(b.isActive) - Number(a.isActive) || a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1);
