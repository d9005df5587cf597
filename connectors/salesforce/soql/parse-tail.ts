import type { Tail, WithClause } from "./ast.ts";
import type { QueryRole, Reader } from "./reader.ts";

const MODES = ["SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"] as const;

/** `WITH …`, if it comes next. */
export function parseWith(reader: Reader, role: QueryRole): WithClause | undefined {
  const { start } = reader.peek();
  if (!reader.takeKeyword("WITH")) return undefined;
  const mode = reader.takeOneOf(MODES);
  if (mode === undefined && reader.peek().type !== "word") throw reader.unexpected("a word after WITH");
  const clause: WithClause = {
    kind: "with",
    mode: mode ?? "other",
    text: mode ?? "",
    span: { start, end: reader.peek().end },
  };
  reader.watch.with?.(clause, role);
  if (mode !== undefined) return { ...clause, span: { start, end: reader.end } };
  const text = takeTokens(reader);
  return { ...clause, text, span: { start, end: reader.end } };
}

/** The tokens up to the next clause or the closing parenthesis, one space between them. */
function takeTokens(reader: Reader): string {
  const taken: string[] = [];
  for (let open = 0; !(open === 0 && endsClause(reader)); ) {
    if (reader.peek().type === "end") throw reader.unexpected(") to close the parentheses after WITH");
    if (reader.isSymbol("(")) open++;
    else if (reader.isSymbol(")")) open--;
    taken.push(reader.take().text);
  }
  return taken.join(" ");
}

const endsClause = (reader: Reader) =>
  reader.peek().type === "end" ||
  reader.isSymbol(")") ||
  reader.isKeyword("GROUP", "BY") ||
  reader.isKeyword("ORDER", "BY") ||
  ["LIMIT", "OFFSET", "WITH"].some((word) => reader.isKeyword(word)) ||
  TAILS.some(([first, second]) => reader.isKeyword(first, second));

const TAILS = [
  ["FOR", "VIEW"],
  ["FOR", "REFERENCE"],
  ["FOR", "UPDATE"],
  ["UPDATE", "TRACKING"],
  ["UPDATE", "VIEWSTAT"],
  ["ALL", "ROWS"],
  ["SET", "OPTIONS"],
] as const;

/** What may follow OFFSET, as far as it goes. */
export function parseTails(reader: Reader): Tail[] {
  const tails: Tail[] = [];
  for (let tail = parseTail(reader); tail !== undefined; tail = parseTail(reader)) {
    reader.watch.tail?.(tail);
    if (tails.some(({ clause }) => clause === tail?.clause)) {
      throw reader.error("SYNTAX", `The query says ${tail.clause} twice; keep one`, tail.span);
    }
    tails.push(tail);
  }
  return tails;
}

function parseTail(reader: Reader): Tail | undefined {
  const { start } = reader.peek();
  const words = TAILS.find(([first, second]) => reader.takeKeyword(first, second));
  if (words === undefined) {
    if (reader.isKeyword("FOR") || reader.isKeyword("UPDATE")) {
      throw reader.unexpected(`the end of the query instead of ${reader.peek().keyword}`);
    }
    return undefined;
  }
  const clause = words.join(" ") as Tail["clause"];
  if (clause !== "SET OPTIONS") return { kind: "tail", clause, span: { start, end: reader.end } };
  reader.expectSymbol("(", "after SET OPTIONS");
  const options = takeTokens(reader);
  reader.expectSymbol(")", "after the options");
  return { kind: "tail", clause, options, span: { start, end: reader.end } };
}
