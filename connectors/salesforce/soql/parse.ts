import type { FromItem, GroupBy, Name, OrderItem, Query, RowNumber, Scope, Span } from "./ast.ts";
import { SoqlError } from "./errors.ts";
import { type ParseLimits, SALESFORCE_LIMITS } from "./limits.ts";
import { parseExpression, parseName } from "./parse-expression.ts";
import { parseSelectList } from "./parse-select.ts";
import { parseTails, parseWith } from "./parse-tail.ts";
import { parseCondition } from "./parse-where.ts";
import { type ParseWatch, type QueryRole, Reader } from "./reader.ts";
import { tokenize } from "./tokens.ts";

/**
 * Reads one SOQL query. Everything is checked from left to right and in linear time: length, Unicode,
 * blank, SOSL, one trailing semicolon (ignored), tokens, first word, grammar.
 *
 * @param text whatever a caller sent; spans in the tree are offsets into it
 * @param limits by default what Salesforce itself reads
 * @param watch sees each node as it is read, and may refuse it by throwing
 * @throws SoqlError
 */
export function parse(text: string, limits: ParseLimits = SALESFORCE_LIMITS, watch: ParseWatch = {}): Query {
  const span = statementSpan(text, limits);
  const reader = new Reader(tokenize(text, span, limits), limits, watch);
  if (!reader.isKeyword("SELECT")) {
    const message = "Only queries that begin with SELECT can be run; this tool changes nothing";
    throw reader.error("NOT_SELECT", message, reader.peek());
  }
  const query = parseQuery(reader, "main");
  if (reader.peek().type !== "end") throw leftOver(reader);
  return query;
}

/** The statement without blanks around it and without one trailing semicolon. */
function statementSpan(text: unknown, limits: ParseLimits): Span {
  const nowhere = { start: 0, end: 0 };
  if (typeof text !== "string") throw new SoqlError("NOT_A_STRING", "The query must be a string", nowhere);
  const all = { start: 0, end: text.length };
  if (text.length > limits.maxLength) {
    const message = `The query has ${text.length} characters, at most ${limits.maxLength} are read; split long IN lists over several queries`;
    throw new SoqlError("TOO_LONG", message, { start: limits.maxLength, end: text.length });
  }
  if (!text.isWellFormed()) {
    throw new SoqlError("BAD_UNICODE", "The query holds half a surrogate pair; send valid Unicode", all);
  }
  const start = text.length - text.trimStart().length;
  let end = text.trimEnd().length;
  if (end <= start) throw new SoqlError("EMPTY", "The query is empty; write SELECT … FROM …", all);
  if (/^FIND\b/i.test(text.slice(start, start + 5))) {
    const message = "This is SOSL; write a SOQL query with SELECT and a LIKE condition";
    throw new SoqlError("SOSL", message, { start, end: start + 4 });
  }
  if (text.charAt(end - 1) === ";") end = text.slice(0, end - 1).trimEnd().length;
  if (end <= start) throw new SoqlError("EMPTY", "The query is empty; write SELECT … FROM …", all);
  return { start, end };
}

function leftOver(reader: Reader): SoqlError {
  const token = reader.peek();
  if (token.type === "string" && token.start === reader.end) {
    return reader.error("TRAILING", "Write \\' for a quote inside a string literal, not two quotes", token);
  }
  const order = "FROM, USING SCOPE, WHERE, WITH, GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET";
  const message = `The query is complete before this; clauses come once each and in the order ${order}`;
  return reader.error("TRAILING", message, token);
}

/** One SELECT, up to the first token that cannot belong to it. */
function parseQuery(reader: Reader, role: QueryRole): Query {
  const { start } = reader.take();
  const semiJoin = (inner: Reader) => parseQuery(inner, "semiJoin");
  const select = parseSelectList(reader, (inner) => parseQuery(inner, "child"));
  if (!reader.takeKeyword("FROM")) throw reader.unexpected("a comma or FROM after the field list");
  const from = parseFrom(reader, role, true);
  const alsoFrom: FromItem[] = [];
  while (reader.takeSymbol(",")) alsoFrom.push(parseFrom(reader, role, false));
  const scope = parseScope(reader);
  const where = reader.takeKeyword("WHERE") ? parseCondition(reader, semiJoin) : undefined;
  const withClause = parseWith(reader, role);
  const groupBy = parseGroupBy(reader);
  const having = groupBy && reader.takeKeyword("HAVING") ? parseCondition(reader, semiJoin) : undefined;
  const orderBy = parseOrderBy(reader);
  const limit = parseRowNumber(reader, "limit");
  const offset = parseRowNumber(reader, "offset");
  if (offset) reader.watch.offset?.(offset, role);
  const tails = parseTails(reader);
  if (limit && reader.isKeyword("LIMIT")) {
    throw reader.error("SYNTAX", "The query has a second LIMIT; keep one", reader.peek());
  }
  const query: Query = {
    kind: "query",
    select,
    from,
    alsoFrom,
    ...(scope && { scope }),
    ...(where && { where }),
    ...(withClause && { with: withClause }),
    ...(groupBy && { groupBy }),
    ...(having && { having }),
    ...(orderBy && { orderBy }),
    ...(limit && { limit }),
    ...(offset && { offset }),
    tails,
    span: { start, end: reader.end },
  };
  reader.watch.query?.(query, role);
  return query;
}

function parseFrom(reader: Reader, role: QueryRole, first: boolean): FromItem {
  const { start } = reader.peek();
  const path = [parseName(reader, "the name of an object after FROM").text];
  while (reader.takeSymbol(".")) path.push(parseName(reader, "a name after the dot").text);
  const alias = parseFromAlias(reader);
  const item: FromItem = { kind: "from", path, ...(alias && { alias }), span: { start, end: reader.end } };
  reader.watch.from?.(item, role, first);
  return item;
}

/**
 * Words that continue the query after FROM, or that only mean something in such a clause. None of them
 * is an alias here, so that nothing we read as a name can be read as a clause by Salesforce.
 */
const NO_ALIAS = new Set([
  ...["USING", "SCOPE", "WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "ROWS", "OPTIONS"],
  ...["FOR", "VIEW", "REFERENCE", "UPDATE", "TRACKING", "VIEWSTAT", "AND", "OR", "NOT", "IN", "LIKE"],
  ...["ASC", "DESC", "NULLS", "FROM", "SELECT", "INCLUDES", "EXCLUDES"],
]);

function parseFromAlias(reader: Reader): Name | undefined {
  const announced = reader.takeKeyword("AS");
  const isAlias =
    reader.peek().type === "word" &&
    !NO_ALIAS.has(reader.peek().keyword) &&
    !reader.isKeyword("ALL", "ROWS") &&
    !reader.isKeyword("SET", "OPTIONS");
  if (announced && !isAlias) throw reader.unexpected("an alias after AS");
  return isAlias ? parseName(reader, "an alias or the next clause") : undefined;
}

function parseScope(reader: Reader): Scope | undefined {
  const { start } = reader.peek();
  if (!reader.takeKeyword("USING")) return undefined;
  if (!reader.takeKeyword("SCOPE")) throw reader.unexpected("SCOPE after USING");
  const scope: Scope = {
    kind: "scope",
    name: parseName(reader, "the name of a scope, such as mine"),
    span: { start, end: reader.end },
  };
  reader.watch.scope?.(scope);
  return scope;
}

function parseGroupBy(reader: Reader): GroupBy | undefined {
  const { start } = reader.peek();
  if (!reader.takeKeyword("GROUP")) return undefined;
  if (!reader.takeKeyword("BY")) throw reader.unexpected("BY after GROUP");
  const form = reader.isSymbol("(", 1) ? reader.takeOneOf(["ROLLUP", "CUBE"] as const) : undefined;
  if (form) reader.expectSymbol("(", `after ${form}`);
  const by = [];
  do by.push(parseExpression(reader, "a field to group by"));
  while (reader.takeSymbol(","));
  if (form) reader.expectSymbol(")", `to close ${form}`);
  return { kind: "groupBy", form: form ?? "list", by, span: { start, end: reader.end } };
}

function parseOrderBy(reader: Reader): OrderItem[] | undefined {
  if (!reader.takeKeyword("ORDER")) return undefined;
  if (!reader.takeKeyword("BY")) throw reader.unexpected("BY after ORDER");
  const items: OrderItem[] = [];
  do items.push(parseOrderItem(reader));
  while (reader.takeSymbol(","));
  return items;
}

function parseOrderItem(reader: Reader): OrderItem {
  const by = parseExpression(reader, "a field to order by");
  const direction = reader.takeOneOf(["ASC", "DESC"] as const);
  const nulls = parseNulls(reader);
  return {
    kind: "order",
    by,
    ...(direction && { direction }),
    ...(nulls && { nulls }),
    span: { start: by.span.start, end: reader.end },
  };
}

function parseNulls(reader: Reader): "FIRST" | "LAST" | undefined {
  if (!reader.takeKeyword("NULLS")) return undefined;
  const nulls = reader.takeOneOf(["FIRST", "LAST"] as const);
  if (nulls === undefined) throw reader.unexpected("FIRST or LAST after NULLS");
  return nulls;
}

function parseRowNumber(reader: Reader, kind: "limit" | "offset"): RowNumber | undefined {
  const keyword = kind === "limit" ? "LIMIT" : "OFFSET";
  const { start } = reader.peek();
  if (!reader.takeKeyword(keyword)) return undefined;
  const token = reader.peek();
  const cutOff =
    token.type === "end" || (token.type === "symbol" && (token.text === ":" || token.text === ")"));
  if (cutOff) throw reader.unexpected(`a number after ${keyword}`);
  if (token.type !== "number" || !/^[0-9]{1,9}$/.test(token.text)) {
    const code = kind === "limit" ? "BAD_LIMIT" : "BAD_OFFSET";
    throw reader.error(
      code,
      `${keyword} takes a plain number of at most 9 digits, such as ${keyword} 50`,
      token,
    );
  }
  reader.take();
  return { kind, value: Number(token.text), span: { start, end: token.end } };
}
