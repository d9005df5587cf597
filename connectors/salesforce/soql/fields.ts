import type { Condition, FieldPath, FunctionArgument, Query } from "./ast.ts";
import { printExpression } from "./print.ts";

const inArgument = (node: FunctionArgument): FieldPath[] => {
  if (node.kind === "field") return [node];
  return node.kind === "function" ? node.args.flatMap(inArgument) : [];
};

function inCondition(condition: Condition): FieldPath[] {
  switch (condition.kind) {
    case "logical":
      return condition.conditions.flatMap(inCondition);
    case "not":
    case "group":
      return inCondition(condition.condition);
    case "comparison":
      return inArgument(condition.left);
  }
}

/** Every field path of one SELECT in the order of its clauses, except those of TYPEOF and of SELECTs inside it. */
export const fieldsNamed = (query: Query): FieldPath[] => [
  ...query.select.flatMap((item) => (item.kind === "selectExpression" ? inArgument(item.expression) : [])),
  ...(query.where ? inCondition(query.where) : []),
  ...(query.groupBy?.by ?? []).flatMap(inArgument),
  ...(query.having ? inCondition(query.having) : []),
  ...(query.orderBy ?? []).flatMap((item) => inArgument(item.by)),
];

/** Those paths as typed, and the ones of TYPEOF; without the names that are aliases of this SELECT. */
export function fieldNames(query: Query): string[] {
  const aliases = new Set<string>();
  const branches: FieldPath[] = [];
  for (const item of query.select) {
    if (item.kind === "selectExpression" && item.alias) aliases.add(item.alias.text.toLowerCase());
    if (item.kind === "typeof") branches.push(...item.branches.flatMap(({ fields }) => fields));
    if (item.kind === "typeof" && item.otherwise) branches.push(...item.otherwise);
  }
  return [...fieldsNamed(query), ...branches]
    .map(printExpression)
    .filter((name) => !aliases.has(name.toLowerCase()));
}
