/** Clauses whose use Salesforce restricts, whatever the fields are. */
import type { Condition, LiteralList, Query } from "../../soql/ast.ts";
import type { SObject } from "../schema/sobject.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";

const MAX_OFFSET = 2000;

export const refuseClauses = (context: QueryContext, object: SObject, query: Query): void => {
  if ((query.offset?.value ?? 0) > MAX_OFFSET)
    throw reject("NUMBER_OUTSIDE_VALID_RANGE", `Maximum SOQL offset allowed is ${MAX_OFFSET}`);
  refuseWith(context, query);
  for (const { clause, span } of query.tails) {
    if (clause === "ALL ROWS")
      throw rejectAt(context, "MALFORMED_QUERY", span, "ALL ROWS not allowed in this context");
    if (clause.startsWith("UPDATE "))
      throw rejectAt(
        context,
        "MALFORMED_QUERY",
        span,
        `${clause} is not supported on entity '${object.name}'`,
      );
    if (clause === "FOR UPDATE" && query.orderBy)
      throw rejectAt(context, "MALFORMED_QUERY", span, "FOR UPDATE is not allowed with ORDER BY");
  }
};

/** Links may only be asked for by id; as children, their parent is that id. */
export const refuseUnpinnedLinks = (object: SObject, query: Query): void => {
  if (object.name === "ContentDocumentLink" && !filtersOnIds(query.where))
    throw reject(
      "MALFORMED_QUERY",
      "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.",
    );
};

/** No public record says what REST does with the Apex clauses; a switch tries the other answer. */
const refuseWith = (context: QueryContext, { with: clause }: Query) => {
  if (!clause) return;
  const apex = clause.mode === "SECURITY_ENFORCED" || clause.mode === "USER_MODE";
  if (!(apex && context.org.switches.acceptWithClause))
    throw rejectAt(context, "MALFORMED_QUERY", clause.span, "unexpected token: 'WITH'");
};

const LINK_IDS = new Set(["id", "contentdocumentid", "linkedentityid"]);

/** One conjunct must pin an id. */
const filtersOnIds = (condition: Condition | undefined): boolean => {
  switch (condition?.kind) {
    case "group":
      return filtersOnIds(condition.condition);
    case "logical":
      return condition.operator === "AND" && condition.conditions.some(filtersOnIds);
    case "comparison": {
      const { left, operator, right } = condition;
      const pins = operator === "=" || (operator === "IN" && (right as LiteralList).kind === "list");
      return pins && left.kind === "field" && LINK_IDS.has(left.parts.at(-1)!.toLowerCase());
    }
    default:
      return false;
  }
};
