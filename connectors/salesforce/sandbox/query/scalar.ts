/** What may be selected, compared, grouped or ordered by for one row: fields and scalar functions. */
import type { Expression, FunctionArgument, FunctionCall } from "../../soql/ast.ts";
import { DAY, dateOfTime } from "../calendar.ts";
import type { Field, FieldType } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";
import { type QueryContext, reject, rejectAt } from "./context.ts";
import { formatValue } from "./format.ts";
import { type ResolvedPath, resolvePath, type Source } from "./path.ts";

export interface Scalar {
  /** The key in the answer when there is no alias; undefined: exprN. */
  readonly name: string | undefined;
  readonly type: FieldType;
  /** The field underneath. */
  readonly path: ResolvedPath;
  /** Set where a function stands around the field. */
  readonly function: string | undefined;
  read(row: object): Value;
}

export const AGGREGATES: ReadonlySet<string> = new Set([
  "COUNT",
  "COUNT_DISTINCT",
  "SUM",
  "AVG",
  "MIN",
  "MAX",
  "GROUPING",
]);

export const isAggregate = (expression: Expression): expression is FunctionCall =>
  expression.kind === "function" && AGGREGATES.has(expression.name.text.toUpperCase());

export const compileScalar = (context: QueryContext, source: Source, expression: Expression): Scalar => {
  if (expression.kind === "field") {
    const path = resolvePath(context, source, expression);
    return { name: path.field.name, type: path.field.type, path, function: undefined, read: path.read };
  }
  const name = expression.name.text.toUpperCase();
  if (AGGREGATES.has(name))
    throw rejectAt(
      context,
      "MALFORMED_QUERY",
      expression.span,
      `Aggregate function ${name} is not allowed here`,
    );
  const inner = compileArgument(context, source, expression);
  const presentation = PRESENTATION[name];
  if (presentation)
    return {
      ...inner,
      function: name,
      type: presentation.type ?? inner.type,
      read: presentation.wrap(inner),
    };
  const dateFunction = DATE_FUNCTIONS[name];
  if (!dateFunction)
    throw rejectAt(
      context,
      "MALFORMED_QUERY",
      expression.span,
      `unexpected token: '${expression.name.text}'`,
    );
  return compileDateFunction(name, dateFunction, inner);
};

const compileArgument = (context: QueryContext, source: Source, call: FunctionCall): Scalar => {
  const [argument, ...more] = call.args;
  if (argument === undefined || more.length > 0 || !isExpression(argument))
    throw rejectAt(context, "MALFORMED_QUERY", call.span, `invalid arguments of function ${call.name.text}`);
  return compileScalar(context, source, argument);
};

export const isExpression = (argument: FunctionArgument): argument is Expression =>
  argument.kind === "field" || argument.kind === "function";

/** Change how a value looks, not what it is; the key in the answer stays the field's. */
const PRESENTATION: Readonly<
  Record<string, { readonly type?: FieldType; readonly wrap: (inner: Scalar) => (row: object) => Value }>
> = {
  // Labels equal values in this org, and there is one currency and one time zone.
  TOLABEL: { type: "string", wrap: (inner) => inner.read },
  CONVERTCURRENCY: { wrap: (inner) => inner.read },
  CONVERTTIMEZONE: { wrap: (inner) => inner.read },
  FORMAT: { type: "string", wrap: (inner) => (row) => formatValue(inner.type, inner.read(row)) },
};

type Of = (date: Date) => number | string;

const quarter: Of = (date) => Math.floor(date.getUTCMonth() / 3) + 1;
const month: Of = (date) => date.getUTCMonth() + 1;
const year: Of = (date) => date.getUTCFullYear();
const dayInYear = (date: Date) =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1;

const DATE_FUNCTIONS: Readonly<Record<string, Of>> = {
  CALENDAR_MONTH: month,
  CALENDAR_QUARTER: quarter,
  CALENDAR_YEAR: year,
  FISCAL_MONTH: month,
  FISCAL_QUARTER: quarter,
  FISCAL_YEAR: year,
  DAY_IN_MONTH: (date) => date.getUTCDate(),
  DAY_IN_WEEK: (date) => date.getUTCDay() + 1,
  DAY_IN_YEAR: dayInYear,
  WEEK_IN_MONTH: (date) => Math.ceil(date.getUTCDate() / 7),
  WEEK_IN_YEAR: (date) => Math.ceil(dayInYear(date) / 7),
  DAY_ONLY: (date) => dateOfTime(date.getTime()),
  HOUR_IN_DAY: (date) => date.getUTCHours(),
};

const compileDateFunction = (name: string, of: Of, inner: Scalar): Scalar => {
  const needsTime = name === "DAY_ONLY" || name === "HOUR_IN_DAY";
  if (inner.type !== "datetime" && (needsTime || inner.type !== "date"))
    throw reject("INVALID_FIELD", `field ${inner.path.name} does not support function ${name}`);
  return {
    ...inner,
    name: undefined,
    function: name,
    type: name === "DAY_ONLY" ? "date" : "int",
    read: (row) => {
      const value = inner.read(row);
      if (value === null) return null;
      return of(new Date(typeof value === "number" ? value : `${value}T00:00:00Z`));
    },
  };
};

/** Throws where Salesforce does not let a field be used so. */
export const requireUse = (
  context: QueryContext,
  scalar: Scalar,
  at: Expression,
  use: "filtered" | "sorted" | "grouped",
): void => {
  const allowed: Record<typeof use, (field: Field<object>) => boolean> = {
    filtered: (field) => field.filterable,
    sorted: (field) => field.sortable,
    // A date function makes groups of what could not be grouped itself.
    grouped: (field) => field.groupable || scalar.function !== undefined,
  };
  if (!allowed[use](scalar.path.field))
    throw rejectAt(
      context,
      use === "filtered" ? "INVALID_FIELD" : "MALFORMED_QUERY",
      at.span,
      `field '${scalar.path.field.name}' can not be ${use} in a query call`,
    );
};
