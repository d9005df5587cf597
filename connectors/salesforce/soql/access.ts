import type { FieldPath, FromItem, Query, Span } from "./ast.ts";
import { companionsOf, historiesOf, showsRecordOf } from "./copies.ts";
import { SoqlError } from "./errors.ts";
import { fieldRule } from "./field-rule.ts";
import { fieldsNamed } from "./fields.ts";
import { CREDENTIAL_OBJECTS, type SoqlPolicy } from "./policy.ts";
import type { QueryRole } from "./reader.ts";
import { leadingTo, objectsBehind } from "./relationships.ts";

/** The object and field rules of a policy, ready to be asked. */
export interface Access {
  /** Refuses an object that FROM names. */
  from(item: FromItem, role: QueryRole): void;
  /** Refuses objects and fields that a complete SELECT names; not those of SELECTs inside it. */
  query(query: Query, role: QueryRole): void;
}

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());

const CREDENTIALS = new Set(lower(CREDENTIAL_OBJECTS));

/** Most queries come under the same policy, and a policy never changes. */
const known = new WeakMap<SoqlPolicy, Access>();

/** @throws SoqlError OBJECT_DENIED and FIELD_DENIED, from both functions it returns */
export function accessRules(policy: SoqlPolicy): Access {
  const access = known.get(policy) ?? readRules(policy);
  known.set(policy, access);
  return access;
}

function readRules(policy: SoqlPolicy): Access {
  const fieldRules = policy.denyFields.map(fieldRule);
  const configured = lower(policy.denyObjects).filter((name) => !CREDENTIALS.has(name));
  const denied = [
    ...new Set([
      ...lower(policy.denyObjects).flatMap((name) => [name, ...companionsOf(name)]),
      ...fieldRules.flatMap((rule) => (rule.object === undefined ? [] : historiesOf(rule.object))),
    ]),
  ];
  const mayLeadToDenied = leadingTo(denied);
  const allowed = policy.allowObjects && new Set(lower(policy.allowObjects));

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
    if (mayLeadToDenied(name)) refuseObject(name, span);
    if (allowed && !isAllowed(allowed)) refuseObject(name, span);
    if (configured.length > 0 && !allowed && objectsBehind(name).length === 0) {
      const message = `${name} may lead to an object that may not be read; its name does not tell. Leave it out`;
      throw new SoqlError("OBJECT_DENIED", message, span);
    }
  };

  /** A field and the relationships before it, seen from one of `objects` (empty: any object). */
  const path = (parts: readonly string[], objects: readonly string[], span: Span) => {
    let seenFrom = objects;
    parts.forEach((part, index) => {
      const isField = index === parts.length - 1;
      const shown = isField && configured.some((object) => showsRecordOf(object, part.toLowerCase()));
      if (shown || fieldRules.some((rule) => rule.covers(part, isField, seenFrom))) {
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
    const alias = node.from.alias?.text.toLowerCase();
    const objects = role === "child" ? objectsBehind(source) : [source.toLowerCase()];
    const ownPath = ({ parts, span }: FieldPath) => {
      const first = parts.length > 1 ? parts[0]!.toLowerCase() : undefined;
      const isAlias = first !== undefined && first === alias;
      if (!isAlias && first !== source.toLowerCase()) return path(parts, objects, span);
      path(parts.slice(1), objects, span);
      // An alias may be a relationship's name as well; which one Salesforce means is not for us to guess.
      if (isAlias && (objectsBehind(first).length > 0 || first.endsWith("__r"))) path(parts, objects, span);
    };
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
