import type {
  Comparison,
  Condition,
  Expression,
  Literal,
  LiteralList,
  Logical,
  Query,
  ScalarComparison,
} from "./ast.ts";
import { parseExpression, parseNumber, parseString } from "./parse-expression.ts";
import type { Reader } from "./reader.ts";
import { COUNTED_RELATIVE_DATES, RELATIVE_DATES } from "./relative-dates.ts";
import { patternEscape } from "./string-literal.ts";
import { dateTimeMillis, isAmount } from "./tokens.ts";

/** Reads the SELECT inside a semi-join; undefined where none may stand (HAVING). */
export type ParseSubquery = (reader: Reader) => Query;

/** The condition of WHERE or HAVING. AND beside OR needs parentheses: nobody guesses what binds tighter. */
export function parseCondition(reader: Reader, subquery: ParseSubquery): Condition {
  const start = reader.peek().start;
  const first = parseTerm(reader, subquery);
  const operator = reader.takeOneOf(["AND", "OR"] as const);
  if (operator === undefined) return first;
  const conditions = [first];
  do conditions.push(parseTerm(reader, subquery));
  while (reader.takeKeyword(operator));
  if (reader.isKeyword(operator === "AND" ? "OR" : "AND")) {
    const message = "AND and OR side by side need parentheses, as in a = 1 AND (b = 2 OR c = 3)";
    throw reader.error("SYNTAX", message, reader.peek());
  }
  return { kind: "logical", operator, conditions, span: { start, end: reader.end } };
}

function parseTerm(reader: Reader, subquery: ParseSubquery): Exclude<Condition, Logical> {
  const opening = reader.peek();
  if (reader.takeKeyword("NOT")) {
    const condition = reader.nested(opening, () => parseTerm(reader, subquery));
    return { kind: "not", condition, span: { start: opening.start, end: reader.end } };
  }
  if (reader.takeSymbol("(")) {
    const condition = reader.nested(opening, () => parseCondition(reader, subquery));
    reader.expectSymbol(")", "after the condition");
    return { kind: "group", condition, span: { start: opening.start, end: reader.end } };
  }
  return parseComparison(reader, subquery);
}

function parseComparison(reader: Reader, subquery: ParseSubquery): Comparison {
  const left = parseExpression(reader, "a field to compare");
  const scalar = takeScalarOperator(reader);
  const spanFrom = () => ({ start: left.span.start, end: reader.end });
  if (scalar !== undefined) {
    const right = parseLiteral(reader);
    return { kind: "comparison", left, operator: scalar, right, span: spanFrom() };
  }
  if (reader.takeKeyword("LIKE")) {
    if (reader.peek().type !== "string") throw reader.unexpected("a pattern in single quotes after LIKE");
    const right = parseString(reader, true);
    return { kind: "comparison", left, operator: "LIKE", right, span: spanFrom() };
  }
  const operator = takeSetOperator(reader);
  if (operator === undefined) throw expectedOperator(reader, left);
  const start = reader.peek().start;
  reader.expectSymbol("(", `after ${operator}`);
  if (operator.endsWith("IN") && reader.isKeyword("SELECT")) {
    const query = reader.subquery(reader.peek(), "semiJoin", () => subquery(reader));
    reader.expectSymbol(")", "after the subquery");
    const right = { kind: "subquery", query, span: { start, end: reader.end } } as const;
    return { kind: "comparison", left, operator, right, span: spanFrom() };
  }
  const right = parseList(reader, start);
  return { kind: "comparison", left, operator, right, span: spanFrom() };
}

function takeScalarOperator(reader: Reader): ScalarComparison["operator"] | undefined {
  const token = reader.peek();
  if (token.type !== "symbol") return undefined;
  switch (token.text) {
    case "<>":
      reader.take();
      return "!=";
    case "=":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      reader.take();
      return token.text;
    default:
      return undefined;
  }
}

const takeSetOperator = (reader: Reader) =>
  reader.takeKeyword("NOT", "IN")
    ? ("NOT IN" as const)
    : reader.takeOneOf(["IN", "INCLUDES", "EXCLUDES"] as const);

function expectedOperator(reader: Reader, left: Expression) {
  const hint = reader.isKeyword("IS")
    ? "= NULL or != NULL instead of IS"
    : reader.isKeyword("BETWEEN")
      ? ">= and <= instead of BETWEEN"
      : reader.isKeyword("NOT", "LIKE")
        ? "NOT before the field, as in (NOT Name LIKE 'x%')"
        : "=, !=, <, <=, >, >=, LIKE, IN, NOT IN, INCLUDES or EXCLUDES";
  return reader.unexpected(`${hint} after the ${left.kind}`);
}

function parseList(reader: Reader, start: number): LiteralList {
  const members: Literal[] = [];
  do {
    if (members.length === reader.limits.maxInList) {
      const message = `A list may have at most ${reader.limits.maxInList} members; ask in several queries`;
      throw reader.error("TOO_COMPLEX", message, reader.peek());
    }
    members.push(parseLiteral(reader));
  } while (reader.takeSymbol(","));
  reader.expectSymbol(")", "after the list");
  return { kind: "list", members, span: { start, end: reader.end } };
}

function parseLiteral(reader: Reader): Literal {
  const token = reader.peek();
  const span = { start: token.start, end: token.end };
  switch (token.type) {
    case "string":
      return parsePlainString(reader);
    case "number":
      return parseNumber(reader);
    case "currency":
      return parseAmount(reader);
    case "date":
      reader.take();
      return { kind: "date", value: token.text, span };
    case "dateTime":
      reader.take();
      return { kind: "dateTime", raw: token.text, value: dateTimeMillis(token.text)!, span };
    case "word":
      return parseWordLiteral(reader);
    default:
      throw reader.unexpected("a value");
  }
}

function parsePlainString(reader: Reader): Literal {
  const { text, start } = reader.peek();
  const at = patternEscape(text);
  if (at >= 0) {
    const message = "\\% and \\_ exist only in the pattern of LIKE; write % and _ without a backslash";
    throw reader.error("BAD_ESCAPE", message, { start: start + at, end: start + at + 2 });
  }
  return parseString(reader, false);
}

function parseAmount(reader: Reader): Literal {
  const { text: raw, start, end } = reader.take();
  const currency = raw.slice(0, 3).toUpperCase();
  return { kind: "currency", currency, value: Number(raw.slice(3)), raw, span: { start, end } };
}

function parseWordLiteral(reader: Reader): Literal {
  const { text, keyword: word, start, end } = reader.peek();
  const span = { start, end };
  if (word === "NULL" || word === "TRUE" || word === "FALSE" || RELATIVE_DATES.has(word)) {
    reader.take();
    if (word === "NULL") return { kind: "null", span };
    if (word === "TRUE" || word === "FALSE") return { kind: "boolean", value: word === "TRUE", span };
    return { kind: "relativeDate", name: word, span };
  }
  if (COUNTED_RELATIVE_DATES.has(word)) return parseCountedDate(reader, word);
  if (isAmount(text)) return parseAmount(reader);
  throw reader.unexpected(
    "a value: text stands in single quotes, dates do not, and fields cannot be compared with fields",
  );
}

function parseCountedDate(reader: Reader, name: string): Literal {
  const { start } = reader.take();
  const n = reader.isSymbol(":") ? reader.peek(1) : undefined;
  if (n?.type !== "number" || !/^[0-9]{1,9}$/.test(n.text)) {
    throw reader.error("SYNTAX", `${name} needs a number, as in ${name}:30`, {
      start,
      end: reader.peek().end,
    });
  }
  reader.take();
  reader.take();
  return { kind: "relativeDate", name, n: Number(n.text), span: { start, end: reader.end } };
}
