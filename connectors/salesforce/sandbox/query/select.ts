/** The field list of a query that answers rows: fields, FIELDS(), TYPEOF and child queries. */
import type { FieldPath, Query, TypeOf } from "../../soql/ast.ts";
import { findNameField } from "../objects/name.ts";
import { visibleFields, visibleObject } from "../org.ts";
import { attributesOf, idOf, toJson } from "../records.ts";
import type { Field } from "../schema/field.ts";
import type { SObject } from "../schema/sobject.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";
import { noSuchColumn, parentOf, readName, resolveHop, type Source, visibleField } from "./path.ts";
import { type RecordShape, recordShape } from "./record-shape.ts";
import { compileScalar } from "./scalar.ts";

/** Compiles a child query into the value under its relationship's name. */
export type CompileChild = (
  parent: SObject,
  query: Query,
) => { readonly key: string; readonly render: (parentId: string) => unknown };

export const compileSelect = (
  context: QueryContext,
  source: Source,
  query: Query,
  compileChild: CompileChild,
): ((row: object) => object) => {
  const { object } = source;
  const shape = recordShape(context);
  for (const item of query.select) {
    switch (item.kind) {
      case "selectExpression":
        if (item.alias && item.expression.kind === "field")
          throw rejectAt(
            context,
            "MALFORMED_QUERY",
            item.alias.span,
            "only aggregate expressions use field aliasing",
          );
        shape.add(compileScalar(context, source, item.expression), item.alias?.text);
        break;
      case "fields":
        addFields(context, source, query, item.which, shape);
        break;
      case "typeof":
        addTypeOf(context, source, item, shape);
        break;
      case "childQuery": {
        const { key, render } = compileChild(object, item.query);
        shape.addKey(key, (row) => render(idOf(object, row, context.world)));
      }
    }
  }
  return (row) => shape.render(object, idOf(object, row, context.world), row);
};

const MAX_FIELDS_ROWS = 200;

const addFields = (
  context: QueryContext,
  source: Source,
  { limit }: Query,
  which: "ALL" | "CUSTOM" | "STANDARD",
  shape: RecordShape,
) => {
  if (which !== "STANDARD" && (limit?.value ?? Number.POSITIVE_INFINITY) > MAX_FIELDS_ROWS)
    throw reject(
      "MALFORMED_QUERY",
      `The SOQL FIELDS function must have a LIMIT of at most ${MAX_FIELDS_ROWS}`,
    );
  const fields = visibleFields(context.org, context.session, source.object).filter(
    ({ name }) => which === "ALL" || name.endsWith("__c") === (which === "CUSTOM"),
  );
  if (fields.length === 0)
    throw reject(
      "MALFORMED_QUERY",
      "'FIELDS(...)' expansion function must result in at least one field being selected.",
    );
  for (const { name } of fields)
    shape.add(
      compileScalar(context, source, { kind: "field", parts: [name], span: { start: 0, end: 0 } }),
      undefined,
    );
};

interface Branch {
  readonly object: SObject | undefined;
  readonly fields: readonly Field<object>[];
}

const addTypeOf = (
  context: QueryContext,
  source: Source,
  { relationship, branches, otherwise }: TypeOf,
  shape: RecordShape,
) => {
  const [name = "", ...more] = relationship.parts;
  const hop = resolveHop(context, source.object, name, relationship);
  if (more.length > 0 || hop.to)
    throw rejectAt(
      context,
      "INVALID_FIELD",
      relationship.span,
      `TYPEOF expects a polymorphic relationship: '${relationship.parts.join(".")}'`,
    );
  const compiled: Branch[] = branches.map(({ object: { text, span }, fields }) => {
    const object = visibleObject(context.org, context.session, text);
    if (!object || !hop.reference.referenceTo.includes(object.name))
      throw rejectAt(context, "INVALID_TYPE", span, `sObject type '${text}' is not supported.`);
    return { object, fields: fields.map((path) => plainField(context, object, path)) };
  });
  if (otherwise)
    compiled.push({
      object: undefined,
      fields: otherwise.map((path) => plainField(context, undefined, path)),
    });

  shape.addKey(hop.reference.relationshipName!, (row) => {
    const parent = parentOf(context, hop, row);
    const branch = compiled.find(({ object }) => object === undefined || object === parent?.object);
    if (!parent || !branch) return null;
    const { world } = context;
    const attributes = attributesOf(parent.object, parent.id, context.version);
    const record: Record<string, unknown> = {
      attributes: branch.object ? attributes : { ...attributes, type: "Name" },
    };
    for (const field of branch.fields)
      record[field.name] = branch.object
        ? toJson(field, field.read(parent.row, world), attributes.url)
        : readName(context, parent.object, field.name, parent.row);
    return record;
  });
};

const plainField = (context: QueryContext, object: SObject | undefined, path: FieldPath): Field<object> => {
  const name = path.parts.at(-1)!;
  const field = object ? visibleField(context, object, name) : findNameField(name);
  if (!field || path.parts.length > 1)
    throw noSuchColumn(context, path, path.parts.join("."), object?.name ?? "Name");
  return field;
};
