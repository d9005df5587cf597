/**
 * The tree of a SOQL query, as `parse` builds it and `print` writes it.
 *
 * It represents everything the grammar of the SOQL reference accepts, also what the hub's policy
 * refuses (`FOR VIEW`, `ALL ROWS`, several objects in FROM, unknown WITH clauses): the policy refuses
 * on the tree, with a reason, and the sandbox can execute or reject the same nodes by its own rules.
 *
 * Names keep the spelling they were typed with; SOQL compares names without regard to case, so does
 * every reader of this tree. Keywords are upper case here, however they were typed. Every union is
 * discriminated by `kind`. Nodes are plain data and never change: a rewrite makes new ones.
 */

/** Offsets into the text given to `parse`, in UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly span: Span;
}

/** One SELECT: the whole query, a child query in a field list, or the inside of a semi-join. */
export interface Query extends Node {
  readonly kind: "query";
  /** At least one. */
  readonly select: readonly SelectItem[];
  readonly from: FromItem;
  /** Further objects of the old `FROM Account a, a.Contacts c` form; nearly always empty. */
  readonly alsoFrom: readonly FromItem[];
  readonly scope?: Scope;
  readonly where?: Condition;
  readonly with?: WithClause;
  readonly groupBy?: GroupBy;
  /** Only together with `groupBy`. Its operands are aggregate functions, grouped fields or aliases. */
  readonly having?: Condition;
  /** Absent rather than empty. */
  readonly orderBy?: readonly OrderItem[];
  readonly limit?: RowNumber;
  readonly offset?: RowNumber;
  /** What follows OFFSET, in the order written; empty in an ordinary read. */
  readonly tails: readonly Tail[];
}

// --- SELECT ----------------------------------------------------------------------------------------

export type SelectItem = SelectExpression | ChildQuery | TypeOf | FieldsFunction;

/** `Name`, `Owner.Name`, `COUNT(Id) cnt`, `toLabel(StageName)`, `COUNT()`. */
export interface SelectExpression extends Node {
  readonly kind: "selectExpression";
  readonly expression: Expression;
  /** Salesforce names aggregates without an alias expr0, expr1, … in the order of the list. */
  readonly alias?: Name;
}

/** `(SELECT Id FROM Contacts)`. `query.from.path` is a child relationship, not an object. */
export interface ChildQuery extends Node {
  readonly kind: "childQuery";
  readonly query: Query;
}

/** `TYPEOF What WHEN Account THEN Phone, Name ELSE Name END` */
export interface TypeOf extends Node {
  readonly kind: "typeof";
  /** The polymorphic relationship: `What`, `Who`, `Owner`. */
  readonly relationship: FieldPath;
  /** At least one. */
  readonly branches: readonly TypeOfBranch[];
  readonly otherwise?: readonly FieldPath[];
}

export interface TypeOfBranch extends Node {
  readonly object: Name;
  readonly fields: readonly FieldPath[];
}

/** `FIELDS(STANDARD)` */
export interface FieldsFunction extends Node {
  readonly kind: "fields";
  readonly which: "ALL" | "CUSTOM" | "STANDARD";
}

// --- expressions -----------------------------------------------------------------------------------

/** What may be selected, compared, grouped and ordered by. */
export type Expression = FieldPath | FunctionCall;

/** `Amount` is `["Amount"]`; `Account.Owner.Name` is `["Account", "Owner", "Name"]`. At least one part. */
export interface FieldPath extends Node {
  readonly kind: "field";
  /** The last part is the field; those before are relationships, or the alias or name of the object first. */
  readonly parts: readonly string[];
}

/** `SUM(Amount)`, `COUNT()`, `FORMAT(convertCurrency(Amount))`, `DISTANCE(Place__c, GEOLOCATION(1, 2), 'mi')` */
export interface FunctionCall extends Node {
  readonly kind: "function";
  readonly name: Name;
  /** Empty only for `COUNT()`. */
  readonly args: readonly FunctionArgument[];
}

export type FunctionArgument = Expression | StringLiteral | NumberLiteral;

/** One identifier, as typed. */
export interface Name extends Node {
  readonly kind: "name";
  readonly text: string;
}

// --- FROM, USING SCOPE -----------------------------------------------------------------------------

export interface FromItem extends Node {
  readonly kind: "from";
  /** `["Opportunity"]`; in a child query the relationship, possibly behind the parent: `["Account", "Contacts"]`. */
  readonly path: readonly string[];
  readonly alias?: Name;
}

/** `USING SCOPE mine`: `name.text` as typed. */
export interface Scope extends Node {
  readonly kind: "scope";
  readonly name: Name;
}

// --- WHERE, HAVING ---------------------------------------------------------------------------------

export type Condition = Logical | Not | Group | Comparison;

/**
 * `a AND b AND c`. Salesforce refuses AND and OR side by side without parentheses, and so does the
 * parser: a part that is a Logical itself always stands inside a Group.
 */
export interface Logical extends Node {
  readonly kind: "logical";
  readonly operator: "AND" | "OR";
  /** At least two. */
  readonly conditions: readonly Exclude<Condition, Logical>[];
}

/** `NOT x`: binds tighter than AND and OR. */
export interface Not extends Node {
  readonly kind: "not";
  readonly condition: Exclude<Condition, Logical>;
}

/** Parentheses, as written. */
export interface Group extends Node {
  readonly kind: "group";
  readonly condition: Condition;
}

export type Comparison = ScalarComparison | LikeComparison | SetComparison;

/** `Amount >= 5`, `CALENDAR_YEAR(CloseDate) = 2026`, `Name != NULL`. `<>` is read as `!=`. */
export interface ScalarComparison extends Node {
  readonly kind: "comparison";
  readonly left: Expression;
  readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">=";
  readonly right: Literal;
}

/** `Name LIKE 'Acme%'`: in the pattern `%` and `_` are wildcards unless escaped, see {@link StringLiteral}. */
export interface LikeComparison extends Node {
  readonly kind: "comparison";
  readonly left: Expression;
  readonly operator: "LIKE";
  readonly right: StringLiteral;
}

/** `StageName IN ('A', 'B')`, `Id NOT IN (SELECT AccountId FROM Contact)`, `Regions__c INCLUDES ('A;B')` */
export interface SetComparison extends Node {
  readonly kind: "comparison";
  readonly left: Expression;
  readonly operator: "IN" | "NOT IN" | "INCLUDES" | "EXCLUDES";
  /** A subquery only with IN and NOT IN. */
  readonly right: LiteralList | Subquery;
}

export interface LiteralList extends Node {
  readonly kind: "list";
  /** At least one. */
  readonly members: readonly Literal[];
}

/** The inside of a semi-join or anti-join. */
export interface Subquery extends Node {
  readonly kind: "subquery";
  readonly query: Query;
}

// --- literals --------------------------------------------------------------------------------------

export type Literal =
  | StringLiteral
  | NumberLiteral
  | CurrencyLiteral
  | BooleanLiteral
  | NullLiteral
  | DateLiteral
  | DateTimeLiteral
  | RelativeDate;

export interface StringLiteral extends Node {
  readonly kind: "string";
  /**
   * The text meant, escapes resolved. In the pattern of a LIKE, and only there, `\%` and `\_` stay as
   * two characters and a backslash as `\\`, so that the wildcards remain recognisable.
   */
  readonly value: string;
  /** As written, with its quotes and escapes. */
  readonly raw: string;
}

export interface NumberLiteral extends Node {
  readonly kind: "number";
  readonly value: number;
  /** As written; exact where `value` is rounded. */
  readonly raw: string;
}

/** `USD5000`, `EUR99.50` */
export interface CurrencyLiteral extends Node {
  readonly kind: "currency";
  /** ISO code in upper case. */
  readonly currency: string;
  readonly value: number;
  readonly raw: string;
}

export interface BooleanLiteral extends Node {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface NullLiteral extends Node {
  readonly kind: "null";
}

/** `2026-11-21`: a day of the calendar. */
export interface DateLiteral extends Node {
  readonly kind: "date";
  readonly value: string;
}

/** `2026-11-21T05:32:21Z`, also with fractions of a second and with `+02:00` or `+0200`. */
export interface DateTimeLiteral extends Node {
  readonly kind: "dateTime";
  /** As written. */
  readonly raw: string;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly value: number;
}

/** `TODAY`, `THIS_FISCAL_QUARTER`, `LAST_N_DAYS:30`: what Salesforce calls a date literal. */
export interface RelativeDate extends Node {
  readonly kind: "relativeDate";
  /** In upper case, without the number: `LAST_N_DAYS`. */
  readonly name: string;
  /** Present exactly for the names that take one. */
  readonly n?: number;
}

// --- the clauses after WHERE -----------------------------------------------------------------------

export interface WithClause extends Node {
  readonly kind: "with";
  /** `other` is DATA CATEGORY, RecordVisibilityContext, UserId = and whatever else begins with WITH. */
  readonly mode: "SECURITY_ENFORCED" | "USER_MODE" | "SYSTEM_MODE" | "other";
  /** The words after WITH, tokens separated by one space. */
  readonly text: string;
}

export interface GroupBy extends Node {
  readonly kind: "groupBy";
  readonly form: "list" | "ROLLUP" | "CUBE";
  /** At least one. */
  readonly by: readonly Expression[];
}

export interface OrderItem extends Node {
  readonly kind: "order";
  readonly by: Expression;
  readonly direction?: "ASC" | "DESC";
  readonly nulls?: "FIRST" | "LAST";
}

/** The number of LIMIT or OFFSET. */
export interface RowNumber extends Node {
  readonly kind: "limit" | "offset";
  readonly value: number;
}

/** What may stand after OFFSET. The hub refuses all of it; see the policy for the reasons. */
export interface Tail extends Node {
  readonly kind: "tail";
  readonly clause:
    | "FOR VIEW"
    | "FOR REFERENCE"
    | "FOR UPDATE"
    | "UPDATE TRACKING"
    | "UPDATE VIEWSTAT"
    | "ALL ROWS"
    | "SET OPTIONS";
  /** The parenthesised part of SET OPTIONS, tokens separated by one space. */
  readonly options?: string;
}

/** Every node that has a `kind`. */
export type SoqlNode =
  | Query
  | SelectItem
  | Expression
  | Name
  | FromItem
  | Scope
  | Condition
  | LiteralList
  | Subquery
  | Literal
  | WithClause
  | GroupBy
  | OrderItem
  | RowNumber
  | Tail;
