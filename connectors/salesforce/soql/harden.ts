import { type Access, accessRules } from "./access.ts";
import type { Query, RowNumber, SelectItem, WithClause } from "./ast.ts";
import { SoqlError } from "./errors.ts";
import { fieldNames } from "./fields.ts";
import { parse } from "./parse.ts";
import { ALLOWED_FUNCTIONS, DEFAULT_POLICY, NARROWING_SCOPES, type SoqlPolicy } from "./policy.ts";
import { print } from "./print.ts";
import type { ParseWatch } from "./reader.ts";
import { checkShape, type QueryShape, shapeOf } from "./shape.ts";

export interface HardenedQuery {
  /** The canonical text, and the only one that may be sent. */
  readonly soql: string;
  /** The tree of `soql`; its spans are offsets into `soql`. */
  readonly query: Query;
  readonly shape: QueryShape;
  /** What was changed, in sentences for the answer's `notices`. Our words and the query's names only. */
  readonly notices: readonly string[];
  /** LIMIT as written and as sent. `asked > applied`, or no `asked`, means the cap can have cut rows. */
  readonly limit: { readonly asked: number | undefined; readonly applied: number | undefined };
  /** Objects and child relationships in FROM, also in subqueries; as typed, each once. */
  readonly objects: readonly string[];
  /** Field paths named anywhere, also in subqueries and TYPEOF; as typed, each once. Aliases are left out. */
  readonly fields: readonly string[];
}

/**
 * Makes a query from anyone safe to send: parses it, checks it against the policy, bounds its rows and
 * prints it anew. Only the printed text is ever sent, so nothing that the parser did not understand
 * reaches Salesforce. The output is checked by the same steps: hardening it again must change nothing.
 *
 * - LIMIT is added or lowered to `maxRows`, in child queries to `maxChildRows`. Not for ungrouped
 *   aggregates and COUNT(): there LIMIT is an error, or makes the count wrong.
 * - Semi-joins filter, they return no rows: their LIMIT is left alone.
 * - WITH SECURITY_ENFORCED and WITH USER_MODE are handled as `policy.fieldSecurity` says.
 *
 * @throws SoqlError what is refused: the first problem from left to right
 */
export function harden(text: string, policy: SoqlPolicy = DEFAULT_POLICY): HardenedQuery {
  const access = accessRules(policy);
  const named = { objects: new Set<string>(), fields: new Set<string>() };
  const asked = parse(text, policy, checks(policy, access, named));
  const notices: string[] = [];
  const soql = print(secured(bounded(asked, policy, notices), policy, notices));
  const query = parse(soql, policy, checks(policy, access));
  if (print(secured(bounded(query, policy, []), policy, [])) !== soql) {
    throw new Error("hardening a hardened query changed it");
  }
  return {
    soql,
    query,
    shape: shapeOf(query),
    notices,
    limit: { asked: asked.limit?.value, applied: query.limit?.value },
    objects: [...named.objects],
    fields: [...named.fields],
  };
}

/**
 * The query that counts what this one would return without its LIMIT and OFFSET; undefined for
 * aggregates and groups, whose rows COUNT() does not count.
 */
export function countQuery(query: Query): string | undefined {
  if (shapeOf(query) !== "rows" || query.alsoFrom.length > 0) return undefined;
  const { from, scope, where, with: withClause, span } = query;
  const name = { kind: "name", text: "COUNT", span } as const;
  const count = {
    kind: "selectExpression",
    expression: { kind: "function", name, args: [], span },
    span,
  } as const;
  return print({
    kind: "query",
    select: [count],
    from,
    alsoFrom: [],
    ...(scope && { scope }),
    ...(where && { where }),
    ...(withClause && { with: withClause }),
    tails: [],
    span,
  });
}

/** What is refused, in the order in which the text meets it. `named` collects what passes. */
function checks(
  policy: SoqlPolicy,
  access: Access,
  named = { objects: new Set<string>(), fields: new Set<string>() },
): ParseWatch {
  return {
    functionName({ text, span }) {
      if (ALLOWED_FUNCTIONS.has(text.toLowerCase())) return;
      throw new SoqlError(
        "UNKNOWN_FUNCTION",
        `${text} is not a function that may be used; select the field itself`,
        span,
      );
    },
    fieldsFunction({ which, span }) {
      if (which === "STANDARD") return;
      throw new SoqlError(
        "FIELDS_ALL",
        `FIELDS(${which}) is not allowed; name the fields, or write FIELDS(STANDARD)`,
        span,
      );
    },
    from(item, role, first) {
      if (!first) {
        const message = "FROM takes one object; reach others through relationships, as in Account.Name";
        throw new SoqlError("MULTI_FROM", message, item.span);
      }
      if (role !== "child" && item.path.length > 1) {
        const message =
          "FROM takes the name of an object, without a dot; only child queries name relationships";
        throw new SoqlError("SYNTAX", message, item.span);
      }
      access.from(item, role);
      named.objects.add(item.path.join("."));
    },
    scope({ name, span }) {
      if (NARROWING_SCOPES.has(name.text.toLowerCase())) return;
      const message = `USING SCOPE may only be ${[...NARROWING_SCOPES].join(", ")}; leave it out to see all`;
      throw new SoqlError("SCOPE", message, span);
    },
    with: (clause, role) => checkWith(clause, role === "semiJoin"),
    offset({ value, span }, role) {
      if (role !== "main") {
        throw new SoqlError(
          "BAD_OFFSET",
          "OFFSET may only stand in the outer query; leave it out here",
          span,
        );
      }
      if (value <= policy.maxOffset) return;
      const message = `OFFSET may be at most ${policy.maxOffset}; continue with a WHERE condition on the last row seen`;
      throw new SoqlError("BAD_OFFSET", message, span);
    },
    tail({ clause, span }) {
      if (clause === "ALL ROWS") {
        throw new SoqlError(
          "ALL_ROWS",
          "ALL ROWS exists only in Apex and shows deleted records; leave it out",
          span,
        );
      }
      const message = `${clause} makes a read change or lock something; leave it out`;
      throw new SoqlError("SIDE_EFFECT", message, span);
    },
    query(query, role) {
      checkShape(query);
      const child = query.select.find((item) => item.kind === "childQuery");
      if (role === "semiJoin" && child) {
        const message = "A semi-join selects one field; leave the child query out";
        throw new SoqlError("SYNTAX", message, child.span);
      }
      access.query(query, role);
      for (const field of fieldNames(query)) named.fields.add(field);
    },
  };
}

function checkWith({ mode, span }: WithClause, inSemiJoin: boolean): void {
  if (mode === "SYSTEM_MODE") {
    const message = "WITH SYSTEM_MODE would ignore the user's permissions; leave it out";
    throw new SoqlError("SYSTEM_MODE", message, span);
  }
  if (mode === "other" || inSemiJoin) {
    throw new SoqlError("WITH_CLAUSE", "This WITH clause is not allowed; filter with WHERE instead", span);
  }
}

/** The query with LIMIT added or lowered, in the outer query and in child queries at every level. */
function bounded(query: Query, policy: SoqlPolicy, notices: string[], relationship?: string): Query {
  const select = query.select.map(
    (item): SelectItem =>
      item.kind === "childQuery"
        ? { ...item, query: bounded(item.query, policy, notices, item.query.from.path.join(".")) }
        : item,
  );
  const shape = shapeOf(query);
  if (shape === "aggregate" || shape === "count") return { ...query, select };
  const most = relationship === undefined ? policy.maxRows : policy.maxChildRows;
  if (query.limit && query.limit.value <= most) return { ...query, select };
  notices.push(limitNotice(query.limit, most, shape, relationship));
  const limit: RowNumber = { kind: "limit", value: most, span: query.limit?.span ?? query.span };
  return { ...query, select, limit };
}

function limitNotice(
  asked: RowNumber | undefined,
  most: number,
  shape: QueryShape,
  relationship?: string,
): string {
  const change = asked ? `LIMIT lowered from ${asked.value} to ${most}` : `LIMIT ${most} added`;
  if (relationship !== undefined) return `${change} for each parent in ${relationship}`;
  return shape === "groups" ? `${change}: groups beyond it are left out` : change;
}

/** The query with its WITH clauses as `policy.fieldSecurity` wants them. */
function secured(query: Query, policy: SoqlPolicy, notices: string[], isChild = false): Query {
  const { with: written, ...rest } = query;
  const select = query.select.map(
    (item): SelectItem =>
      item.kind === "childQuery" ? { ...item, query: secured(item.query, policy, notices, true) } : item,
  );
  if (policy.fieldSecurity === "native" || isChild) {
    if (written) {
      notices.push(
        `WITH ${written.text} removed: it belongs to Apex, and here the user's permissions always apply`,
      );
    }
    return { ...rest, select };
  }
  const mode = "SECURITY_ENFORCED";
  if (written?.mode !== mode) {
    notices.push(written ? `WITH ${written.text} replaced by WITH ${mode}` : `WITH ${mode} added`);
  }
  return { ...rest, select, with: { kind: "with", mode, text: mode, span: query.span } };
}
