/** ORDER BY: nulls first unless asked otherwise, picklists in the order of their values, text without case. */
import type { OrderItem } from "../../soql/ast.ts";
import type { Value } from "../schema/row.ts";

export interface Sorted<T> {
  /** Values of a picklist field, in order. */
  readonly picklist: readonly string[];
  read(subject: T): Value;
}

const collator = new Intl.Collator("en", { sensitivity: "accent" });

export const compileOrder = <T>(
  items: readonly OrderItem[] | undefined,
  sortedBy: (item: OrderItem) => Sorted<T>,
): ((subjects: readonly T[]) => readonly T[]) => {
  if (!items) return (subjects) => subjects;
  const compiled = items.map((item) => ({
    ...sortedBy(item),
    sign: item.direction === "DESC" ? -1 : 1,
    nulls: item.nulls === "LAST" ? 1 : -1,
  }));
  return (subjects) => {
    const keyed = subjects.map((subject) => ({
      subject,
      keys: compiled.map(({ read, picklist }) => rank(read(subject), picklist)),
    }));
    keyed.sort((a, b) => {
      for (const [index, { sign, nulls }] of compiled.entries()) {
        const left = a.keys[index]!;
        const right = b.keys[index]!;
        if (left === right) continue;
        if (left === null) return nulls;
        if (right === null) return -nulls;
        const order = compareValues(left, right);
        if (order !== 0) return sign * order;
      }
      return 0;
    });
    return keyed.map(({ subject }) => subject);
  };
};

const rank = (value: Value, picklist: readonly string[]): Value => {
  const index = picklist.indexOf(String(value));
  return index < 0 ? value : index;
};

export const compareValues = (left: string | number | boolean, right: string | number | boolean): number =>
  typeof left === "string" && typeof right === "string"
    ? collator.compare(left, right)
    : Number(left > right) - Number(left < right);
