/** WHERE and HAVING: conditions as three-valued tests, joined as SOQL joins them. */
import type { Comparison, Condition, Expression } from "../../soql/ast.ts";
import type { Value } from "../schema/row.ts";
import { compileComparison, type Operand, type Truth } from "./comparison.ts";
import { type QueryContext, rejectAt } from "./context.ts";

/** What a comparison reads from a row (WHERE) or a group (HAVING). */
export interface ReadableOperand<T> extends Operand {
  read(subject: T): Value;
}

export interface ConditionParts<T> {
  operand(expression: Expression): ReadableOperand<T>;
  /** `IN (SELECT …)`; `nested` when not a plain conjunct of the whole condition. */
  semiJoin(comparison: Comparison, nested: boolean): (subject: T) => boolean;
}

export const compileCondition = <T>(
  context: QueryContext,
  condition: Condition,
  parts: ConditionParts<T>,
): ((subject: T) => boolean) => {
  const test = compile(context, condition, parts, false);
  return (subject) => test(subject) === true;
};

const compile = <T>(
  context: QueryContext,
  condition: Condition,
  parts: ConditionParts<T>,
  nested: boolean,
): ((subject: T) => Truth) => {
  switch (condition.kind) {
    case "group":
      return compile(context, condition.condition, parts, nested);
    case "not": {
      refuseBareNot(context, [condition.condition]);
      const inner = compile(context, condition.condition, parts, true);
      return (subject) => {
        const truth = inner(subject);
        return truth === undefined ? undefined : !truth;
      };
    }
    case "logical": {
      refuseBareNot(context, condition.conditions);
      const below = nested || condition.operator === "OR";
      const tests = condition.conditions.map((one) => compile(context, one, parts, below));
      return condition.operator === "AND" ? all(tests) : any(tests);
    }
    case "comparison": {
      if (condition.right.kind === "subquery") return parts.semiJoin(condition, nested);
      const { read, ...operand } = parts.operand(condition.left);
      const test = compileComparison(context, operand, condition);
      return (subject) => test(read(subject));
    }
  }
};

/** Salesforce's grammar has no NOT beside AND or OR, nor behind another, without parentheses of its own. */
const refuseBareNot = (context: QueryContext, conditions: readonly Condition[]): void => {
  const bare = conditions.find(({ kind }) => kind === "not");
  if (bare) throw rejectAt(context, "MALFORMED_QUERY", bare.span, "unexpected token: 'NOT'");
};

const all =
  <T>(tests: readonly ((subject: T) => Truth)[]) =>
  (subject: T): Truth => {
    let truth: Truth = true;
    for (const test of tests) {
      const one = test(subject);
      if (one === false) return false;
      if (one === undefined) truth = undefined;
    }
    return truth;
  };

const any =
  <T>(tests: readonly ((subject: T) => Truth)[]) =>
  (subject: T): Truth => {
    let truth: Truth = false;
    for (const test of tests) {
      const one = test(subject);
      if (one === true) return true;
      if (one === undefined) truth = undefined;
    }
    return truth;
  };
