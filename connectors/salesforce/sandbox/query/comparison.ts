/**
 * One comparison with literals, as a test of a value. `undefined` is SQL's unknown: only the orderings
 * give it for null. Equality is two-valued, so `!=` and NOT IN keep rows whose field is empty.
 */
import type { Comparison, Literal, StringLiteral } from "../../soql/ast.ts";
import { DAY, dateOfDay } from "../calendar.ts";
import { toId18 } from "../ids.ts";
import type { FieldType } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";
import { rangeOf } from "./relative-date.ts";

export type Truth = boolean | undefined;
export type Test = (value: Value) => Truth;

/** What stands left of the operator. */
export interface Operand {
  readonly type: FieldType;
  /** As messages name it. */
  readonly name: string;
}

type Ordering = "=" | "!=" | "<" | "<=" | ">" | ">=";

export const compileComparison = (context: QueryContext, operand: Operand, comparison: Comparison): Test => {
  const { operator, right } = comparison;
  switch (operator) {
    case "LIKE":
      return like(context, operand, right, comparison);
    case "INCLUDES":
    case "EXCLUDES": {
      if (operand.type !== "multipicklist" || right.kind !== "list")
        throw badOperator(context, operand, comparison);
      const test = includes(context, operand, right.members);
      return operator === "INCLUDES" ? test : (value) => !test(value);
    }
    case "IN":
    case "NOT IN": {
      if (right.kind !== "list") throw badOperator(context, operand, comparison);
      const test = among(context, operand, right.members);
      return operator === "IN" ? test : (value) => !test(value);
    }
    default: {
      const unordered = operand.type === "boolean" || operand.type === "multipicklist";
      if (unordered && operator !== "=" && operator !== "!=") throw badOperator(context, operand, comparison);
      return ordering(context, operand, operator, right);
    }
  }
};

/** Every literal is a range of one comparable kind: a single value, or the days of a date literal. */
interface Range {
  readonly from: string | number | boolean | null;
  /** Exclusive; absent: a single value. */
  readonly before?: string | number;
}

const ordering = (context: QueryContext, operand: Operand, operator: Ordering, literal: Literal): Test => {
  const { from, before } = rangeOfLiteral(context, operand, literal);
  const key = comparable(operand.type);
  const within = (value: Value) => {
    const at = key(value);
    if (before === undefined || at === null || from === null) return at === from;
    return at >= from && at < before;
  };
  const ordered =
    (test: (at: string | number | boolean) => boolean): Test =>
    (value) => {
      const at = key(value);
      return at === null || from === null ? undefined : test(at);
    };
  switch (operator) {
    case "=":
      return within;
    case "!=":
      return (value) => !within(value);
    case "<":
      return ordered((at) => at < from!);
    case ">=":
      return ordered((at) => at >= from!);
    case "<=":
      return ordered((at) => (before === undefined ? at <= from! : at < before));
    case ">":
      return ordered((at) => (before === undefined ? at > from! : at >= before));
  }
};

const among = (
  context: QueryContext,
  operand: Operand,
  members: readonly Literal[],
): ((value: Value) => boolean) => {
  const ranges = members.map((member) => rangeOfLiteral(context, operand, member));
  const key = comparable(operand.type);
  const single = new Set(ranges.filter(({ before }) => before === undefined).map(({ from }) => from));
  const wide = ranges.filter(({ before }) => before !== undefined);
  return (value) => {
    const at = key(value);
    return single.has(at) || (at !== null && wide.some(({ from, before }) => at >= from! && at < before!));
  };
};

/** `('A;B', 'C')`: A and B together, or C. */
const includes = (
  context: QueryContext,
  operand: Operand,
  members: readonly Literal[],
): ((value: Value) => boolean) => {
  const wanted = members.map((member) => chosen(rangeOfLiteral(context, operand, member).from));
  return (value) => {
    const has = new Set(chosen(value));
    return wanted.some((all) => all.length > 0 && all.every((one) => has.has(one)));
  };
};

const chosen = (value: Value): readonly string[] =>
  value === null ? [] : String(value).toLowerCase().split(";").filter(Boolean).sort();

const like = (context: QueryContext, operand: Operand, right: Comparison["right"], at: Comparison): Test => {
  if (!TEXT.has(operand.type) || right.kind !== "string") throw badOperator(context, operand, at);
  const pattern = likePattern(right);
  return (value) => value !== null && pattern.test(String(value));
};

/** `%` any text, `_` one character; escaped ones and everything else stand for themselves. */
const likePattern = ({ value }: StringLiteral): RegExp => {
  const source = value.replace(/\\[%_\\]|[%_]|[\\^$.*+?()[\]{}|/]/g, (match) => {
    if (match === "%") return "[^]*";
    if (match === "_") return "[^]";
    const character = match.at(-1)!;
    return /[%_]/.test(character) ? character : `\\${character}`;
  });
  return new RegExp(`^${source}$`, "iu");
};

const TEXT: ReadonlySet<FieldType> = new Set(["string", "textarea", "picklist", "email", "phone", "url"]);

/** Text compares without regard to case, ids in their 18-character form; the empty string is null. */
const comparable = (type: FieldType): ((value: Value) => Value) => {
  if (type === "multipicklist") return (value) => chosen(value).join(";") || null;
  if (TEXT.has(type)) return (value) => (value === null ? null : String(value).toLowerCase());
  if (type === "boolean") return (value) => value === true;
  return (value) => value;
};

const rangeOfLiteral = (context: QueryContext, operand: Operand, literal: Literal): Range => {
  const { type } = operand;
  if (literal.kind === "null") return { from: type === "boolean" ? false : null };
  switch (type) {
    case "id":
    case "reference": {
      if (literal.kind !== "string") throw wrongType(operand);
      if (literal.value === "") return { from: null };
      const id = toId18(literal.value);
      if (id === undefined)
        throw rejectAt(
          context,
          "INVALID_QUERY_FILTER_OPERATOR",
          literal.span,
          `invalid ID field: ${literal.value}`,
        );
      return { from: id };
    }
    case "boolean":
      if (literal.kind !== "boolean") throw wrongType(operand);
      return { from: literal.value };
    case "int":
    case "double":
    case "currency":
    case "percent":
      if (literal.kind !== "number" && literal.kind !== "currency") throw wrongType(operand);
      return { from: literal.value };
    case "date": {
      if (literal.kind === "date") return { from: literal.value };
      if (literal.kind !== "relativeDate") throw wrongType(operand);
      const { start, end } = rangeOf(literal, context.world.now());
      return { from: dateOfDay(start), before: dateOfDay(end) };
    }
    case "datetime": {
      if (literal.kind === "dateTime") return { from: literal.value };
      if (literal.kind !== "relativeDate") throw wrongType(operand);
      const { start, end } = rangeOf(literal, context.world.now());
      return { from: start * DAY, before: end * DAY };
    }
    default: {
      if (literal.kind !== "string") throw wrongType(operand);
      return { from: comparable(type)(literal.value === "" ? null : literal.value) };
    }
  }
};

const TYPE_NAMES: Partial<Record<FieldType, string>> = {
  id: "ID",
  reference: "ID",
  datetime: "dateTime",
  date: "date",
  boolean: "boolean",
  int: "int",
  double: "double",
  currency: "double",
  percent: "double",
};

const wrongType = ({ name, type }: Operand) => {
  const quoted = TEXT.has(type) || type === "multipicklist" || type === "id" || type === "reference";
  return reject(
    "INVALID_FIELD",
    `Value of filter criterion for field '${name}' must be of type ${TYPE_NAMES[type] ?? "string"} and should ${
      quoted ? "" : "not "
    }be enclosed in quotes`,
  );
};

const badOperator = (context: QueryContext, { type, name }: Operand, at: Comparison) =>
  rejectAt(
    context,
    "INVALID_QUERY_FILTER_OPERATOR",
    at.left.span,
    `${at.operator.toLowerCase()} operator not valid on field '${name}' of type ${TYPE_NAMES[type] ?? type}`,
  );
