import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { QueryAnswer } from "../../../../connectors/salesforce/shapes.ts";
import { chunk } from "../../../../connectors/salesforce/soql/chunk.ts";
import { merge } from "../../../../connectors/salesforce/soql/merge.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";
import { print } from "../../../../connectors/salesforce/soql/print.ts";
import { toId18 } from "../../../../src/connector/crm-id.ts";

interface Row {
  readonly Amount: number | null;
  readonly Name: string | null;
  readonly Owner: { readonly IsActive: boolean } | null;
}

const row: fc.Arbitrary<Row> = fc.record({
  Amount: fc.option(fc.integer({ min: -3, max: 3 })),
  Name: fc.option(fc.constantFrom("Acme", "acme b", "Zeta", "zeta", "Ørsted", "10", "9")),
  Owner: fc.option(fc.record({ IsActive: fc.boolean() })),
});

const TEXT_ORDERS = {
  "without regard to case": new Intl.Collator("en", { sensitivity: "accent" }).compare,
  "by code": (a: string, b: string) => Number(a > b) - Number(a < b),
};

const read = {
  amount: (one: Row) => one.Amount,
  name: (one: Row) => one.Name,
  "owner.isactive": (one: Row) => one.Owner?.IsActive ?? null,
};
type Column = keyof typeof read;

const order = fc.record({
  column: fc.constantFrom(...(Object.keys(read) as Column[])),
  direction: fc.constantFrom("", " ASC", " DESC"),
  nulls: fc.constantFrom("", " NULLS FIRST", " NULLS LAST"),
});
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

/** What Salesforce does with all rows at once, written apart from the code that is tested. */
const sortedBy = (orders: readonly Order[], text: (a: string, b: string) => number) => (a: Row, b: Row) => {
  for (const { column, direction, nulls } of orders) {
    const [x, y] = [read[column](a), read[column](b)];
    if (x === y) continue;
    const first = nulls === " NULLS LAST" ? 1 : -1;
    if (x === null) return first;
    if (y === null) return -first;
    const ascending = typeof x === "string" ? text(x, String(y)) : Number(x) - Number(y);
    if (ascending !== 0) return direction === " DESC" ? -ascending : ascending;
  }
  return 0;
};

const answer = (rows: readonly Row[], limit: number): QueryAnswer => {
  const records = rows.slice(0, limit).map((one) => ({ ...one }));
  return { totalSize: records.length, done: true, records };
};

describe("merged answers", () => {
  const property = (
    text: (a: string, b: string) => number,
    limits: fc.Arbitrary<number>,
    seen: readonly Row[],
  ) =>
    fc.property(
      fc.array(fc.array(row, { maxLength: 12 }), { minLength: 2, maxLength: 6 }),
      fc.uniqueArray(order, { minLength: 1, maxLength: 3, selector: ({ column }) => column }),
      limits,
      (others, orders, limit) => {
        const parts = [seen, ...others];
        const by = orders.map(({ column, direction, nulls }) => column + direction + nulls).join(", ");
        const query = parse(
          `SELECT amount, name, owner.isactive FROM Opportunity ORDER BY ${by} LIMIT ${limit}`,
        );
        const compare = sortedBy(orders, text);
        const merged = merge(
          query,
          parts.map((rows) => answer([...rows].sort(compare), limit)),
        );
        const whole = parts.flat().sort(compare).slice(0, limit);
        expect(merged).toMatchObject({ totalSize: whole.length, done: true, sorted: true });
        expect(merged.records).toHaveLength(whole.length);
        // Rows that ORDER BY does not tell apart may stand in any order, here as in Salesforce.
        const wrong = merged.records.filter(
          (one, place) => compare(one as unknown as Row, whole[place]!) !== 0,
        );
        expect(wrong).toEqual([]);
      },
    );

  test("are what one request would have answered: sorted, cut at LIMIT, added up", () => {
    fc.assert(property(TEXT_ORDERS["without regard to case"], fc.nat({ max: 20 }), []), { numRuns: 500 });
  });

  test("are in the order of the field, as far as the parts show it", () => {
    const seen: Row[] = ["Zeta", "acme b"].map((Name) => ({ Name, Amount: null, Owner: null }));
    fc.assert(property(TEXT_ORDERS["by code"], fc.constant(100), seen), { numRuns: 500 });
  });

  test("without ORDER BY stand in the order of the parts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(row), { minLength: 2, maxLength: 5 }),
        fc.nat({ max: 9 }),
        (parts, limit) => {
          const query = parse(`SELECT Amount FROM Opportunity LIMIT ${limit}`);
          const merged = merge(
            query,
            parts.map((rows) => answer(rows, limit)),
          );
          expect(merged.records).toEqual(parts.flatMap((rows) => rows.slice(0, limit)).slice(0, limit));
        },
      ),
    );
  });

  test("of COUNT() are the sum, up to LIMIT", () => {
    const count = (totalSize: number): QueryAnswer => ({ totalSize, done: true, records: [] });
    const query = (limit: string) => parse(`SELECT COUNT() FROM Account${limit}`);
    expect(merge(query(""), [count(3), count(4)])).toMatchObject({ totalSize: 7, done: false });
    expect(merge(query(" LIMIT 5"), [count(3), count(4)]).totalSize).toBe(5);
  });

  test("end where a part was cut, because what it would go on with is not known", () => {
    const names = (...list: string[]) => list.map((Name) => ({ Name }));
    const query = parse("SELECT Name FROM Account ORDER BY Name LIMIT 9");
    const merged = merge(query, [
      { totalSize: 5, done: false, records: names("a", "d") },
      { totalSize: 3, done: true, records: names("b", "c", "e") },
    ]);
    expect(merged).toEqual({ totalSize: 8, done: false, sorted: true, records: names("a", "b", "c", "d") });
  });

  test("keep each part's order where it is one of Salesforce's own", () => {
    const stages = (...list: string[]) => list.map((StageName) => ({ StageName }));
    const query = parse("SELECT StageName FROM Opportunity ORDER BY StageName LIMIT 9");
    const { sorted, records } = merge(query, [
      { totalSize: 2, done: true, records: stages("Prospecting", "Commit") },
      { totalSize: 1, done: true, records: stages("Negotiation") },
    ]);
    expect(sorted).toBe(false);
    expect(records).toHaveLength(3);
    expect(records.map(({ StageName }) => StageName).join()).toMatch(/Prospecting.*Commit/);
  });
});

describe("parts", () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, index) => toId18(`001${String(index).padStart(12, "0")}`)!);

  test("all fit, and together hold each id once, in order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 200, max: 3_000 }),
        (count, longest) => {
          const all = ids(count);
          const written = all.map((id) => `'${id}'`).join(", ");
          const query = parse(`SELECT Id FROM Account WHERE Name != NULL AND Id IN (${written}) LIMIT 200`);
          const fits = (soql: string) => soql.length <= longest;
          const most = Math.floor((longest - 60) / 22);
          fc.pre(Math.ceil(count / most) < 10);
          const parts = chunk(query, fits).map(print);
          expect(parts.every(fits)).toBe(true);
          expect(parts.join().match(/\w{18}/g)).toEqual(all);
        },
      ),
    );
  });

  test("are one where the query fits, or nothing in it can be split", () => {
    const query = parse("SELECT Id FROM Account WHERE Name IN ('a', 'b')");
    expect(chunk(query, () => true)).toEqual([query]);
    expect(chunk(query, () => false)).toEqual([query]);
  });
});
