/** `columns=true`: what the columns of a query are, without running it. The sf CLI asks after each query. */
import type { Query, SelectExpression } from "../../soql/ast.ts";
import { visibleObject } from "../org.ts";
import type { Field, FieldType } from "../schema/field.ts";
import { childRelationships } from "../schema/schema.ts";
import type { SObject } from "../schema/sobject.ts";
import type { QueryContext } from "./context.ts";
import { sourceOf } from "./path.ts";
import { compileScalar, isAggregate, isExpression } from "./scalar.ts";
import { unknownObject } from "./where.ts";

export const describeColumns = (context: QueryContext, query: Query): object => {
  const object = visibleObject(context.org, context.session, query.from.path.join("."));
  if (!object) throw unknownObject(context, query);
  return {
    columnMetadata: columnsOf(context, object, query),
    entityName: object.name,
    groupBy: query.groupBy !== undefined,
    idSelected: query.select.some(
      (item) =>
        item.kind === "selectExpression" &&
        item.expression.kind === "field" &&
        /^id$/i.test(item.expression.parts.at(-1)!),
    ),
    keyPrefix: object.keyPrefix,
  };
};

const columnsOf = (context: QueryContext, object: SObject, query: Query): readonly object[] => {
  const source = sourceOf(object, query);
  let unnamed = 0;
  return query.select.flatMap((item): object[] => {
    if (item.kind === "childQuery") {
      const name = item.query.from.path.at(-1) ?? "";
      const child = childRelationships(object).find((one) => one.name?.toLowerCase() === name.toLowerCase());
      return child ? [joined(child.name!, columnsOf(context, child.object, item.query))] : [];
    }
    if (item.kind !== "selectExpression") return [];
    const { expression, alias } = item;
    const field = fieldOf(context, source, expression);
    if (!isAggregate(expression))
      return [columnOf(field, alias?.text ?? pathName(item) ?? field?.name ?? "", false)];
    const extreme = /^(MIN|MAX)$/i.test(expression.name.text);
    return [columnOf(extreme ? field : undefined, alias?.text ?? `expr${unnamed++}`, true)];
  });
};

const pathName = ({ expression }: SelectExpression) =>
  expression.kind === "field" ? expression.parts.join(".") : undefined;

const fieldOf = (
  context: QueryContext,
  source: ReturnType<typeof sourceOf>,
  expression: SelectExpression["expression"],
): Field<object> | undefined => {
  const argument =
    expression.kind === "function" && isAggregate(expression) ? expression.args[0] : expression;
  return argument && isExpression(argument) ? compileScalar(context, source, argument).path.field : undefined;
};

const NUMBERS = new Set<FieldType>(["int", "double", "currency", "percent"]);
const TEXTS = new Set<FieldType>([
  "string",
  "textarea",
  "picklist",
  "multipicklist",
  "email",
  "phone",
  "url",
]);

const columnOf = (field: Field<object> | undefined, columnName: string, aggregate: boolean) => ({
  aggregate,
  apexType: "",
  booleanType: field?.type === "boolean",
  columnName,
  custom: field?.name.endsWith("__c") ?? false,
  displayName: columnName,
  foreignKeyName: null,
  insertable: field?.createable ?? false,
  joinColumns: [],
  numberType: field === undefined || NUMBERS.has(field.type),
  textType: field !== undefined && TEXTS.has(field.type),
  updatable: field?.updateable ?? false,
});

const joined = (name: string, columns: readonly object[]) => ({
  ...columnOf(undefined, name, false),
  numberType: false,
  joinColumns: columns,
});
