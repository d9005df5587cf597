import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { afterEach, expect, test } from "vitest";
import { renderAnswer } from "../../src/cli/render.ts";
import { startHub } from "../kit/hub.ts";

const SHELF = fileURLToPath(new URL("../kit/shelf.ts", import.meta.url));

const terminal = Object.getOwnPropertyDescriptor(process.stdout, "columns");
const setWidth = (columns: number) =>
  Object.defineProperty(process.stdout, "columns", { value: columns, configurable: true });
afterEach(() => {
  if (terminal) Object.defineProperty(process.stdout, "columns", terminal);
  else Reflect.deleteProperty(process.stdout, "columns");
});

const shown = (content: Record<string, unknown>) => stripVTControlCharacters(renderAnswer(content));
const shelf = () => startHub({ connectors: { shelf: { from: SHELF } } });

test("a person sees what all rows share once, and how to get the rest: no cursor outlives the command", async () => {
  const hub = await shelf();
  const { answer } = await hub.call("shelf_list_books", { count: 120, limit: 3 });
  expect(answer.notices).toEqual([expect.stringContaining("hub_get_more")]);
  const text = shown(answer);
  expect(text).toContain(
    "books 3 of 120 (every row: --format csv --table books), all: language en, shelf 7, lent false\n",
  );
  expect(text).toMatch(/id +title +pages/);
  expect(text).toContain("sums 2 of 2\n");
  expect(text).not.toContain("hub_get_more");
});

test("texts wrap in their columns; what would be taller than four lines is shown a record at a time", async () => {
  const hub = await shelf();
  const title = "A long book about the closing of quarters, ".repeat(4);
  const { answer } = await hub.call("shelf_list_books", { count: 1, title });
  setWidth(200);
  expect(shown(answer)).toMatch(/id +title +language/);
  setWidth(80);
  const text = shown(answer);
  expect(text).toMatch(
    /\nA long book (?:.*\n {2})+.*, 0\n {2}id book 0 {3}language en {3}shelf 7 {3}lent false {3}pages 100\n/,
  );
  expect(text).not.toMatch(/id +title/);
});

test("a record's lines stay within the terminal, and its empty cells are left out", () => {
  setWidth(80);
  const evidence = "slipped twice, ".repeat(30).trim();
  const columns = ["ownerId", "owner", "evidence", "score"];
  const text = shown({
    deals: { columns, rows: [["005", "Ada", evidence, null]], returned: 1, total: 1, truncated: false },
  });
  expect(text).toContain("\nAda\n  ownerId 005\n  evidence slipped twice,");
  expect(text).not.toContain("score");
  for (const line of text.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(80);
});

test("a list inside a fact is a table beside it; decimal points stand below each other", () => {
  const steps = [
    { step: "new", amount: 200 },
    { step: "won", amount: -0.5 },
  ];
  expect(shown({ moved: { since: "2026-11-16", steps }, call: 7.25, none: [] })).toBe(
    "moved: since 2026-11-16\ncall: 7.25\nnone:\n\nmoved.steps 2 of 2\nstep  amount\nnew   200.00\nwon    -0.50\n\n",
  );
});

test("a record as a fact stands a field a line, an object in a cell in its cell", () => {
  const call = { a: 1, b: 2, currency: "USD", d: 4, e: 5, f: 6, gap: 7 };
  const rows = [["006", { field: "CloseDate", value: "2026-12-31" }]];
  const text = shown({
    call,
    issues: { columns: ["id", "correction"], rows, returned: 1, total: 1, truncated: false },
  });
  expect(text).toContain("call:\n  a         1\n");
  expect(text).toContain("  currency  USD\n");
  expect(text).toContain("006  field CloseDate, value 2026-12-31\n");
});
