import type { Expression, Query } from "./ast.ts";
import { SoqlError } from "./errors.ts";
import { AGGREGATES } from "./policy.ts";

/**
 * What a query answers with: `rows` of records, `groups` (GROUP BY), one row of ungrouped
 * `aggregate`s, or the bare number of `SELECT COUNT()`.
 */
export type QueryShape = "rows" | "groups" | "aggregate" | "count";

const isBareCount = (expression: Expression) =>
  expression.kind === "function" &&
  expression.args.length === 0 &&
  expression.name.text.toUpperCase() === "COUNT";

/** Whether the expression aggregates, at any depth: `FORMAT(SUM(Amount))` does. */
function aggregates(expression: Expression): boolean {
  if (expression.kind === "field") return false;
  if (AGGREGATES.has(expression.name.text.toLowerCase())) return true;
  return expression.args.some(
    (argument) => (argument.kind === "field" || argument.kind === "function") && aggregates(argument),
  );
}

export function shapeOf(query: Query): QueryShape {
  const expressions = query.select.flatMap((item) =>
    item.kind === "selectExpression" ? [item.expression] : [],
  );
  if (expressions.some(isBareCount)) return "count";
  if (query.groupBy) return "groups";
  return expressions.some(aggregates) ? "aggregate" : "rows";
}

/**
 * Refuses field lists and clauses that Salesforce refuses because of what they aggregate: the model
 * learns here, in words, what to write instead.
 *
 * @throws SoqlError AGG_NO_GROUP, AGG_LIMIT, SYNTAX
 */
export function checkShape(query: Query): void {
  const shape = shapeOf(query);
  for (const item of query.select) {
    if (
      item.kind === "selectExpression" &&
      item.expression.kind === "field" &&
      item.alias &&
      !query.groupBy
    ) {
      const message = `Put a comma before ${item.alias.text}: only functions, and fields of GROUP BY queries, have an alias`;
      throw new SoqlError("SYNTAX", message, item.alias.span);
    }
    const plain = item.kind !== "selectExpression" || !aggregates(item.expression);
    if (plain && !query.groupBy && (shape === "aggregate" || shape === "count")) {
      const message =
        "Beside an aggregate function a plain field needs GROUP BY; add GROUP BY or leave the field out";
      throw new SoqlError("AGG_NO_GROUP", message, item.span);
    }
  }
  if (shape === "count" && (query.select.length > 1 || query.groupBy || query.orderBy)) {
    const message =
      "COUNT() stands alone, without GROUP BY and ORDER BY; write COUNT(Id) beside other expressions";
    throw new SoqlError("SYNTAX", message, query.select[0]!.span);
  }
  if (shape === "aggregate" && query.limit) {
    const message = "Aggregates without GROUP BY answer with one row and take no LIMIT; leave LIMIT out";
    throw new SoqlError("AGG_LIMIT", message, query.limit.span);
  }
}
