import type { Span } from "./ast.ts";

/** Why a query is refused; the closed list. Each meaning stands once, here. */
export const SOQL_CODES = {
  NOT_A_STRING: "the query is not a string",
  TOO_LONG: "longer than the limit on characters",
  BAD_UNICODE: "a lone surrogate in the text",
  EMPTY: "empty or blank",
  SOSL: "begins with FIND",
  UNTERMINATED_STRING: "a string literal without closing quote",
  BAD_ESCAPE: "an escape that SOQL does not know",
  CONTROL_CHAR: "a control character",
  LITERAL_TOO_LONG: "a string literal longer than the limit",
  BAD_NUMBER: "begins like a number but is no number, date or dateTime",
  NON_ASCII: "a non-ASCII character outside a string literal",
  MULTIPLE_STATEMENTS: "more than one statement",
  COMMENT: "a comment mark outside a string literal",
  BAD_QUOTE: "a double quote or backtick",
  BAD_CHAR: "a character that SOQL does not know",
  NOT_SELECT: "does not begin with SELECT",
  SYNTAX: "a grammar error",
  TRAILING: "text left over after a complete query",
  BIND: "an Apex bind variable",
  BAD_LIMIT: "LIMIT is not a plain integer",
  BAD_OFFSET: "OFFSET out of range, not a plain integer, or in a subquery",
  TOO_DEEP: "nested too deeply",
  TOO_COMPLEX: "too many fields, child queries, list members or tokens",
  FIELDS_ALL: "FIELDS(ALL) or FIELDS(CUSTOM)",
  UNKNOWN_FUNCTION: "a function that is not allowed",
  MULTI_FROM: "more than one object in FROM",
  SCOPE: "a USING SCOPE that is not allowed",
  SYSTEM_MODE: "WITH SYSTEM_MODE",
  WITH_CLAUSE: "a WITH clause that is not allowed",
  SIDE_EFFECT: "a clause through which a read changes something",
  ALL_ROWS: "ALL ROWS",
  NOT_MERGEABLE: "too long for one request, and what its parts would answer cannot be merged",
  AGG_LIMIT: "LIMIT with an ungrouped aggregate",
  AGG_NO_GROUP: "a plain field beside an ungrouped aggregate",
  OBJECT_DENIED: "an object that may not be read",
  FIELD_DENIED: "a field that may not be read",
} as const;

export type SoqlCode = keyof typeof SOQL_CODES;

/**
 * A query that cannot be parsed, or that the policy refuses. The message is one sentence for the
 * author of the query, a model more often than a person, and says what to write instead.
 */
export class SoqlError extends Error {
  readonly code: SoqlCode;
  /** Where in the text that was given. */
  readonly span: Span;

  constructor(code: SoqlCode, message: string, span: Span) {
    super(`${message} (at character ${span.start + 1})`);
    this.name = "SoqlError";
    this.code = code;
    this.span = span;
  }
}
