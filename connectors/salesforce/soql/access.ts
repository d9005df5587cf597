import type { FieldPath, FromItem, Query, Span } from "./ast.ts";
import { SoqlError } from "./errors.ts";
import { fieldsNamed } from "./fields.ts";
import type { SoqlPolicy } from "./policy.ts";
import type { QueryRole } from "./reader.ts";
import { mayLeadTo, objectsBehind } from "./relationships.ts";

/** The object and field rules of a policy, ready to be asked. */
export interface Access {
  /** Refuses an object that FROM names. */
  from(item: FromItem, role: QueryRole): void;
  /** Refuses objects and fields that a complete SELECT names; not those of SELECTs inside it. */
  query(query: Query, role: QueryRole): void;
}

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());

/** @throws SoqlError OBJECT_DENIED and FIELD_DENIED, from both functions it returns */
export function accessRules(policy: SoqlPolicy): Access {
  const denied = lower(policy.denyObjects);
  const allowed = policy.allowObjects && new Set(lower(policy.allowObjects));
  const fieldRules = policy.denyFields.map(fieldRule);

  const refuseObject = (name: string, span: Span): never => {
    const message = `${name} may not be read through this hub; leave it out`;
    throw new SoqlError("OBJECT_DENIED", message, span);
  };
  const object = (name: string, span: Span) => {
    const key = name.toLowerCase();
    if (denied.includes(key) || allowed?.has(key) === false) refuseObject(name, span);
  };
  const relationship = (name: string, span: Span) => {
    const isAllowed = (list: ReadonlySet<string>) =>
      list.has(name.toLowerCase()) || objectsBehind(name).some((behind) => list.has(behind));
    if (denied.some((target) => mayLeadTo(name, target))) refuseObject(name, span);
    if (allowed && !isAllowed(allowed)) refuseObject(name, span);
  };

  /** A field and the relationships before it, seen from one of `objects` (empty: any object). */
  const path = (parts: readonly string[], objects: readonly string[], span: Span) => {
    let seenFrom = objects;
    parts.forEach((part, index) => {
      const isField = index === parts.length - 1;
      if (fieldRules.some((rule) => rule.covers(part, isField, seenFrom))) {
        const message = `The field ${parts.join(".")} may not be read through this hub; leave it out of every clause`;
        throw new SoqlError("FIELD_DENIED", message, span);
      }
      if (isField) return;
      relationship(part, span);
      seenFrom = objectsBehind(part);
    });
  };

  const query = (node: Query, role: QueryRole) => {
    const source = node.from.path.at(-1)!;
    const alias = node.from.alias?.text;
    // An alias that is also the name of a standard relationship is judged as that relationship.
    const own = lower(alias !== undefined && objectsBehind(alias).length === 0 ? [source, alias] : [source]);
    const objects = role === "child" ? objectsBehind(source) : [source.toLowerCase()];
    const ownPath = ({ parts, span }: FieldPath) =>
      path(parts.length > 1 && own.includes(parts[0]!.toLowerCase()) ? parts.slice(1) : parts, objects, span);
    for (const field of fieldsNamed(node)) ownPath(field);
    for (const item of node.select) {
      if (item.kind === "fields" && fieldRules.some((rule) => rule.mayBeStandardOf(objects))) {
        const message =
          "FIELDS(STANDARD) would include a field that may not be read; name the fields instead";
        throw new SoqlError("FIELD_DENIED", message, item.span);
      }
      if (item.kind !== "typeof") continue;
      // The relationship itself is a path that ends where its fields begin.
      ownPath({ ...item.relationship, parts: [...item.relationship.parts, "Id"] });
      for (const branch of item.branches) {
        object(branch.object.text, branch.object.span);
        for (const { parts, span } of branch.fields) path(parts, [branch.object.text.toLowerCase()], span);
      }
      for (const { parts, span } of item.otherwise ?? []) path(parts, [], span);
    }
  };

  const from = (item: FromItem, role: QueryRole) =>
    item.path.forEach((name, index) => {
      if (role === "child") {
        // Before the last part of a child query stands the parent's own name or alias.
        if (index === item.path.length - 1) relationship(name, item.span);
      } else object(name, item.span);
    });

  return { from, query };
}

interface FieldRule {
  /** Whether the rule covers this part of a path: the field itself, or a relationship over that lookup. */
  covers(part: string, isField: boolean, objects: readonly string[]): boolean;
  /** Whether FIELDS(STANDARD) on one of these objects could include the field. */
  mayBeStandardOf(objects: readonly string[]): boolean;
}

/** `SSN__c` or `Contact.Email` */
function fieldRule(entry: string): FieldRule {
  const parts = entry.toLowerCase().split(".");
  const field = parts.at(-1)!;
  const object = parts.length > 1 ? parts[0]! : undefined;
  const onObject = (objects: readonly string[]) =>
    object === undefined || objects.length === 0 || objects.includes(object);
  return {
    covers(part, isField, objects) {
      const name = part.toLowerCase();
      const lookups = isField ? [name] : [name, `${name}id`, name.replace(/__r$/, "__c")];
      return lookups.includes(field) && onObject(objects);
    },
    mayBeStandardOf: (objects) => !field.endsWith("__c") && onObject(objects),
  };
}
