import type {
  ChildQuery,
  Comparison,
  Condition,
  Expression,
  FieldPath,
  FromItem,
  FunctionArgument,
  Literal,
  OrderItem,
  Query,
  SelectItem,
  Subquery,
  Tail,
  TypeOf,
} from "./ast.ts";

/**
 * The canonical text of a query: keywords, TRUE, FALSE, NULL and date literals in upper case; names
 * and function names as typed; one space between tokens and none inside parentheses; `, ` in every
 * list; string and number literals as written; a NOT beside AND or OR, or behind another NOT, in
 * parentheses of its own, without which Salesforce does not read it (SOQL reference, "Logical
 * Operators"). `print(parse(print(q))) === print(q)`.
 */
export function print(query: Query): string {
  const { scope, where, with: withClause, groupBy, having, orderBy, limit, offset } = query;
  const clauses = [
    `SELECT ${list(query.select, printSelectItem)}`,
    `FROM ${list([query.from, ...query.alsoFrom], printFrom)}`,
    scope && `USING SCOPE ${scope.name.text}`,
    where && `WHERE ${printCondition(where)}`,
    withClause && `WITH ${withClause.text}`,
    groupBy && `GROUP BY ${printGrouping(groupBy.form, list(groupBy.by, printExpression))}`,
    having && `HAVING ${printCondition(having)}`,
    orderBy && `ORDER BY ${list(orderBy, printOrder)}`,
    limit && `LIMIT ${limit.value}`,
    offset && `OFFSET ${offset.value}`,
    ...query.tails.map(printTail),
  ];
  return clauses.filter((clause) => clause !== undefined).join(" ");
}

const list = <T>(items: readonly T[], one: (item: T) => string) => items.map(one).join(", ");
const inParentheses = (node: ChildQuery | Subquery) => `(${print(node.query)})`;
const printPath = (path: FieldPath) => path.parts.join(".");

function printSelectItem(item: SelectItem): string {
  switch (item.kind) {
    case "childQuery":
      return inParentheses(item);
    case "fields":
      return `FIELDS(${item.which})`;
    case "typeof":
      return printTypeOf(item);
    case "selectExpression": {
      const expression = printExpression(item.expression);
      return item.alias ? `${expression} ${item.alias.text}` : expression;
    }
  }
}

function printTypeOf({ relationship, branches, otherwise }: TypeOf): string {
  const whens = branches.map(({ object, fields }) => `WHEN ${object.text} THEN ${list(fields, printPath)}`);
  const last = otherwise ? [`ELSE ${list(otherwise, printPath)}`] : [];
  return ["TYPEOF", printPath(relationship), ...whens, ...last, "END"].join(" ");
}

/** An expression as it is written: also the name under which people know a column. */
export const printExpression = (expression: Expression): string =>
  expression.kind === "field"
    ? printPath(expression)
    : `${expression.name.text}(${list(expression.args, printArgument)})`;

const printArgument = (argument: FunctionArgument) =>
  argument.kind === "string" || argument.kind === "number" ? argument.raw : printExpression(argument);

const printFrom = ({ path, alias }: FromItem) => (alias ? `${path.join(".")} ${alias.text}` : path.join("."));
const printGrouping = (form: "list" | "ROLLUP" | "CUBE", by: string) =>
  form === "list" ? by : `${form}(${by})`;

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case "logical":
      return condition.conditions.map(printOperand).join(` ${condition.operator} `);
    case "not":
      return `NOT ${printOperand(condition.condition)}`;
    case "group":
      return `(${printCondition(condition.condition)})`;
    case "comparison":
      return `${printExpression(condition.left)} ${condition.operator} ${printRight(condition.right)}`;
  }
}

const printOperand = (condition: Condition): string =>
  condition.kind === "not" ? `(${printCondition(condition)})` : printCondition(condition);

function printRight(right: Comparison["right"]): string {
  if (right.kind === "subquery") return inParentheses(right);
  return right.kind === "list" ? `(${list(right.members, printLiteral)})` : printLiteral(right);
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case "null":
      return "NULL";
    case "boolean":
      return literal.value ? "TRUE" : "FALSE";
    case "date":
      return literal.value;
    case "relativeDate":
      return literal.n === undefined ? literal.name : `${literal.name}:${literal.n}`;
    default:
      return literal.raw;
  }
}

function printOrder({ by, direction, nulls }: OrderItem): string {
  const expression = printExpression(by);
  const ordered = direction ? `${expression} ${direction}` : expression;
  return nulls ? `${ordered} NULLS ${nulls}` : ordered;
}

const printTail = ({ clause, options }: Tail) => (options === undefined ? clause : `${clause} (${options})`);
