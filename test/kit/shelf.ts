/** A connector without a vendor, for tests of tables: books on a shelf, some of them lent. */

import { z } from "zod";
import { defineConnector, defineToolsOn, openTable, table } from "#connector";

const tool = defineToolsOn<object>();

const count = z.int().describe("How many books.");
const LANGUAGES = ["en", "de"];

const booksOf = (books: number, title = "Book") =>
  Array.from({ length: books }, (_, id) => ({
    id: `book ${id}`,
    title: `${title} ${id}`,
    language: "en",
    shelf: 7,
    lent: false,
    remark: null,
    pages: 100 + id,
  }));

const listBooks = tool({
  name: "shelf_list_books",
  title: "List books",
  description: "All books on the shelf, and their sums by language.",
  effect: "read",
  input: z.strictObject({
    count,
    title: z.string().optional().describe("Begins every title."),
    total: z.int().optional().describe("How many there are, also those not on this shelf."),
  }),
  output: z.object({
    sums: table({ language: z.string(), books: z.int(), pages: z.int() }),
    books: table({
      id: z.string(),
      title: z.string(),
      language: z.string(),
      shelf: z.int(),
      lent: z.boolean(),
      remark: z.string().nullable(),
      pages: z.int(),
    }).describe("By id."),
    loans: table({ id: z.string(), book: z.string(), days: z.int() }).nullable(),
  }),
  plan: () => [],
  async handle({ count, title, total }) {
    const rows = booksOf(count, title);
    const sums = LANGUAGES.map((language) => ({
      language,
      books: language === "en" ? count : 0,
      pages: rows.reduce((sum, row) => sum + (row.language === language ? row.pages : 0), 0),
    }));
    const loans = rows.slice(0, 2).map(({ id, title }) => ({ id: "loan", book: title, days: id.length }));
    return {
      sums: { rows: sums, total: sums.length },
      books: { rows, total: total ?? count, page: 50 },
      loans: count > 0 ? { rows: loans, total: loans.length } : null,
    };
  },
});

const searchBooks = tool({
  name: "shelf_search_books",
  title: "Search books",
  description: "Books, with a limit and a view of its own.",
  effect: "read",
  input: z.strictObject({
    limit: z.int().max(3).default(2).describe("Most books."),
    view: z.enum(["short", "long"]).default("short").describe("How much."),
  }),
  output: z.object({ limit: z.int(), view: z.string(), rows: openTable() }),
  async handle({ limit, view }) {
    return { limit, view, rows: { rows: booksOf(limit), total: 9 } };
  },
});

const getText = tool({
  name: "shelf_get_text",
  title: "Get a text",
  description: "One long text, which no one can cut into rows.",
  effect: "read",
  input: z.strictObject({ words: z.int().describe("How long.") }),
  output: z.object({ text: z.array(z.string()) }),
  handle: async ({ words }) => ({ text: Array.from({ length: words }, (_, n) => `word ${n}`) }),
});

const complete = tool({
  name: "shelf_get_titles",
  title: "Get titles",
  description: "Titles that begin like this; for completions alone.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({}),
  output: z.object({ values: z.array(z.string()) }),
  handle: async () => ({ values: ["Book 0"] }),
});

export default defineConnector({
  name: "shelf",
  title: "Shelf",
  config: z.strictObject({}),
  start: () => ({}),
  health: async () => ({ summary: "upright" }),
  tools: [listBooks, searchBooks, getText, complete],
});
