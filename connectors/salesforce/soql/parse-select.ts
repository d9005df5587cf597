import type {
  ChildQuery,
  FieldPath,
  FieldsFunction,
  Name,
  Query,
  SelectItem,
  TypeOf,
  TypeOfBranch,
} from "./ast.ts";
import { parseExpression, parseName, parsePath } from "./parse-expression.ts";
import type { Reader } from "./reader.ts";

/** Reads the SELECT of a child query. */
type ParseChild = (reader: Reader) => Query;

/** What stands between SELECT and FROM. */
export function parseSelectList(reader: Reader, child: ParseChild): SelectItem[] {
  const items: SelectItem[] = [];
  do items.push(parseSelectItem(reader, child));
  while (reader.takeSymbol(","));
  return items;
}

function parseSelectItem(reader: Reader, child: ParseChild): SelectItem {
  if (reader.isSymbol("(")) return parseChildQuery(reader, child);
  if (reader.isKeyword("TYPEOF") && reader.peek(1).type === "word") return parseTypeOf(reader);
  reader.countField(reader.peek());
  if (reader.isKeyword("FIELDS") && reader.isSymbol("(", 1)) return parseFields(reader);
  const expression = parseExpression(reader, "a field");
  const alias = parseAlias(reader);
  const span = { start: expression.span.start, end: reader.end };
  return { kind: "selectExpression", expression, ...(alias && { alias }), span };
}

function parseAlias(reader: Reader): Name | undefined {
  if (reader.takeKeyword("AS")) return parseName(reader, "an alias after AS");
  if (reader.peek().type !== "word" || reader.isKeyword("FROM")) return undefined;
  return parseName(reader, "a comma, an alias or FROM");
}

function parseChildQuery(reader: Reader, child: ParseChild): ChildQuery {
  const opening = reader.take();
  if (!reader.isKeyword("SELECT")) throw reader.unexpected("SELECT in the parentheses of the field list");
  const query = reader.subquery(opening, "child", () => child(reader));
  reader.expectSymbol(")", "after the child query");
  return { kind: "childQuery", query, span: { start: opening.start, end: reader.end } };
}

function parseFields(reader: Reader): FieldsFunction {
  const { start } = reader.take();
  reader.take();
  const which = reader.takeOneOf(["ALL", "CUSTOM", "STANDARD"] as const);
  if (which === undefined) throw reader.unexpected("FIELDS(STANDARD)");
  reader.expectSymbol(")", `after FIELDS(${which}`);
  const node: FieldsFunction = { kind: "fields", which, span: { start, end: reader.end } };
  reader.watch.fieldsFunction?.(node);
  return node;
}

function parseTypeOf(reader: Reader): TypeOf {
  const { start } = reader.take();
  const relationship = parsePath(reader, "a relationship after TYPEOF");
  const branches: TypeOfBranch[] = [];
  while (reader.isKeyword("WHEN")) branches.push(parseBranch(reader));
  if (branches.length === 0) throw reader.unexpected("WHEN after the relationship of TYPEOF");
  const otherwise = reader.takeKeyword("ELSE") ? parseFieldList(reader) : undefined;
  if (!reader.takeKeyword("END")) throw reader.unexpected("END after TYPEOF");
  const span = { start, end: reader.end };
  return { kind: "typeof", relationship, branches, ...(otherwise && { otherwise }), span };
}

function parseBranch(reader: Reader): TypeOfBranch {
  const { start } = reader.take();
  const object = parseName(reader, "an object after WHEN");
  if (!reader.takeKeyword("THEN")) throw reader.unexpected("THEN after the object");
  return { object, fields: parseFieldList(reader), span: { start, end: reader.end } };
}

function parseFieldList(reader: Reader): FieldPath[] {
  const fields: FieldPath[] = [];
  do {
    const field = parsePath(reader, "a field");
    reader.countField(field.span);
    fields.push(field);
  } while (reader.takeSymbol(","));
  return fields;
}
