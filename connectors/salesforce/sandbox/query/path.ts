/** Field paths: from the queried object through its parents to a field. */
import type { FieldPath, Query } from "../../soql/ast.ts";
import { findNameField } from "../objects/name.ts";
import { canSee, canSeeField } from "../org.ts";
import { rowsById } from "../records.ts";
import type { Field } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";
import { findField, findObject, findRelationship, objectOfId } from "../schema/schema.ts";
import type { SObject } from "../schema/sobject.ts";
import { type QueryContext, rejectAt } from "./context.ts";

/** The object a SELECT is on, and the names by which its paths may begin. */
export interface Source {
  readonly object: SObject;
  /** In lower case; each stands for the relationships behind it: `a` of `FROM Contact c, c.Account a`. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

/** One step to a parent; `to` is absent where the parent may be of several objects. */
export interface Hop {
  readonly reference: Field<object>;
  readonly to: SObject | undefined;
}

export interface ResolvedPath {
  readonly hops: readonly Hop[];
  readonly field: Field<object>;
  /** As Salesforce writes the path, without alias. */
  readonly name: string;
  read(row: object): Value;
}

export const sourceOf = (object: SObject, query: Query): Source => {
  const aliases = new Map<string, readonly string[]>([[object.name.toLowerCase(), []]]);
  if (query.from.alias) aliases.set(query.from.alias.text.toLowerCase(), []);
  for (const { path, alias } of query.alsoFrom) {
    const [first = "", ...relationships] = path;
    const base = aliases.get(first.toLowerCase());
    if (base && alias) aliases.set(alias.text.toLowerCase(), [...base, ...relationships]);
  }
  return { object, aliases };
};

export const resolvePath = (context: QueryContext, source: Source, path: FieldPath): ResolvedPath => {
  const { parts } = expandAlias(source, path);
  const hops: Hop[] = [];
  let object: SObject | undefined = source.object;
  for (const part of parts.slice(0, -1)) {
    const hop = resolveHop(context, object, part, path);
    hops.push(hop);
    object = hop.to;
  }
  const last = parts.at(-1)!;
  const field = object ? visibleField(context, object, last) : findNameField(last);
  if (!field) throw noSuchColumn(context, path, last, object?.name ?? "Name");
  const { world } = context;
  return {
    hops,
    field,
    name: [...hops.map(({ reference }) => reference.relationshipName), field.name].join("."),
    read:
      hops.length === 0 ? (row) => field.read(row, world) : (row) => readThrough(context, hops, field, row),
  };
};

/** A relationship of `object`; undefined `object`: behind a polymorphic one, where there are only fields. */
export const resolveHop = (
  context: QueryContext,
  object: SObject | undefined,
  name: string,
  at: FieldPath,
): Hop => {
  const reference = object && findRelationship(object, name);
  if (!object || !reference || !canSeeField(context.org, context.session, object, reference))
    throw rejectAt(
      context,
      "INVALID_FIELD",
      at.span,
      `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  const [only, ...others] = reference.referenceTo;
  return { reference, to: others.length > 0 ? undefined : findObject(only!) };
};

/** The record a step leads to, with its own object. */
export const parentOf = (
  { world, org, session }: QueryContext,
  { reference }: Hop,
  row: object,
): { readonly object: SObject; readonly row: object; readonly id: string } | undefined => {
  const id = reference.read(row, world);
  if (typeof id !== "string") return undefined;
  const object = objectOfReference(reference, id);
  const parent = object && canSee(org, session, object) ? rowsById(object, world).get(id) : undefined;
  return object && parent ? { object, row: parent, id } : undefined;
};

export const visibleField = (
  { org, session }: QueryContext,
  object: SObject,
  name: string,
): Field<object> | undefined => {
  const field = findField(object, name);
  return field && canSeeField(org, session, object, field) ? field : undefined;
};

export const noSuchColumn = (context: QueryContext, at: FieldPath, column: string, entity: string) =>
  rejectAt(
    context,
    "INVALID_FIELD",
    at.span,
    `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );

const expandAlias = (
  { object, aliases }: Source,
  { parts }: FieldPath,
): { readonly parts: readonly string[] } => {
  const [first = "", ...rest] = parts;
  const base =
    rest.length > 0 && !findRelationship(object, first) ? aliases.get(first.toLowerCase()) : undefined;
  return { parts: base ? [...base, ...rest] : parts };
};

/** ContentNote and ContentDocument share ids, so a single target is taken at its word. */
const objectOfReference = (reference: Field<object>, id: string): SObject | undefined =>
  reference.referenceTo.length === 1 ? findObject(reference.referenceTo[0]!) : objectOfId(id);

const readThrough = (
  context: QueryContext,
  hops: readonly Hop[],
  field: Field<object>,
  row: object,
): Value => {
  let at = row;
  let object: SObject | undefined;
  for (const hop of hops) {
    const parent = parentOf(context, hop, at);
    if (!parent) return null;
    at = parent.row;
    object = parent.object;
  }
  return hops.at(-1)?.to ? field.read(at, context.world) : readName(context, object!, field.name, at);
};

/** Behind a polymorphic relationship: `Type` is the object's name, the rest the record's own where it has it. */
export const readName = (context: QueryContext, object: SObject, name: string, row: object): Value => {
  if (name === "Type") return object.name;
  const field =
    name === "Name"
      ? object.fields.find(({ nameField: isName }) => isName)
      : visibleField(context, object, name);
  return field ? field.read(row, context.world) : null;
};
