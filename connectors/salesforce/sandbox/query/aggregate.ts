/** Queries that answer groups of rows rather than rows: aggregates, GROUP BY, ROLLUP, CUBE, HAVING. */
import type { Expression, FunctionCall, GroupBy, Query } from "../../soql/ast.ts";
import { toJson } from "../records.ts";
import type { Field } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";
import { compileCondition } from "./condition.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";
import { compareValues, compileOrder, type Sorted } from "./order.ts";
import type { Source } from "./path.ts";
import { compileScalar, isAggregate, isExpression, requireUse, type Scalar } from "./scalar.ts";

/** Rows with the same values; in a subtotal, `together` says which fields were summed over. */
interface Group {
  readonly rows: readonly object[];
  readonly keys: readonly Value[];
  readonly together: readonly boolean[];
}

interface Column extends Sorted<Group> {
  readonly field: Field<object> | undefined;
  readonly type: Field<object>["type"];
  readonly name: string;
}

export const isAggregateQuery = ({ select, groupBy }: Query): boolean =>
  groupBy !== undefined ||
  select.some((item) => item.kind === "selectExpression" && isAggregate(item.expression));

const MAX_GROUPS = 2000;

export const compileAggregateQuery = (
  context: QueryContext,
  source: Source,
  query: Query,
): ((rows: readonly object[]) => readonly object[]) => {
  refuseClauses(query);
  const by = (query.groupBy?.by ?? []).map((expression) => {
    const scalar = compileScalar(context, source, expression);
    requireUse(context, scalar, expression, "grouped");
    return scalar;
  });
  const column = (expression: Expression): Column =>
    isAggregate(expression)
      ? aggregateColumn(context, source, by, expression)
      : groupedColumn(context, source, by, expression);

  const aliases = new Map<string, Column>();
  let unnamed = 0;
  const columns = query.select.map((item) => {
    if (item.kind !== "selectExpression")
      throw rejectAt(
        context,
        "MALFORMED_QUERY",
        item.span,
        "Grouped queries cannot select child queries, TYPEOF or FIELDS()",
      );
    const compiled = column(item.expression);
    const isField = item.expression.kind === "field";
    const key = item.alias?.text ?? (isField ? compiled.name : `expr${unnamed++}`);
    if (aliases.has(key.toLowerCase())) throw reject("MALFORMED_QUERY", `duplicate alias: ${key}`);
    aliases.set(key.toLowerCase(), compiled);
    return { key, ...compiled };
  });
  const having = query.having
    ? compileCondition<Group>(context, query.having, {
        operand: column,
        semiJoin: () => {
          throw reject("MALFORMED_QUERY", "Semi join sub-selects are not allowed in HAVING");
        },
      })
    : () => true;
  const order = compileOrder<Group>(
    query.orderBy,
    ({ by: expression }) => aliased(aliases, expression) ?? column(expression),
  );

  return (rows) => {
    const groups = groupRows(rows, by, query.groupBy?.form).filter(having);
    const offset = query.offset?.value ?? 0;
    const chosen = order(groups).slice(offset, offset + (query.limit?.value ?? groups.length));
    if (chosen.length > MAX_GROUPS)
      throw reject(
        "EXCEEDED_ID_LIMIT",
        "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
      );
    return chosen.map((group) => {
      const record: Record<string, unknown> = { attributes: { type: "AggregateResult" } };
      for (const { key, field, read } of columns)
        record[key] = field ? toJson(field, read(group)) : read(group);
      return record;
    });
  };
};

const refuseClauses = ({ groupBy, limit, offset, orderBy, tails }: Query) => {
  if (tails.length > 0)
    throw reject("MALFORMED_QUERY", "FOR and UPDATE clauses are not allowed in aggregate queries");
  if (groupBy) return;
  const clause = limit ? "LIMIT" : offset ? "OFFSET" : orderBy ? "ORDER BY" : undefined;
  if (clause)
    throw reject(
      "MALFORMED_QUERY",
      `Non-grouped query that uses overall aggregate functions cannot also use ${clause}`,
    );
};

const aliased = (aliases: ReadonlyMap<string, Column>, expression: Expression): Column | undefined =>
  expression.kind === "field" && expression.parts.length === 1
    ? aliases.get(expression.parts[0]!.toLowerCase())
    : undefined;

// --- groups ------------------------------------------------------------------------------------------

const groupRows = (
  rows: readonly object[],
  by: readonly Scalar[],
  form: GroupBy["form"] | undefined,
): Group[] => {
  if (by.length === 0) return [{ rows, keys: [], together: [] }];
  return groupingSets(by.length, form ?? "list").flatMap((together) => {
    const groups = new Map<string, { rows: object[]; keys: Value[]; together: readonly boolean[] }>();
    for (const row of rows) {
      const keys = by.map(({ read }, index) => (together[index] ? null : read(row)));
      const signature = JSON.stringify(keys);
      const group = groups.get(signature);
      if (group) group.rows.push(row);
      else groups.set(signature, { rows: [row], keys, together });
    }
    return [...groups.values()];
  });
};

/** Which fields are summed over, for each kind of subtotal. */
const groupingSets = (count: number, form: GroupBy["form"]): readonly (readonly boolean[])[] => {
  const indexes = Array.from({ length: count }, (_, index) => index);
  if (form === "list") return [indexes.map(() => false)];
  if (form === "ROLLUP")
    return Array.from({ length: count + 1 }, (_, dropped) =>
      indexes.map((index) => index >= count - dropped),
    );
  return Array.from({ length: 2 ** count }, (_, set) => indexes.map((index) => Boolean(set & (1 << index))));
};

// --- columns -----------------------------------------------------------------------------------------

const groupedColumn = (
  context: QueryContext,
  source: Source,
  by: readonly Scalar[],
  expression: Expression,
): Column => {
  const scalar = compileScalar(context, source, expression);
  const index = by.findIndex((one) => one.path.name === scalar.path.name && one.function === scalar.function);
  if (index < 0)
    throw rejectAt(
      context,
      "MALFORMED_QUERY",
      expression.span,
      `Field must be grouped or aggregated: ${scalar.path.name}`,
    );
  const { field } = scalar.path;
  return {
    name: field.name,
    type: scalar.type,
    field: scalar.function === undefined ? field : undefined,
    picklist: scalar.type === "picklist" ? field.picklist : [],
    read: ({ keys }) => keys[index] ?? null,
  };
};

const aggregateColumn = (
  context: QueryContext,
  source: Source,
  by: readonly Scalar[],
  call: FunctionCall,
): Column => {
  const name = call.name.text.toUpperCase();
  const [argument, ...more] = call.args;
  if (argument === undefined)
    throw rejectAt(
      context,
      "MALFORMED_QUERY",
      call.span,
      "COUNT() must be the only element in the SELECT list.",
    );
  if (more.length > 0 || !isExpression(argument))
    throw rejectAt(context, "MALFORMED_QUERY", call.span, `invalid arguments of function ${call.name.text}`);

  if (name === "GROUPING") {
    const column = groupedColumn(context, source, by, argument);
    const index = by.findIndex(({ path }) => path.field.name === column.name);
    return {
      name,
      type: "int",
      field: undefined,
      picklist: [],
      read: ({ together }) => (together[index] ? 1 : 0),
    };
  }
  const scalar = compileScalar(context, source, argument);
  const { field } = scalar.path;
  const numeric = ["int", "double", "currency", "percent"].includes(scalar.type);
  const supported =
    name === "COUNT" || (field.aggregatable && (numeric || (name !== "SUM" && name !== "AVG")));
  if (!supported)
    throw rejectAt(
      context,
      "MALFORMED_QUERY",
      call.span,
      `field ${field.name} does not support aggregate operator ${name}`,
    );
  const counts = name.startsWith("COUNT");
  return {
    name,
    type: counts ? "int" : scalar.type,
    // Minimum and maximum look like the field; counts, sums and averages are numbers.
    field: name === "MIN" || name === "MAX" ? field : undefined,
    picklist: [],
    read: ({ rows }) => aggregate(name, rows.map(scalar.read)),
  };
};

const aggregate = (name: string, values: readonly Value[]): Value => {
  const present = values.filter((value) => value !== null);
  if (name === "COUNT") return present.length;
  if (name === "COUNT_DISTINCT") return new Set(present).size;
  if (present.length === 0) return null;
  switch (name) {
    case "SUM":
      return sum(present);
    case "AVG":
      return sum(present) / present.length;
    case "MIN":
      return present.reduce((least, value) => (compareValues(value, least) < 0 ? value : least));
    default:
      return present.reduce((most, value) => (compareValues(value, most) > 0 ? value : most));
  }
};

/** In whole cents, as a database adds decimals: no binary rounding creeps in. */
const sum = (values: readonly (string | number | boolean)[]): number =>
  values.reduce<number>((total, value) => total + Math.round(Number(value) * 10_000), 0) / 10_000;
