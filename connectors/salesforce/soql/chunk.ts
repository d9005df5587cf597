import { toId18 } from "#connector";
import type { Comparison, Condition, FieldPath, LiteralList, Query, StringLiteral } from "./ast.ts";
import { SoqlError } from "./errors.ts";
import { obstacle } from "./merge.ts";
import { print } from "./print.ts";

/** Of one query. More of them would mean that something else than the ids makes it long. */
const MOST_PARTS = 10;

/**
 * The query in parts that can be sent, where one list of record ids makes it too long: a condition
 * `AccountId IN ('001…', …)` that every row must meet. Its ids are brought to 18 characters, each once,
 * and spread over the parts; so no record is in two of them, and their answers can be merged. A query
 * that fits, or has no such list, is its own only part.
 *
 * @param fits whether a text can be sent
 * @throws SoqlError NOT_MERGEABLE, TOO_COMPLEX
 */
export function chunk(query: Query, fits: (soql: string) => boolean): readonly Query[] {
  if (fits(print(query))) return [query];
  const found = query.where ? idListsIn(query.where) : [];
  const [longest] = found.sort((a, b) => b.ids.length - a.ids.length);
  if (!longest) return [query];
  const { list, ids } = longest;
  const withIds = (some: readonly string[]): Query => ({
    ...query,
    where: withList(query.where!, list, {
      ...list,
      members: some.map((id) => ({ kind: "string", value: id, raw: `'${id}'`, span: list.span })),
    }),
  });
  // All ids are of one length, so what fits of the first fits of any.
  const most = largest(ids.length, (count) => fits(print(withIds(ids.slice(0, count)))));
  if (most === 0) return [query];
  if (most === ids.length) return [withIds(ids)];
  const why = obstacle(query);
  if (why) {
    const message = `At most ${most} of these ids fit into one request, so the query would be sent in parts, but ${why.message}`;
    throw new SoqlError("NOT_MERGEABLE", message, why.span);
  }
  const count = Math.ceil(ids.length / most);
  if (count > MOST_PARTS) {
    const message = `The query would be sent in ${count} parts, at most ${MOST_PARTS} are; shorten what stands beside the list, or ask with at most ${most * MOST_PARTS} ids`;
    throw new SoqlError("TOO_COMPLEX", message, list.span);
  }
  return Array.from({ length: count }, (_, part) => withIds(ids.slice(part * most, (part + 1) * most)));
}

interface IdList {
  readonly list: LiteralList;
  /** With 18 characters, each once, in the order of the list. */
  readonly ids: readonly string[];
}

/** The lists of nothing but ids in conditions that every row must meet. */
function idListsIn(condition: Condition): IdList[] {
  switch (condition.kind) {
    case "group":
      return idListsIn(condition.condition);
    case "logical":
      return condition.operator === "AND" ? condition.conditions.flatMap(idListsIn) : [];
    case "comparison":
      return idListOf(condition);
    case "not":
      return [];
  }
}

function idListOf({ left, operator, right }: Comparison): IdList[] {
  if (operator !== "IN" || right.kind !== "list" || left.kind !== "field") return [];
  const ids = right.members.map((member) =>
    member.kind === "string" && isId(member, left) ? toId18(member.value) : undefined,
  );
  return ids.every((id) => id !== undefined) ? [{ list: right, ids: [...new Set(ids)] }] : [];
}

/** A custom field may be text, where 15 characters are not the same as 18 and case does not count. */
const isId = ({ value }: StringLiteral, { parts }: FieldPath) =>
  value.length === 18 || /id$/i.test(parts.at(-1)!);

/** The condition with another list in the place of this one. */
function withList<C extends Condition>(condition: C, list: LiteralList, other: LiteralList): C;
function withList(condition: Condition, list: LiteralList, other: LiteralList): Condition {
  switch (condition.kind) {
    case "group":
      return { ...condition, condition: withList(condition.condition, list, other) };
    case "logical":
      return { ...condition, conditions: condition.conditions.map((one) => withList(one, list, other)) };
    case "comparison":
      return condition.right === list ? ({ ...condition, right: other } as Comparison) : condition;
    case "not":
      return condition;
  }
}

/** The largest number up to `most` that is good, where all below a good one are good. */
function largest(most: number, isGood: (count: number) => boolean): number {
  let good = 0;
  let bad = most + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isGood(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
