import type {
  Expression,
  FieldPath,
  FunctionArgument,
  FunctionCall,
  Name,
  NumberLiteral,
  StringLiteral,
} from "./ast.ts";
import type { Reader } from "./reader.ts";
import { decodeString } from "./string-literal.ts";
import type { Token } from "./tokens.ts";

/** Words that are never a name by themselves; `Group` and `Order` are objects, so they are not among them. */
const RESERVED = new Set([
  ...["AND", "AS", "ASC", "DESC", "EXCLUDES", "FALSE", "FROM", "HAVING", "IN", "INCLUDES", "LIKE", "LIMIT"],
  ...["NOT", "NULL", "NULLS", "OFFSET", "OR", "SELECT", "TRUE", "USING", "WHERE", "WITH"],
]);

const isName = (token: Token) => token.type === "word" && !RESERVED.has(token.keyword);

/** One identifier. `what` completes "Expected …". */
export function parseName(reader: Reader, what: string): Name {
  if (!isName(reader.peek())) throw reader.unexpected(what);
  const { text, start, end } = reader.take();
  return { kind: "name", text, span: { start, end } };
}

/** `Amount`, `Account.Owner.Name` */
export function parsePath(reader: Reader, what: string): FieldPath {
  const start = reader.peek().start;
  const parts = [parseName(reader, what).text];
  const most = reader.limits.maxRelationshipLevels;
  while (reader.takeSymbol(".")) {
    parts.push(parseName(reader, "a name after the dot").text);
    if (parts.length - 1 > most) {
      const span = { start, end: reader.end };
      throw reader.error("TOO_DEEP", `A field may stand behind at most ${most} relationships`, span);
    }
  }
  return { kind: "field", parts, span: { start, end: reader.end } };
}

/** A field or a function call. */
export function parseExpression(reader: Reader, what: string): Expression {
  return reader.peek().type === "word" && reader.isSymbol("(", 1)
    ? parseFunction(reader)
    : parsePath(reader, what);
}

function parseFunction(reader: Reader): FunctionCall {
  const name = parseName(reader, "a function");
  reader.watch.functionName?.(name);
  const args = reader.nested(reader.take(), () => parseArguments(reader, name));
  return { kind: "function", name, args, span: { start: name.span.start, end: reader.end } };
}

function parseArguments(reader: Reader, { text }: Name): FunctionArgument[] {
  const args: FunctionArgument[] = [];
  if (text.toUpperCase() === "COUNT" && reader.takeSymbol(")")) return args;
  do args.push(parseArgument(reader));
  while (reader.takeSymbol(","));
  reader.expectSymbol(")", "after the arguments of the function");
  return args;
}

function parseArgument(reader: Reader): FunctionArgument {
  switch (reader.peek().type) {
    case "string":
      return parseString(reader, false);
    case "number":
      return parseNumber(reader);
    default:
      return parseExpression(reader, "a field as the argument of the function");
  }
}

export function parseString(reader: Reader, pattern: boolean): StringLiteral {
  const { text: raw, start, end } = reader.take();
  return { kind: "string", value: decodeString(raw, pattern), raw, span: { start, end } };
}

export function parseNumber(reader: Reader): NumberLiteral {
  const { text: raw, start, end } = reader.take();
  return { kind: "number", value: Number(raw), raw, span: { start, end } };
}
