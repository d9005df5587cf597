/**
 * What a query says, in one form for our tree and for jetstream's, so that they can be compared. Names
 * and keywords are in lower case; of string literals nothing is changed.
 */
import type * as jetstream from "@jetstreamapp/soql-parser-js";
import { parseQuery } from "@jetstreamapp/soql-parser-js";
import type {
  Comparison,
  Condition,
  Expression,
  Literal,
  Query,
  SelectItem,
} from "../../../../connectors/salesforce/soql/ast.ts";
import { printExpression } from "../../../../connectors/salesforce/soql/print.ts";

export interface Outline {
  readonly from: string;
  readonly fields: readonly Said[];
  readonly scope?: string;
  /** Parentheses, NOT, AND, OR and comparisons in the order written. */
  readonly where: readonly Said[];
  /** Of other WITH clauses ours reads only that they are there. */
  readonly with?: string;
  readonly groupBy: readonly string[];
  readonly having: readonly Said[];
  readonly orderBy: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
}
/** Words, or what is said about a query inside the query. */
export type Said = string | { readonly about: string; readonly query: Outline };

const lower = (text: string) =>
  text.replace(/'(?:[^'\\]|\\.)*'|[^']+/gs, (part) => (part.startsWith("'") ? part : part.toLowerCase()));
const words = (...parts: readonly (string | undefined)[]) => lower(parts.filter(Boolean).join(" "));
const given = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };

// --- ours ------------------------------------------------------------------------------------------

export const ourOutline = (query: Query): Outline => ({
  from: words(query.from.path.join("."), query.from.alias?.text),
  fields: query.select.map(ourItem),
  ...given("scope", query.scope && words(query.scope.name.text)),
  where: query.where ? ourCondition(query.where) : [],
  ...given("with", query.with?.mode === "other" ? undefined : query.with && words(query.with.text)),
  groupBy: ourGroups(query),
  having: query.having ? ourCondition(query.having) : [],
  orderBy: (query.orderBy ?? []).map(({ by, direction, nulls }) =>
    words(printExpression(by), direction, nulls && `nulls ${nulls}`),
  ),
  ...given("limit", query.limit?.value),
  ...given("offset", query.offset?.value),
});

const ourItem = (item: SelectItem): Said => {
  switch (item.kind) {
    case "childQuery":
      return { about: "children", query: ourOutline(item.query) };
    case "fields":
      return words(`fields(${item.which})`);
    case "selectExpression":
      return words(printExpression(item.expression), item.alias?.text);
    case "typeof": {
      const list = (fields: readonly Expression[]) => fields.map(printExpression).join(", ");
      const branches = item.branches.map(({ object, fields }) => `when ${object.text} then ${list(fields)}`);
      const last = item.otherwise && `else ${list(item.otherwise)}`;
      return words("typeof", printExpression(item.relationship), ...branches, last);
    }
  }
};

const ourCondition = (condition: Condition): Said[] => {
  switch (condition.kind) {
    case "logical":
      return condition.conditions.flatMap((one, index) => [
        ...(index === 0 ? [] : [lower(condition.operator)]),
        ...ourCondition(one),
      ]);
    case "not":
      return ["not", ...ourCondition(condition.condition)];
    case "group":
      return ["(", ...ourCondition(condition.condition), ")"];
    case "comparison":
      return [ourComparison(condition)];
  }
};

const ourComparison = ({ left, operator, right }: Comparison): Said => {
  const about = words(printExpression(left), operator);
  if (right.kind === "subquery") return { about, query: ourOutline(right.query) };
  if (right.kind === "list") return words(about, `(${right.members.map(ourLiteral).join(", ")})`);
  return words(about, ourLiteral(right));
};

const ourLiteral = (literal: Literal): string => {
  switch (literal.kind) {
    case "null":
      return "null";
    case "boolean":
    case "date":
      return String(literal.value);
    case "relativeDate":
      return literal.n === undefined ? literal.name : `${literal.name}:${literal.n}`;
    default:
      return literal.raw;
  }
};

const ourGroups = ({ groupBy }: Query): string[] => {
  if (!groupBy) return [];
  const by = groupBy.by.map((one) => lower(printExpression(one)));
  return groupBy.form === "list" ? by : [`${lower(groupBy.form)}(${by.join(", ")})`];
};

// --- jetstream's -----------------------------------------------------------------------------------

/**
 * What jetstream reads in a text it accepts. Undefined where it lost a NOT on the way, with what the NOT
 * stood before: three of them inside one another, or one beside AND or OR in HAVING.
 */
export const judgedOutline = (text: string): Outline | undefined => {
  const outline = theirOutline(parseQuery(text));
  const bare = text.replace(/'(?:[^'\\]|\\.)*'/gs, "''");
  const written = bare.match(/\bNOT\b(?!\s+IN\b)/gi)?.length ?? 0;
  return nots(outline) === written ? outline : undefined;
};

const nots = ({ fields, where, having }: Outline): number =>
  [...fields, ...where, ...having].reduce(
    (sum, said) => sum + (typeof said === "string" ? Number(said === "not") : nots(said.query)),
    0,
  );

type TheirQuery = jetstream.Query | jetstream.Subquery;
type TheirCondition = NonNullable<jetstream.WhereClause | jetstream.HavingClause>;
type TheirCall = Pick<jetstream.FunctionExp, "functionName" | "parameters">;

const theirOutline = (query: TheirQuery): Outline => ({
  from: words(
    "relationshipName" in query
      ? [...(query.sObjectPrefix ?? []), query.relationshipName].join(".")
      : query.sObject,
    query.sObjectAlias,
  ),
  fields: (query.fields ?? []).map(theirField),
  ...given("scope", query.usingScope && lower(query.usingScope)),
  where: theirCondition(query.where),
  ...given(
    "with",
    query.withSecurityEnforced ? "security_enforced" : query.withAccessLevel && lower(query.withAccessLevel),
  ),
  groupBy: list(query.groupBy).map((one) => lower("fn" in one ? call(one.fn) : one.field)),
  having: theirCondition(query.having),
  orderBy: list(query.orderBy).map((one) =>
    words("fn" in one ? call(one.fn) : one.field, one.order, one.nulls && `nulls ${one.nulls}`),
  ),
  ...given("limit", query.limit),
  ...given("offset", query.offset),
});

const list = <T>(items: T | T[] | undefined): T[] =>
  items === undefined ? [] : Array.isArray(items) ? items : [items];

const call = ({ functionName, parameters = [] }: TheirCall): string =>
  `${functionName}(${parameters.map((one) => (typeof one === "string" ? one : call(one))).join(", ")})`;

const theirField = (field: jetstream.FieldType): Said => {
  const prefix = "objectPrefix" in field ? [field.objectPrefix] : [];
  switch (field.type) {
    case "Field":
      return words([...prefix, field.field].join("."), field.alias);
    case "FieldRelationship":
      return words(
        [...prefix, ...field.relationships, field.field].join("."),
        "alias" in field ? field.alias : undefined,
      );
    case "FieldFunctionExpression":
      return words(call(field), field.alias);
    case "FieldSubquery":
      return { about: "children", query: theirOutline(field.subquery) };
    case "FieldTypeof":
      return words(
        "typeof",
        field.field,
        ...field.conditions.map(({ type, objectType, fieldList }) =>
          [type, ...(objectType ? [objectType, "then"] : []), fieldList.join(", ")].join(" "),
        ),
      );
  }
};

const repeated = (mark: string, times = 0) => Array<string>(times).fill(mark);

const theirCondition = (clause: TheirCondition | undefined): Said[] => {
  if (!clause) return [];
  const left = clause.left as (jetstream.ConditionWithValueQuery & jetstream.OptionalParentheses) | null;
  const opening = repeated("(", left?.openParen);
  const comparison = left && "operator" in left ? theirComparison(left) : [];
  if (!("operator" in clause)) return [...opening, ...comparison];
  return [...opening, ...comparison, lower(clause.operator), ...theirCondition(clause.right)];
};

type Compared = Extract<jetstream.ConditionWithValueQuery, { operator: unknown }> &
  jetstream.OptionalParentheses;

const theirComparison = (condition: Compared): Said[] => {
  const subject = "fn" in condition ? call(condition.fn as TheirCall) : condition.field;
  const about = words(subject, condition.operator === ("<>" as string) ? "!=" : condition.operator);
  const closing = repeated(")", condition.closeParen);
  if ("valueQuery" in condition) return [{ about, query: theirOutline(condition.valueQuery) }, ...closing];
  const { value } = condition;
  return [words(about, Array.isArray(value) ? `(${value.join(", ")})` : value), ...closing];
};

// --- meaning ---------------------------------------------------------------------------------------

/** The outline without what hardening may change: LIMIT, WITH, and parentheses that change nothing. */
export const meaning = ({ limit: _, with: __, ...outline }: Outline): unknown => ({
  ...outline,
  fields: outline.fields.map(inside),
  where: nested(outline.where),
  having: nested(outline.having),
});

const inside = (said: Said): unknown =>
  typeof said === "string" ? said : { about: said.about, query: meaning(said.query) };

/** `a and ( ( not b ) )` as `["and", a, ["not", b]]`. */
const nested = (flat: readonly Said[]): unknown => {
  let at = 0;
  const term = (): unknown => {
    const next = flat[at++]!;
    if (next === "not") return ["not", term()];
    if (next !== "(") return inside(next);
    const grouped = chain();
    at++;
    return grouped;
  };
  const chain = (): unknown => {
    const parts = [term()];
    const operator = flat[at];
    while (at < flat.length && flat[at] !== ")") {
      at++;
      parts.push(term());
    }
    return parts.length === 1 ? parts[0] : [operator, ...parts];
  };
  return flat.length === 0 ? [] : chain();
};
