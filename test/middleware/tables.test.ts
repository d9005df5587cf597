import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import type { Answered } from "../../src/middleware/call.ts";
import { startHub, type TestHub } from "../kit/hub.ts";
import { records } from "../kit/records.ts";

const SHELF = fileURLToPath(new URL("../kit/shelf.ts", import.meta.url));
const start = (config = {}) => startHub({ connectors: { shelf: { from: SHELF } }, config });
const books = async (hub: TestHub, input: object) => hub.call("shelf_list_books", { ...input });

describe("what all rows have in common stands once", () => {
  test("in shared, and no longer among the columns; an id and what is empty never", async () => {
    const { answer } = await books(await start(), { count: 3 });
    expect(answer.books).toEqual({
      columns: ["id", "title", "pages"],
      shared: { language: "en", shelf: 7, lent: false },
      rows: [
        ["book 0", "Book 0", 100],
        ["book 1", "Book 1", 101],
        ["book 2", "Book 2", 102],
      ],
      returned: 3,
      total: 3,
      truncated: false,
    });
    expect(records(answer.books)[1]).toMatchObject({ id: "book 1", language: "en", shelf: 7 });
    expect(answer.sums.columns).toEqual(["language", "books", "pages"]);
  });

  test("not for so few rows that it would cost more", async () => {
    const hub = await start();
    const { answer } = await books(hub, { count: 2 });
    expect(answer.books.shared).toBeUndefined();
    expect(answer.books.columns).toContain("language");
    expect(answer.loans).toMatchObject({ columns: ["id", "book", "days"] });
    const three = (await books(hub, { count: 3 })).answer.books;
    const { shared: _, ...without } = three;
    const names = Object.keys(records(three)[0]!);
    const repeated = { ...without, columns: names, rows: records(three).map((row) => Object.values(row)) };
    expect(encode(JSON.stringify(three)).length).toBeLessThanOrEqual(encode(JSON.stringify(repeated)).length);
  });
});

test("a table that a tool leaves empty-handed is left out of the answer", async () => {
  const { answer, isError } = await books(await start(), { count: 0 });
  expect(isError).toBe(false);
  expect(answer.books).toMatchObject({ columns: [], rows: [], total: 0 });
  expect(answer).not.toHaveProperty("loans");
});

describe("limit, fields and view", () => {
  test("limit is most rows, whatever the tool gives at once; sums stay whole", async () => {
    const hub = await start();
    const usual = (await books(hub, { count: 120 })).answer;
    expect(usual.books).toMatchObject({ returned: 50, total: 120, truncated: true });
    const few = (await books(hub, { count: 120, limit: 1 })).answer;
    expect(few.books).toMatchObject({ returned: 1, total: 120, truncated: true });
    expect(few.books.shared).toEqual(usual.books.shared);
    expect(few.sums.returned).toBe(2);
    expect((await books(hub, { count: 120, limit: 1_000 })).answer.books.returned).toBe(120);
    for (const limit of [0, 1_001, 1.5, "2"])
      expect(await books(hub, { count: 1, limit })).toBeRefused("invalid_input");
  });

  test("fields are the columns of one table, in the order asked for; the others stay whole", async () => {
    const hub = await start();
    const { answer } = await books(hub, { count: 120, fields: ["pages", "id", "language"] });
    expect(answer.books.columns).toEqual(["pages", "id"]);
    expect(answer.books.shared).toEqual({ language: "en" });
    expect(answer.books.rows[0]).toEqual([100, "book 0"]);
    expect(answer.sums.columns).toEqual(["language", "books", "pages"]);
    expect(answer.loans.columns).toEqual(["id", "book", "days"]);
    const { sums, books: pages } = (await books(hub, { count: 120, fields: ["pages", "pages"] })).answer;
    expect(sums.columns).toEqual(["language", "books", "pages"]);
    expect(pages.columns).toEqual(["pages"]);
  });

  test.each([[["colour"]], [["id", "colour"]], [["title", "days"]], [["books"]], [[]]])(
    "fields %j are no columns of one table: refused before the tool is run, with those there are",
    async (fields) => {
      const refused = await books(await start(), { count: 1, fields });
      expect(refused).toBeRefused("invalid_input");
      expect(refused.answer.error.hint).toBe(
        "Columns: books has id, title, language, shelf, lent, remark, pages; loans has id, book, days.",
      );
    },
  );

  test("a summary has sums, totals, and a cursor to the rows", async () => {
    const hub = await start();
    const { answer } = await books(hub, { count: 120, view: "summary" });
    expect(answer.books).toMatchObject({ rows: [], returned: 0, total: 120, truncated: true });
    expect(answer.loans).toMatchObject({ rows: [], returned: 0, total: 2 });
    expect(answer.sums).toMatchObject({ returned: 2, truncated: false });
    expect(answer.notices).toBeUndefined();
    const more = await hub.call("hub_get_more", { cursor: answer.books.cursor });
    expect(records(more.answer.rows).length).toBe(120);
    expect(await books(hub, { count: 1, view: "trend" })).toBeRefused("invalid_input");
  });

  test("a tool's own arguments of these names are its own", async () => {
    const hub = await start();
    expect(await hub.call("shelf_search_books", { limit: 3, view: "long" })).toHaveAnswer({
      limit: 3,
      view: "long",
      rows: expect.objectContaining({ returned: 3 }),
    });
    expect(await hub.call("shelf_search_books", { view: "summary" })).toBeRefused("invalid_input");
    const { answer } = await hub.call("shelf_search_books", { rows: 1 });
    expect(answer.error.hint).toBe("This tool takes: limit, view, fields.");
  });

  test("columns that only the rows tell can be chosen as well; an unknown one is refused with those there are", async () => {
    const hub = await start();
    const { answer } = await hub.call("shelf_search_books", { fields: ["pages", "id"] });
    expect(answer.rows).toMatchObject({ columns: ["pages", "id"], returned: 2, total: 9 });
    const refused = await hub.call("shelf_search_books", { fields: ["id", "colour"] });
    expect(refused).toBeRefused("invalid_input");
    expect(refused.answer.error.hint).toBe("Columns: id, title, language, shelf, lent, remark, pages.");
    expect(await hub.call("shelf_search_books", { fields: [] })).toBeRefused("invalid_input");
  });

  test("a dry run takes them as well, and what is unknown is refused with all there are", async () => {
    const hub = await start();
    expect(await books(hub, { count: 1, limit: 2, dry_run: true })).toHaveAnswer({
      dry_run: { requests: [] },
    });
    expect((await books(hub, { count: 1, rows: 2 })).answer.error.hint).toBe(
      "This tool takes: count, title, total, dry_run, limit, view, fields.",
    );
  });

  test("are offered by whatever has rows, in few words", async () => {
    const { tools } = await (await start()).client.listTools();
    const offered = (name: string) => {
      const found = tools.find((tool) => tool.name === name)!;
      return Object.keys(found.inputSchema.properties ?? {});
    };
    expect(offered("shelf_list_books")).toEqual([
      "count",
      "title",
      "total",
      "dry_run",
      "limit",
      "view",
      "fields",
    ]);
    expect(offered("shelf_search_books")).toEqual(["limit", "view", "fields"]);
    expect(offered("shelf_get_text")).toEqual(["words"]);
    expect(offered("hub_status")).toEqual([]);
    expect(offered("hub_get_more")).toEqual(["cursor", "limit", "fields"]);
    const list = tools.find(({ name }) => name === "shelf_list_books")!;
    expect((list.outputSchema!.properties as { books: object }).books).toEqual({
      type: "object",
      description: "By id. Columns: id, title, language, shelf, lent, remark, pages.",
    });
    const { limit, view, fields } = list.inputSchema.properties as Record<string, object>;
    expect(encode(JSON.stringify({ limit, view, fields })).length).toBeLessThan(75);
  });
});

describe("the budget of an answer", () => {
  test("is in tokens, and kept in whole rows whatever the text is made of", async () => {
    for (const title of [
      "Quarterly review of the northern region",
      "9f8e7d6c-5b4a",
      "契約更新の確認",
      "é~^`|@",
    ]) {
      const hub = await start({ limits: { answerTokens: 3_000 } });
      const { answer } = await books(hub, { count: 500, limit: 500, title });
      const tokens = encode(JSON.stringify(answer)).length;
      expect(tokens, title).toBeLessThan(3_000);
      expect(tokens, title).toBeGreaterThan(3_000 / 2.2);
      expect(answer.books.total).toBe(500);
      expect(answer.books.truncated).toBe(true);
      expect(answer.books.rows.every((row: unknown[]) => row.length === answer.books.columns.length)).toBe(
        true,
      );
      await hub.stop();
    }
  });

  test("leaves at least one row of every table, and refuses only what is monstrous without rows", async () => {
    const hub = await start({ limits: { answerTokens: 100 } });
    const { answer } = await books(hub, { count: 20 });
    expect([answer.sums, answer.books, answer.loans].map(({ returned }) => returned)).toEqual([1, 1, 1]);
    expect([answer.sums, answer.books, answer.loans].map(({ total }) => total)).toEqual([2, 20, 2]);
    expect((await hub.call("shelf_get_text", { words: 600 })).isError).toBe(false);
    // Clients cut answers at 25,000 tokens.
    expect(await hub.call("shelf_get_text", { words: 50_000 })).toBeRefused("internal");
  });

  test("does not bind whoever reads the whole answer", async () => {
    const hub = await start({ limits: { answerTokens: 100 } });
    const arrival = { client: "test", signal: new AbortController().signal, whole: true as const };
    const list = await hub.built.hub.call({
      ...arrival,
      tool: "shelf_list_books",
      arguments: { count: 500 },
    });
    expect((list as Answered).content.books).toMatchObject({ returned: 500, truncated: false });
    expect((list as Answered).links).toEqual([]);
    // Unless that is what was asked for; nobody comes back to a file for the rest.
    const few = await hub.built.hub.call({
      ...arrival,
      tool: "shelf_list_books",
      arguments: { count: 500, limit: 5 },
    });
    const { books, notices } = (few as Answered).content as Record<string, object>;
    expect(books).toMatchObject({ returned: 5, total: 500, truncated: true });
    expect(books).not.toHaveProperty("cursor");
    expect(notices).toBeUndefined();
    const text = await hub.built.hub.call({ ...arrival, tool: "shelf_get_text", arguments: { words: 600 } });
    expect((text as Answered).isError).toBe(false);
  });
});

test("an unlisted tool is not listed nor suggested, but can be called", async () => {
  const hub = await start();
  expect(await hub.toolNames()).not.toContain("shelf_get_titles");
  expect(await hub.call("shelf_get_titles")).toHaveAnswer({ values: ["Book 0"] });
  const refused = await hub.call("shelf_get_titles_now");
  expect(JSON.stringify(refused.answer)).not.toContain("Perhaps shelf_get_titles is");
});
