import type { QueryAnswer } from "../shapes.ts";
import type { FieldPath, OrderItem, Query, Span } from "./ast.ts";
import { printExpression } from "./print.ts";
import { shapeOf } from "./shape.ts";

type Records = QueryAnswer["records"];

/** What the parts of one query answered, as if it had been one request. */
export interface Merged {
  /** Rows of the query, with its LIMIT; for COUNT() the count. */
  readonly totalSize: number;
  /** Whether `records` are all of them. */
  readonly done: boolean;
  readonly records: Records;
  /** False if the parts are sorted by an order unknown here, so that rows of different parts may be out of order. */
  readonly sorted: boolean;
}

/** Why answers to parts of this query could not be merged, and what to write instead; undefined if they can be. */
export function obstacle(query: Query): { readonly message: string; readonly span: Span } | undefined {
  const shape = shapeOf(query);
  if (query.offset) {
    const message =
      "OFFSET would skip rows in each of them; leave it out and continue with a WHERE condition on the last row seen";
    return { message, span: query.offset.span };
  }
  if (shape === "groups" || shape === "aggregate") {
    const message =
      "groups and aggregates of parts do not add up; ask with fewer ids at a time, or for plain rows or COUNT()";
    return { message, span: query.groupBy?.span ?? query.select[0]!.span };
  }
  const selected = query.select.flatMap((item) =>
    item.kind === "selectExpression" && item.expression.kind === "field"
      ? [columnOf(item.expression, query).join(".")]
      : [],
  );
  const unknown = query.orderBy?.find(
    ({ by }) => by.kind !== "field" || !selected.includes(columnOf(by, query).join(".")),
  );
  if (!unknown) return undefined;
  const by = printExpression(unknown.by);
  const message =
    unknown.by.kind === "field"
      ? `ORDER BY ${by} is restored by the value of ${by}; add it to the field list`
      : `ORDER BY ${by} cannot be restored; order by plain fields of the field list`;
  return { message, span: unknown.span };
}

/**
 * The answers to the parts of `query`, in the parts' order, each sent with its LIMIT and ORDER BY. No
 * record may be in two of them. ORDER BY is restored, LIMIT applied to the whole, counts added up.
 *
 * @param arranged fields of the query's object, in lower case, whose values Salesforce sorts in an order of its own
 */
export function merge(
  query: Query,
  answers: readonly QueryAnswer[],
  arranged: ReadonlySet<string> = new Set(),
): Merged {
  const [first, ...others] = answers;
  if (first && others.length === 0) return { ...first, sorted: true };
  const most = query.limit?.value ?? Number.POSITIVE_INFINITY;
  const totalSize = Math.min(
    answers.reduce((sum, answer) => sum + answer.totalSize, 0),
    most,
  );
  const { records, sorted } = query.orderBy
    ? inOrder(query, query.orderBy, answers, arranged)
    : { records: answers.flatMap((answer) => answer.records), sorted: true };
  const shown = records.slice(0, most);
  return { totalSize, done: shown.length >= totalSize, records: shown, sorted };
}

interface Row {
  readonly record: Records[number];
  /** By what it is sorted, in the order of ORDER BY. */
  readonly keys: readonly unknown[];
}
type Compare<T> = (a: T, b: T) => number;

/** Takes the least first row of the parts, again and again, so that no part's own order is changed. */
function inOrder(
  query: Query,
  orderBy: readonly OrderItem[],
  answers: readonly QueryAnswer[],
  arranged: ReadonlySet<string>,
) {
  const columns = orderBy.map(({ by }) => columnOf(by as FieldPath, query));
  const parts = answers.map(({ records, totalSize }) => ({
    rows: records.map((record): Row => ({ record, keys: columns.map((column) => valueAt(record, column)) })),
    cut: records.length < totalSize,
    next: 0,
  }));
  const { compare, sorted } = orderOf(
    orderBy,
    parts.map(({ rows }) => rows),
  );
  const records: Records = [];
  // Behind the end of a part that was cut, nobody knows what would come next.
  while (!parts.some(({ rows, cut, next }) => cut && next === rows.length)) {
    const [least] = parts
      .filter(({ rows, next }) => next < rows.length)
      .sort((a, b) => compare(a.rows[a.next]!, b.rows[b.next]!));
    if (!least) break;
    records.push(least.rows[least.next]!.record);
    least.next++;
  }
  // A few values may look sorted by chance.
  const isArranged = columns.some((column) => column.length === 1 && arranged.has(column[0]!));
  return { records, sorted: sorted && !isArranged };
}

let collator: Intl.Collator | undefined;

/** Making a collator takes ten milliseconds, which a start must not pay for. */
const regardlessOfCase: Compare<string> = (a, b) => {
  collator ??= new Intl.Collator("en", { sensitivity: "accent" });
  return collator.compare(a, b);
};

/** Text without regard to case; ids, which are told apart by it. */
const TEXT_ORDERS: readonly Compare<string>[] = [regardlessOfCase, (a, b) => Number(a > b) - Number(a < b)];

/**
 * How Salesforce compares text depends on the field, which the query does not tell; the parts do: the
 * order is the first one by which each of them is sorted. Picklists, in an order of their own, have none.
 */
function orderOf(orderBy: readonly OrderItem[], parts: readonly (readonly Row[])[]) {
  const chosen: Compare<unknown>[] = [];
  const compare: Compare<Row> = (a, b) => {
    for (const [index, by] of chosen.entries()) {
      const order = by(a.keys[index], b.keys[index]);
      if (order !== 0) return order;
    }
    return 0;
  };
  const fits = () =>
    parts.every((rows) => rows.every((row, index) => index === 0 || compare(rows[index - 1]!, row) <= 0));
  let sorted = true;
  for (const item of orderBy) {
    const place = chosen.length;
    const found = TEXT_ORDERS.some((text) => {
      chosen[place] = comparison(item, text);
      return fits();
    });
    if (!found) {
      sorted = false;
      chosen[place] = comparison(item, TEXT_ORDERS[0]!);
    }
  }
  return { compare, sorted };
}

/** Nulls come first unless asked otherwise, in both directions. */
const comparison =
  ({ direction, nulls }: OrderItem, text: Compare<string>): Compare<unknown> =>
  (a, b) => {
    if (a === null || b === null) return a === b ? 0 : (a === null) === (nulls !== "LAST") ? -1 : 1;
    const order =
      typeof a === "string" && typeof b === "string"
        ? text(a, b)
        : Number(Number(a) > Number(b)) - Number(Number(a) < Number(b));
    return direction === "DESC" ? -order : order;
  };

/** The names that lead to a field's value in a record, in lower case: without the object's own alias or name. */
function columnOf({ parts }: FieldPath, { from }: Query): readonly string[] {
  const names = parts.map((part) => part.toLowerCase());
  const own = [from.alias?.text, from.path.at(-1)].map((name) => name?.toLowerCase());
  return names.length > 1 && own.includes(names[0]) ? names.slice(1) : names;
}

function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value ?? null;
  if (typeof value !== "object" || value === null) return null;
  const [, inner] = Object.entries(value).find(([key]) => key.toLowerCase() === name) ?? [];
  return valueAt(inner, rest);
}
