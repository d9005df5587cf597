import { expect, test } from "vitest";
import { spreadsheet } from "../../src/cli/spreadsheet.ts";

const table = (columns: string[], rows: unknown[][], more: object = {}) => ({
  columns,
  rows,
  returned: rows.length,
  total: rows.length,
  truncated: false,
  ...more,
});

const ANSWER = {
  quarter: "2026_Q4",
  totals: [{ currency: "USD", deals: 3 }],
  owners: table(["owner", "deals"], [["Ann", 3]]),
  deals: table(
    ["name", "amount"],
    [
      ["Acme, Inc.", 1000],
      ["=1+1", 20.5],
      ["Initech", null],
    ],
  ),
  notices: ["Partial: without clari."],
};

test("the table with the most rows is written, and who sees only it is told what else there is", () => {
  const { csv, remarks } = spreadsheet(ANSWER);
  expect(csv).toBe(`name,amount\r\n"Acme, Inc.",1000\r\n'=1+1,20.5\r\nInitech,\r\n`);
  expect(remarks).toEqual([
    'This is the table "deals". The answer has others: --table totals, --table owners.',
    "Partial: without clari.",
  ]);
});

test("another table, also a list of objects, is written by its name", () => {
  expect(spreadsheet(ANSWER, "owners")).toEqual({
    csv: "owner,deals\r\nAnn,3\r\n",
    remarks: ["Partial: without clari."],
  });
  expect(spreadsheet(ANSWER, "totals").csv).toBe("currency,deals\r\nUSD,3\r\n");
  expect(() => spreadsheet(ANSWER, "people")).toThrow(
    expect.objectContaining({ code: "config", hint: "It has totals, owners, deals." }),
  );
});

test("of equally long tables the first; the only one needs no remark", () => {
  const two = { first: table(["a"], [[1]]), second: table(["b"], [[2]]) };
  expect(spreadsheet(two).csv).toBe("a\r\n1\r\n");
  expect(spreadsheet({ only: table(["a"], [[1]]) }).remarks).toEqual([]);
});

test("shared values are a column again; rows that were never read are said to be missing", () => {
  const deals = table(["name"], [["Acme"], ["Globex"]], { shared: { currency: "USD" }, total: 9 });
  expect(spreadsheet({ deals })).toEqual({
    csv: "name,currency\r\nAcme,USD\r\nGlobex,USD\r\n",
    remarks: ["These are 2 of 9 rows: the tool gave no more. Ask it for more."],
  });
});

test("an answer without tables is one row of its facts", () => {
  const { csv } = spreadsheet({
    id: "006",
    totals: { deals: 3, amount: 5.5, unknown: null },
    running: ["a", "b"],
    sources: [],
  });
  expect(csv).toBe("id,totals.deals,totals.amount,running\r\n006,3,5.5,a; b\r\n");
});
