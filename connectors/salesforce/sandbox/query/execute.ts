/** Runs a parsed query over the org's records, or refuses it in Salesforce's words. */
import type { Query } from "../../soql/ast.ts";
import { canSee, canSeeField, type Org, type Session, visibleObject } from "../org.ts";
import { rowsOf } from "../records.ts";
import type { Rejection } from "../rejection.ts";
import { childRelationships } from "../schema/schema.ts";
import type { SObject } from "../schema/sobject.ts";
import { compileAggregateQuery, isAggregateQuery } from "./aggregate.ts";
import { refuseClauses, refuseUnpinnedLinks } from "./clauses.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";
import { compileOrder } from "./order.ts";
import { type Source, sourceOf } from "./path.ts";
import { compileScalar, isAggregate, requireUse } from "./scalar.ts";
import { type CompileChild, compileSelect } from "./select.ts";
import { compileWhere, unknownObject } from "./where.ts";

export interface QueryResult {
  readonly totalSize: number;
  readonly records: readonly object[];
}

export const executeQuery = (context: QueryContext, query: Query): QueryResult => {
  const { org, session, world } = context;
  const object = visibleObject(org, session, query.from.path.join("."));
  if (!object) throw unknownObject(context, query);
  const source = sourceOf(object, query);
  refuseClauses(context, object, query);
  refuseUnpinnedLinks(object, query);

  const test = compileWhere(context, source, query);
  const scope = scopeOf(session, query);
  const rows = () =>
    rowsOf(object, world, context.all).filter((row) => scope(object, row, world) && test(row));

  if (isCount(query)) {
    const count = rows().length;
    return { totalSize: Math.min(count, query.limit?.value ?? count), records: [] };
  }
  if (isAggregateQuery(query)) {
    const records = compileAggregateQuery(context, source, query)(rows());
    return { totalSize: records.length, records };
  }
  const order = compileRowOrder(context, source, query);
  const render = compileSelect(context, source, query, compileChild(context, query));
  const records = pageOf(query, order(rows())).map(render);
  return { totalSize: records.length, records };
};

/** `SELECT COUNT()`: a number without records. */
const isCount = (query: Query): boolean => {
  const counts = query.select.filter(
    (item) =>
      item.kind === "selectExpression" && isAggregate(item.expression) && item.expression.args.length === 0,
  );
  if (counts.length === 0) return false;
  if (query.select.length > 1)
    throw reject("MALFORMED_QUERY", "COUNT() must be the only element in the SELECT list.");
  if (query.orderBy || query.groupBy)
    throw reject("MALFORMED_QUERY", `COUNT() cannot be used with ${query.orderBy ? "ORDER BY" : "GROUP BY"}`);
  return true;
};

const pageOf = ({ limit, offset }: Query, rows: readonly object[]): readonly object[] => {
  const start = offset?.value ?? 0;
  return limit || start > 0 ? rows.slice(start, start + (limit?.value ?? rows.length)) : rows;
};

const compileRowOrder = (context: QueryContext, source: Source, query: Query) =>
  compileOrder<object>(query.orderBy, ({ by }) => {
    const scalar = compileScalar(context, source, by);
    requireUse(context, scalar, by, "sorted");
    return { picklist: scalar.type === "picklist" ? scalar.path.field.picklist : [], read: scalar.read };
  });

type InScope = (object: SObject, row: object, world: Org["world"]) => boolean;

const scopeOf = (session: Session, { scope }: Query): InScope => {
  const name = scope?.name.text.toLowerCase() ?? "everything";
  if (name === "everything") return () => true;
  if (name !== "mine" && name !== "mine_and_my_groups")
    throw reject("INVALID_QUERY_SCOPE", `unsupported scope: ${scope?.name.text}`);
  return (object, row, world) =>
    object.fields.find((field) => field.name === "OwnerId")?.read(row, world) === session.userId;
};

/** Children are looked up by parent; the list is built once for all parents. */
const compileChild =
  (context: QueryContext, outer: Query): CompileChild =>
  (parent, query) => {
    const { world } = context;
    const relationship = childRelationship(context, parent, query);
    const { object, field } = relationship;
    const source = sourceOf(object, query);
    refuseClauses(context, object, query);
    if (query.offset && outer.limit?.value !== 1)
      throw reject("MALFORMED_QUERY", "OFFSET in a child query needs LIMIT 1 on its parent");
    if (isAggregateQuery(query))
      throw reject("MALFORMED_QUERY", "Aggregate functions are not supported in child queries");
    const test = compileWhere(context, source, query);
    const order = compileRowOrder(context, source, query);
    const render = compileSelect(context, source, query, compileChild(context, query));
    const byParent = new Map<unknown, object[]>();
    for (const row of rowsOf(object, world, context.all)) {
      const parentId = field.read(row, world);
      if (parentId === null || !test(row)) continue;
      const rows = byParent.get(parentId);
      if (rows) rows.push(row);
      else byParent.set(parentId, [row]);
    }
    return {
      key: relationship.name,
      render: (parentId) => {
        const records = pageOf(query, order(byParent.get(parentId) ?? [])).map(render);
        return records.length === 0 ? null : { totalSize: records.length, done: true, records };
      },
    };
  };

const childRelationship = (context: QueryContext, parent: SObject, query: Query) => {
  const name = query.from.path.at(-1) ?? "";
  const found = childRelationships(parent).find((one) => one.name?.toLowerCase() === name.toLowerCase());
  const { org, session } = context;
  if (
    !found?.name ||
    !canSee(org, session, found.object) ||
    !canSeeField(org, session, found.object, found.field)
  )
    throw unknownRelationship(context, query, name);
  return { ...found, name: found.name };
};

const unknownRelationship = (context: QueryContext, query: Query, name: string): Rejection =>
  rejectAt(
    context,
    "INVALID_TYPE",
    query.from.span,
    `Didn't understand relationship '${name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
