import { expect, test } from "vitest";
import { markdown } from "../../src/cli/markdown.ts";

const table = (columns: string[], rows: unknown[][], more: object = {}) => ({
  columns,
  rows,
  returned: rows.length,
  total: rows.length,
  truncated: false,
  ...more,
});

test("an answer reads as a document: facts, tables, notices, sources", () => {
  const text = markdown({
    quarter: "2026_Q4",
    amount: 1234567.5,
    totals: [{ currency: "USD", deals: 2 }],
    deals: table(
      ["name", "amount"],
      [
        ["Acme", 1000],
        ["Globex", null],
      ],
      { total: 7 },
    ),
    notices: ["LIMIT lowered to 200"],
    sources: [{ system: "desk", asOf: "2026-11-21T09:00:00.000Z", requests: 1, cached: false }],
  });
  expect(text).toBe(`- **quarter**: 2026_Q4
- **amount**: 1,234,567.50

### totals (1 of 1)

| currency | deals |
| --- | ---: |
| USD | 2 |

### deals (2 of 7)

| name | amount |
| --- | ---: |
| Acme | 1,000 |
| Globex |  |

> LIMIT lowered to 200

Sources: desk: 1 request, as of 2026-11-21T09:00:00Z.
`);
});

test("what somebody typed into a record can neither end a cell nor become markup, a link or a picture", () => {
  const hostile = "a | b\nc\r\nd ![x](https://evil.example) <img src=x> `code` **bold** \\";
  const text = markdown({ said: hostile, rows: table(["text"], [[hostile]]) });
  const cell =
    "a \\| b<br>c<br>d !\\[x\\](https://evil.example) \\<img src=x\\> \\`code\\` \\*\\*bold\\*\\* \\\\";
  expect(text).toContain(`- **said**: ${cell}\n`);
  expect(text).toContain(`| text |\n| --- |\n| ${cell} |\n`);
});

test("values that all rows have in common stand once, above the table", () => {
  const text = markdown({
    deals: table(["name"], [["Acme"], ["Globex"]], { shared: { currency: "USD", quarter: "2026_Q4" } }),
  });
  expect(text).toContain("### deals (2 of 2)\n\nEach with currency USD, quarter 2026_Q4.\n\n| name |");
});

test("a short object stands in its line, a record a field a line, nested ones below it; an empty table is said to be", () => {
  const record = { Id: "006", Name: "Acme", Stage: "Commit", Amount: 5, A: "a", B: "b", Empty: null, C: "c" };
  const text = markdown({
    totals: { deals: 3, amount: 5000, unknown: null },
    ids: ["a", "b"],
    record,
    nested: { last: { kind: "event", at: null }, requests: [{ url: "a", note: "b" }, { sub: ["c", {}] }] },
    none: table([], []),
  });
  expect(text).toContain(
    "- **totals**: deals 3, amount 5,000\n- **ids**: a; b\n- **record**:\n  - Id: 006\n",
  );
  expect(text).not.toContain("Empty");
  expect(text).toContain(
    "- **nested**:\n  - last: kind event\n  - requests:\n    - url a, note b\n    -\n      - sub:\n",
  );
  expect(text).toContain("### none (0 of 0)\n\nNo rows.\n");
});
