import type { ParseLimits } from "./limits.ts";

/** What a query may do and how much it may ask for. See `harden`. */
export interface SoqlPolicy extends ParseLimits {
  /** Rows (or groups) of one answer: LIMIT is added or lowered to this. */
  readonly maxRows: number;
  /** Rows of one child query per parent. */
  readonly maxChildRows: number;
  readonly maxOffset: number;
  /**
   * Objects that may not be read, by any way the query text shows: FROM, semi-joins, relationships, TYPEOF.
   * Their histories, feeds and shares are denied with them. Once something beside
   * {@link CREDENTIAL_OBJECTS} is listed, relationships whose object the text does not tell
   * (`Decision_Maker__r`, `What`) are refused, as each could lead there.
   */
  readonly denyObjects: readonly string[];
  /**
   * If given, only these objects may be read; the safe form, since nothing can be forgotten. A relationship passes if its name is in the list, or if
   * it is a standard relationship to an object in the list (`Owner` for `User`, `Contacts` for `Contact`);
   * custom relationships are listed by name (`Renewal__r`).
   */
  readonly allowObjects?: readonly string[];
  /**
   * Fields that may not be named anywhere in a query: `SSN__c` on every object, `Contact.Email` on one.
   * Behind a relationship whose object the text does not tell, `Contact.Email` refuses every `Email`.
   * A lookup field covers its relationship, a part of an address or of a person's name the compound
   * field. With any entry, the old and new values of histories are denied, and the histories of the
   * objects named here altogether.
   */
  readonly denyFields: readonly string[];
  /**
   * How field-level security is ensured. `native`: REST applies the user's field permissions itself,
   * so `WITH SECURITY_ENFORCED` and `WITH USER_MODE`, which belong to Apex, are removed. `clause`:
   * `WITH SECURITY_ENFORCED` is put in its legal place, for orgs that accept it.
   */
  readonly fieldSecurity: "native" | "clause";
}

/** Credentials and sessions are never a revenue question. */
export const CREDENTIAL_OBJECTS: readonly string[] = [
  "OauthToken",
  "AuthSession",
  "LoginHistory",
  "TwoFactorInfo",
  "NamedCredential",
  "ConnectedApplication",
  "SetupAuditTrail",
  "UserLogin",
];

export const DEFAULT_POLICY: SoqlPolicy = {
  maxRows: 200,
  maxChildRows: 20,
  maxLength: 20_000,
  maxTokens: 6_000,
  maxLiteral: 4_000,
  maxDepth: 20,
  maxSubqueryLevels: 4,
  maxRelationshipLevels: 5,
  maxFields: 300,
  maxChildQueries: 20,
  maxInList: 2_000,
  maxOffset: 2_000,
  denyObjects: CREDENTIAL_OBJECTS,
  denyFields: [],
  fieldSecurity: "native",
};

/** USING SCOPE values that only ever narrow what the user sees. */
export const NARROWING_SCOPES: ReadonlySet<string> = new Set([
  "mine",
  "mine_and_my_groups",
  "my_territory",
  "my_team_territory",
  "team",
  "delegated",
]);

export const AGGREGATES: ReadonlySet<string> = new Set([
  "count",
  "count_distinct",
  "sum",
  "avg",
  "min",
  "max",
]);

/** The functions of the SOQL reference, in lower case; anything else is refused before it is sent. */
export const ALLOWED_FUNCTIONS: ReadonlySet<string> = new Set([
  ...AGGREGATES,
  ...["grouping", "tolabel", "format", "convertcurrency", "converttimezone", "distance", "geolocation"],
  ...["calendar_month", "calendar_quarter", "calendar_year", "fiscal_month", "fiscal_quarter", "fiscal_year"],
  ...[
    "day_in_month",
    "day_in_week",
    "day_in_year",
    "day_only",
    "hour_in_day",
    "week_in_month",
    "week_in_year",
  ],
]);
