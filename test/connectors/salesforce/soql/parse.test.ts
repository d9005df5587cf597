import { describe, expect, test } from "vitest";
import type { Literal, Query } from "../../../../connectors/salesforce/soql/ast.ts";
import { parse } from "../../../../connectors/salesforce/soql/parse.ts";
import { print } from "../../../../connectors/salesforce/soql/print.ts";

const valueIn = (text: string) => {
  const { where } = parse(`SELECT Id FROM A WHERE x ${text}`);
  if (where?.kind !== "comparison") throw new Error("not a comparison");
  return where.right;
};

describe("values", () => {
  test.each<[string, Partial<Literal>]>([
    ["= 'O\\'Brien'", { kind: "string", value: "O'Brien", raw: "'O\\'Brien'" }],
    ["= '\\\\ \\n\\R\\t\\\"\\u00E9'", { kind: "string", value: '\\ \n\r\t"é' }],
    ["LIKE '100\\%\\\\_\\''", { kind: "string", value: "100\\%\\\\_'" }],
    ["= -12.50", { kind: "number", value: -12.5, raw: "-12.50" }],
    ["> usd5000.25", { kind: "currency", currency: "USD", value: 5000.25 }],
    ["> EUR10", { kind: "currency", currency: "EUR", value: 10 }],
    ["= False", { kind: "boolean", value: false }],
    ["<> null", { kind: "null" }],
    ["= 2028-02-29", { kind: "date", value: "2028-02-29" }],
    ["> 2026-11-21T05:32:21Z", { kind: "dateTime", value: Date.UTC(2026, 10, 21, 5, 32, 21) }],
    ["> 2026-11-21T05:32:21.5+02:00", { kind: "dateTime", value: Date.UTC(2026, 10, 21, 3, 32, 21, 500) }],
    ["> 2026-11-21T05:32:21.000-0800", { kind: "dateTime", value: Date.UTC(2026, 10, 21, 13, 32, 21) }],
    ["= this_fiscal_quarter", { kind: "relativeDate", name: "THIS_FISCAL_QUARTER" }],
    ["= last_n_days:030", { kind: "relativeDate", name: "LAST_N_DAYS", n: 30 }],
  ])("%s is read", (text, literal) => {
    expect(valueIn(text)).toMatchObject(literal);
  });
});

describe("the tree", () => {
  test("holds every clause", () => {
    const text =
      "SELECT Id, Owner.Name, COUNT(Id) AS n, FIELDS(STANDARD), (SELECT Id FROM Contacts), TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Account a, a.Contacts USING SCOPE team WHERE NOT (x = 1 OR y IN (1, 2)) WITH DATA CATEGORY Geo__c AT (usa__c) GROUP BY CUBE(Name) HAVING COUNT(Id) > 1 ORDER BY Name DESC NULLS LAST LIMIT 3 OFFSET 4 FOR VIEW UPDATE TRACKING SET OPTIONS (a = 1) ALL ROWS";
    const query = parse(text);
    expect(query).toMatchObject({
      select: [
        { kind: "selectExpression", expression: { kind: "field", parts: ["Id"] } },
        { expression: { parts: ["Owner", "Name"] } },
        { expression: { kind: "function", name: { text: "COUNT" } }, alias: { text: "n" } },
        { kind: "fields", which: "STANDARD" },
        { kind: "childQuery", query: { from: { path: ["Contacts"] } } },
        { kind: "typeof", branches: [{ object: { text: "Account" } }], otherwise: [{ parts: ["Name"] }] },
      ],
      from: { path: ["Account"], alias: { text: "a" } },
      alsoFrom: [{ path: ["a", "Contacts"] }],
      scope: { name: { text: "team" } },
      where: { kind: "not", condition: { kind: "group", condition: { kind: "logical", operator: "OR" } } },
      with: { mode: "other", text: "DATA CATEGORY Geo__c AT ( usa__c )" },
      groupBy: { form: "CUBE", by: [{ parts: ["Name"] }] },
      having: { kind: "comparison", operator: ">" },
      orderBy: [{ direction: "DESC", nulls: "LAST" }],
      limit: { value: 3 },
      offset: { value: 4 },
      tails: [
        { clause: "FOR VIEW" },
        { clause: "UPDATE TRACKING" },
        { clause: "SET OPTIONS", options: "a = 1" },
        { clause: "ALL ROWS" },
      ],
    });
    expect(print(parse(print(query)))).toBe(print(query));
  });

  test("says where each node stands in the text it was read from", () => {
    const text = "  SELECT Id, (SELECT Name FROM Contacts) FROM Account WHERE Owner.Name LIKE 'x%' ;";
    const slice = ({ span }: { span: { start: number; end: number } }) => text.slice(span.start, span.end);
    const query: Query = parse(text);
    expect(slice(query)).toBe(text.slice(2, -2));
    expect(query.select.map(slice)).toEqual(["Id", "(SELECT Name FROM Contacts)"]);
    expect(slice(query.from)).toBe("Account");
    expect(slice(query.where!)).toBe("Owner.Name LIKE 'x%'");
  });

  test.each([
    ["NOT a = 1 AND NOT (b = 2)", "(NOT a = 1) AND (NOT (b = 2))"],
    ["a = 1 OR (NOT b = 2 OR NOT NOT c = 3)", "a = 1 OR ((NOT b = 2) OR (NOT (NOT c = 3)))"],
    ["NOT (NOT a = 1)", "NOT (NOT a = 1)"],
    ["(NOT a = 1)", "(NOT a = 1)"],
    ["NOT a = 1", "NOT a = 1"],
  ])("is printed with the parentheses that Salesforce wants around NOT: %s", (condition, printed) => {
    const text = print(parse(`SELECT Id FROM A WHERE ${condition}`));
    expect(text).toBe(`SELECT Id FROM A WHERE ${printed}`);
    expect(print(parse(text))).toBe(text);
  });

  test("does not read the same last clause twice", () => {
    expect(() => parse("SELECT Id FROM Account FOR VIEW FOR VIEW")).toThrow("FOR VIEW twice");
  });

  test("reads what Salesforce reads, also where the hub's policy would refuse it", () => {
    expect(print(parse("select Sleep(1) from Account for view"))).toBe(
      "SELECT Sleep(1) FROM Account FOR VIEW",
    );
  });
});
