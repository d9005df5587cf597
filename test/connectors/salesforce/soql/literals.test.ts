import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harden } from "../../../../connectors/salesforce/soql/harden.ts";
import {
  contains,
  date,
  dateTime,
  id,
  list,
  nothing,
  number,
  quote,
  quoteLike,
  soql,
  text,
} from "../../../../connectors/salesforce/soql/literals.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";

const readBack = (operator: string, literal: string) => {
  const { where } = parse(`SELECT Id FROM Account WHERE Name ${operator} ${literal}`);
  return where?.kind === "comparison" && where.right.kind === "string" ? where.right.value : undefined;
};

describe("values in ready-made queries", () => {
  test("any text becomes one literal that means exactly this text", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({
        unit: fc.constantFrom("\\", "'", "%", "_", "u", "0", "\n", "\u2028", "\u0000"),
        maxLength: 60,
      }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(anything, (value) => readBack("=", quote(value)) === value),
      { numRuns: 2000 },
    );
  });

  test("a LIKE pattern finds the text itself, not what its wildcards would find", () => {
    expect(quoteLike("100%_\\'")).toBe("'%100\\%\\_\\\\\\'%'");
    expect(quoteLike("a", "start")).toBe("'a%'");
    expect(quoteLike("a", "exact")).toBe("'a'");
    expect(readBack("LIKE", quoteLike("a_b", "exact"))).toBe("a\\_b");
  });

  test("the escape that stops at the quote is not enough", () => {
    const query = soql`SELECT Id FROM Account WHERE Name = ${text("x\\' OR Name != '")}`;
    expect(harden(query.soql).soql).toBe(
      "SELECT Id FROM Account WHERE Name = 'x\\\\\\' OR Name != \\'' LIMIT 200",
    );
  });

  test("templates nest, and their values are typed", () => {
    const owner = soql` AND OwnerId = ${id("005000000000001")}`;
    const query = (mine: boolean) =>
      soql`SELECT Id FROM Opportunity WHERE CloseDate >= ${date("2026-11-21")}${mine ? owner : nothing} AND Amount > ${number(-1.5)} AND StageName IN ${list(["A", "O'B"].map(text))} AND Name LIKE ${contains("x")} AND CreatedDate < ${dateTime("2026-11-21T02:00:00+02:00")}`;
    expect(query(true).soql).toBe(
      "SELECT Id FROM Opportunity WHERE CloseDate >= 2026-11-21 AND OwnerId = '005000000000001AAA' AND Amount > -1.5 AND StageName IN ('A', 'O\\'B') AND Name LIKE '%x%' AND CreatedDate < 2026-11-21T00:00:00.000Z",
    );
    expect(query(false).soql).not.toContain("OwnerId");
    // @ts-expect-error a plain string is no value
    expect(() => soql`SELECT Id FROM Account WHERE Name = ${"x"}`.soql.length).not.toThrow();
  });

  test.each([
    () => date("2026-02-30"),
    () => date("2026-11-21' OR x='"),
    () => dateTime("2026-11-21"),
    () => dateTime(new Date(Number.NaN)),
    () => number(1e21),
    () => number(Number.NaN),
    () => list([]),
  ])("what is not of its type is refused: %s", (make) => {
    expect(make).toThrow(RangeError);
  });
});
