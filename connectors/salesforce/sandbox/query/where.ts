/** WHERE over rows, with semi-joins and the restrictions Salesforce puts on them. */
import type { Comparison, Query, SelectItem } from "../../soql/ast.ts";
import { visibleObject } from "../org.ts";
import { rowsOf } from "../records.ts";
import type { Field } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";
import type { SObject } from "../schema/sobject.ts";
import { compileCondition } from "./condition.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";
import { resolvePath, type Source, sourceOf } from "./path.ts";
import { compileScalar, requireUse } from "./scalar.ts";

const MAX_SEMI_JOINS = 2;

/** SOQL reference, "Comparison Operators": objects a semi-join may not select from. */
const NOT_IN_SEMI_JOINS = new Set([
  "activityhistory",
  "attachment",
  "event",
  "eventattendee",
  "note",
  "openactivity",
  "task",
]);

export const compileWhere = (
  context: QueryContext,
  source: Source,
  { where }: Query,
  options: { readonly semiJoins: "allowed" | "refused" } = { semiJoins: "allowed" },
): ((row: object) => boolean) => {
  if (!where) return () => true;
  let semiJoins = 0;
  return compileCondition<object>(context, where, {
    operand: (expression) => {
      const scalar = compileScalar(context, source, expression);
      requireUse(context, scalar, expression, "filtered");
      return { type: scalar.type, name: scalar.path.field.name, read: scalar.read };
    },
    semiJoin: (comparison, nested) => {
      if (options.semiJoins === "refused")
        throw reject("MALFORMED_QUERY", "Nesting of semi join sub-selects is not supported");
      if (nested)
        throw reject(
          "MALFORMED_QUERY",
          "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.",
        );
      semiJoins += 1;
      if (semiJoins > MAX_SEMI_JOINS)
        throw reject(
          "MALFORMED_QUERY",
          `Maximum ${MAX_SEMI_JOINS} semi join sub-selects are allowed in a query`,
        );
      return compileSemiJoin(context, source, comparison);
    },
  });
};

const compileSemiJoin = (
  context: QueryContext,
  source: Source,
  comparison: Comparison,
): ((row: object) => boolean) => {
  const { left, right, operator } = comparison;
  if (right.kind !== "subquery") throw new Error("not a semi-join");
  const outer = left.kind === "field" ? resolvePath(context, source, left) : undefined;
  if (!outer || outer.hops.length > 0 || !isReference(outer.field))
    throw rejectAt(
      context,
      "MALFORMED_QUERY",
      left.span,
      `The left operand field in the where expression for outer query should be an id field, cannot use: '${outer?.name ?? "expression"}'`,
    );
  const { object, field, rows } = compileInner(context, right.query);
  if (object === source.object)
    throw reject("MALFORMED_QUERY", "The inner and outer selects should not be on the same object type");
  const meets = targetsOf(object, field).some((target) =>
    targetsOf(source.object, outer.field).includes(target),
  );
  if (!meets)
    throw reject(
      "MALFORMED_QUERY",
      `The selected field '${field.name}' in the subquery and the left operand field in the where expression in the outer query '${outer.name}' should point to the same object type`,
    );

  const found = new Set<Value>(rows.map((row) => field.read(row, context.world)).filter((id) => id !== null));
  return operator === "IN" ? (row) => found.has(outer.read(row)) : (row) => !found.has(outer.read(row));
};

const compileInner = (context: QueryContext, query: Query) => {
  const name = query.from.path.join(".");
  if (NOT_IN_SEMI_JOINS.has(name.toLowerCase()))
    throw reject("MALFORMED_QUERY", `Entity '${name}' is not supported for semi join inner selects`);
  const object = visibleObject(context.org, context.session, name);
  if (!object) throw unknownObject(context, query);
  if (query.orderBy || query.limit || query.offset || query.groupBy || query.tails.length > 0)
    throw reject(
      "MALFORMED_QUERY",
      "ORDER BY, LIMIT, OFFSET, GROUP BY and FOR are not supported in semi join sub-selects",
    );
  const source = sourceOf(object, query);
  const field = innerField(context, source, query.select);
  const test = compileWhere(context, source, query, { semiJoins: "refused" });
  return { object, field, rows: rowsOf(object, context.world, context.all).filter(test) };
};

const innerField = (context: QueryContext, source: Source, select: readonly SelectItem[]): Field<object> => {
  const [item, ...more] = select;
  if (more.length > 0 || item?.kind !== "selectExpression" || item.expression.kind !== "field")
    throw reject("MALFORMED_QUERY", "Semi join sub-selects must select exactly one field");
  const path = resolvePath(context, source, item.expression);
  if (path.hops.length > 0)
    throw reject(
      "MALFORMED_QUERY",
      `The inner select field '${path.name}' cannot have more than one level of relationships`,
    );
  if (!isReference(path.field))
    throw reject(
      "MALFORMED_QUERY",
      `The inner select field '${path.name}' should be an id or reference field`,
    );
  return path.field;
};

const isReference = ({ type }: Field<object>) => type === "id" || type === "reference";

const targetsOf = (object: SObject, field: Field<object>): readonly string[] =>
  field.type === "id" ? [object.name] : field.referenceTo;

export const unknownObject = (context: QueryContext, { from }: Query) => {
  const name = from.path.join(".");
  return rejectAt(
    context,
    "INVALID_TYPE",
    from.span,
    `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
};
