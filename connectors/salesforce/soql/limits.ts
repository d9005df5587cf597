/** How much of a query the parser reads before it gives up. All of them keep parsing linear and shallow. */
export interface ParseLimits {
  /** Characters of the statement. */
  readonly maxLength: number;
  readonly maxTokens: number;
  /** Characters between the quotes of one string literal, as written. */
  readonly maxLiteral: number;
  /** Parentheses, NOT and functions inside one another. */
  readonly maxDepth: number;
  /** Child queries and semi-joins inside one another. */
  readonly maxSubqueryLevels: number;
  /** Relationships before the field: `Account.Owner.Name` has two. */
  readonly maxRelationshipLevels: number;
  /** Members of all field lists together. */
  readonly maxFields: number;
  readonly maxChildQueries: number;
  /** Members of one IN list. */
  readonly maxInList: number;
}

/**
 * What Salesforce itself would read: the statement and literal lengths and the relationship levels
 * of the SOQL reference; the rest is only bounded by the length, except what would cost stack.
 */
export const SALESFORCE_LIMITS: ParseLimits = {
  maxLength: 100_000,
  maxTokens: 100_000,
  maxLiteral: 4_000,
  maxDepth: 100,
  maxSubqueryLevels: 5,
  maxRelationshipLevels: 5,
  maxFields: 100_000,
  maxChildQueries: 20,
  maxInList: 100_000,
};
