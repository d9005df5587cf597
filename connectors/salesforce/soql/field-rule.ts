import { compoundOf, copiesOf, HISTORY_VALUES, NAME_PARTS, PEOPLE } from "./copies.ts";

/** One entry of `denyFields`. Object names are in lower case; an empty list of objects means any object. */
export interface FieldRule {
  /** The object whose field it is, if the entry names one. */
  readonly object: string | undefined;
  /**
   * Whether the rule covers this part of a path: the field itself, a relationship over that lookup, the
   * compound field it is a part of, a copy of it elsewhere, or a history's values, which may be its own.
   */
  covers(part: string, isField: boolean, objects: readonly string[]): boolean;
  /** Whether FIELDS(STANDARD) on one of these objects could include the field. */
  mayBeStandardOf(objects: readonly string[]): boolean;
}

/** `SSN__c` or `Contact.Email` */
export function fieldRule(entry: string): FieldRule {
  const parts = entry.toLowerCase().split(".");
  const field = parts.at(-1)!;
  const object = parts.length > 1 ? parts[0]! : undefined;
  const compound = compoundOf(field);
  const copies = copiesOf(field, object);
  const onObject = (objects: readonly string[]) =>
    object === undefined || objects.length === 0 || objects.includes(object);
  const onPeople = (objects: readonly string[]) =>
    objects.length === 0 || objects.some((name) => PEOPLE.includes(name));
  return {
    object,
    covers(part, isField, objects) {
      const name = part.toLowerCase();
      if (!isField)
        return [name, `${name}id`, name.replace(/__r$/, "__c")].includes(field) && onObject(objects);
      if (HISTORY_VALUES.has(name) || copies.includes(name)) return true;
      if (!onObject(objects)) return false;
      return (
        name === field || name === compound || (name === "name" && NAME_PARTS.has(field) && onPeople(objects))
      );
    },
    mayBeStandardOf: (objects) =>
      (!field.endsWith("__c") && onObject(objects)) ||
      objects.length === 0 ||
      objects.some((name) => /(history|trackedchange)$/.test(name)),
  };
}
