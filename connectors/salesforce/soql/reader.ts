import type {
  FieldsFunction,
  FromItem,
  Name,
  Query,
  RowNumber,
  Scope,
  Span,
  Tail,
  WithClause,
} from "./ast.ts";
import { type SoqlCode, SoqlError } from "./errors.ts";
import type { ParseLimits } from "./limits.ts";
import type { Token } from "./tokens.ts";

/** Where a SELECT stands: the query itself, a child query in a field list, the inside of a semi-join. */
export type QueryRole = "main" | "child" | "semiJoin";

/**
 * Called by the parser with each node the moment it is read, so that whoever refuses (by throwing)
 * does so in the order of the text, grammar errors included: the first problem from the left is the
 * one reported.
 */
export interface ParseWatch {
  functionName?(name: Name): void;
  fieldsFunction?(node: FieldsFunction): void;
  /** `first` is false for the second and later objects of one FROM. */
  from?(item: FromItem, role: QueryRole, first: boolean): void;
  scope?(scope: Scope): void;
  /** Before the rest of an unusual WITH clause is read: only its beginning is known to be right. */
  with?(clause: WithClause, role: QueryRole): void;
  offset?(offset: RowNumber, role: QueryRole): void;
  tail?(tail: Tail): void;
  /** A SELECT is complete. */
  query?(query: Query, role: QueryRole): void;
}

/** The tokens not yet read, and what is counted while reading. One a parse; the only thing that changes. */
export class Reader {
  readonly limits: ParseLimits;
  readonly watch: ParseWatch;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #levels = 0;
  #fields = 0;
  #childQueries = 0;

  constructor(tokens: readonly Token[], limits: ParseLimits, watch: ParseWatch) {
    this.#tokens = tokens;
    this.limits = limits;
    this.watch = watch;
  }

  /** The token `ahead` places from here; past the last one, the last one (`end`). */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    if (token.type !== "end") this.#at++;
    return token;
  }

  /** The end of the last token read. */
  get end(): number {
    return this.#tokens[Math.max(0, this.#at - 1)]!.end;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.type === "symbol" && token.text === symbol;
  }

  takeSymbol(symbol: string): boolean {
    const found = this.isSymbol(symbol);
    if (found) this.#at++;
    return found;
  }

  expectSymbol(symbol: string, where: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected(`${symbol} ${where}`);
  }

  /** Whether the next words are these, in any case. */
  isKeyword(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.peek(ahead).keyword === word);
  }

  takeKeyword(...words: readonly string[]): boolean {
    const found = this.isKeyword(...words);
    if (found) this.#at += words.length;
    return found;
  }

  /** The first of these that comes next, read; undefined if none does. */
  takeOneOf<W extends string>(words: readonly W[]): W | undefined {
    return words.find((word) => this.takeKeyword(word));
  }

  /** A grammar error at the next token: says what was expected and what stands there. */
  unexpected(expected: string): SoqlError {
    const token = this.peek();
    if (token.type === "symbol" && token.text === ":") {
      return this.error("BIND", "Bind variables exist only in Apex; write the value itself", token);
    }
    const found = token.type === "end" ? "the query ends here" : `found ${excerpt(token)}`;
    return this.error("SYNTAX", `Expected ${expected}, but ${found}`, token);
  }

  error(code: SoqlCode, message: string, span: Span): SoqlError {
    return new SoqlError(code, message, { start: span.start, end: span.end });
  }

  /** Reads something that stands inside parentheses, NOT or a function; bounds how deep that goes. */
  nested<T>(opening: Span, read: () => T): T {
    if (++this.#depth > this.limits.maxDepth) {
      const message = `Parentheses, NOT and functions may stand at most ${this.limits.maxDepth} deep; simplify the query`;
      throw this.error("TOO_DEEP", message, opening);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  /** Reads a SELECT inside a SELECT. */
  subquery<T>(opening: Span, role: QueryRole, read: () => T): T {
    if (role === "child" && ++this.#childQueries > this.limits.maxChildQueries) {
      const message = `A query may have at most ${this.limits.maxChildQueries} child queries; ask for some of them separately`;
      throw this.error("TOO_COMPLEX", message, opening);
    }
    if (++this.#levels > this.limits.maxSubqueryLevels) {
      const message = `Subqueries may stand at most ${this.limits.maxSubqueryLevels} deep; ask in several queries`;
      throw this.error("TOO_DEEP", message, opening);
    }
    const result = read();
    this.#levels--;
    return result;
  }

  countField(field: Span): void {
    if (++this.#fields > this.limits.maxFields) {
      const message = `A query may name at most ${this.limits.maxFields} fields; select fewer`;
      throw this.error("TOO_COMPLEX", message, field);
    }
  }
}

const excerpt = (token: Token) => (token.text.length > 40 ? `${token.text.slice(0, 37)}...` : token.text);
