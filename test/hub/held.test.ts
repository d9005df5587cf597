import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createHeld, cursorTo } from "../../src/hub/held.ts";
import type { Answered } from "../../src/middleware/call.ts";
import { csv } from "../../src/text/csv.ts";
import { createClock } from "../kit/clock.ts";
import { startHub, type TestHub } from "../kit/hub.ts";
import { records } from "../kit/records.ts";

const SHELF = fileURLToPath(new URL("../kit/shelf.ts", import.meta.url));
const start = (config = {}) => startHub({ connectors: { shelf: { from: SHELF } }, config });
const cut = async (hub: TestHub, input: object = {}) =>
  (await hub.call("shelf_list_books", { count: 120, ...input })).answer.books;
const idsFrom = (first: number, rows: number) => Array.from({ length: rows }, (_, n) => `book ${first + n}`);
const ids = (table: Parameters<typeof records>[0]) => records(table).map(({ id }) => id);

describe("hub_get_more", () => {
  test("goes on where the cursor stands, as often as asked, and says the same of all rows", async () => {
    const hub = await start();
    const first = await cut(hub);
    const page = async () =>
      (await hub.call("hub_get_more", { cursor: first.cursor, limit: 30 })).answer.rows;
    const second = await page();
    expect(ids(second)).toEqual(idsFrom(50, 30));
    expect(second).toMatchObject({
      columns: first.columns,
      shared: first.shared,
      total: 120,
      truncated: true,
    });
    expect(await page()).toEqual(second);
    const last = (await hub.call("hub_get_more", { cursor: second.cursor })).answer.rows;
    expect(ids(last)).toEqual(idsFrom(80, 40));
    expect(last).toMatchObject({ truncated: false });
    expect(last.cursor).toBeUndefined();
  });

  test("gives only the columns asked for, and names those there are", async () => {
    const hub = await start();
    const { cursor } = await cut(hub, { fields: ["id", "pages", "shelf"] });
    const { rows } = (await hub.call("hub_get_more", { cursor, fields: ["pages"], limit: 1 })).answer;
    expect(rows).toMatchObject({ columns: ["pages"], rows: [[150]], total: 120 });
    expect(rows.shared).toBeUndefined();
    const whole = (await hub.call("hub_get_more", { cursor: rows.cursor, limit: 1 })).answer.rows;
    expect(whole).toMatchObject({ columns: ["id", "pages"], shared: { shelf: 7 }, rows: [["book 51", 151]] });
    const refused = await hub.call("hub_get_more", { cursor, fields: ["title"] });
    expect(refused).toBeRefused("invalid_input");
    expect(refused.answer.error.hint).toBe("Columns: id, pages, shelf.");
  });

  test("counts rows that were never read among the total", async () => {
    const hub = await start();
    const { cursor } = await cut(hub, { total: 1_000 });
    const { rows } = (await hub.call("hub_get_more", { cursor })).answer;
    expect(rows).toMatchObject({ returned: 70, total: 1_000, truncated: true });
    expect(rows.cursor).toBeUndefined();
  });

  test("shows nothing of a system that is killed meanwhile", async () => {
    const hub = await start();
    const { cursor } = await cut(hub);
    await hub.built.trail.kill("shelf", true, "admin");
    expect(await hub.call("hub_get_more", { cursor })).toBeRefused("killed");
    expect(await hub.call("hub_read_rows", { cursor })).toBeRefused("killed");
  });

  test("nor of one that was not even reached, when rows that were kept of it stand in for its answer", async () => {
    const hub = await startHub();
    const review = async () => (await hub.call("revops_review_commits", { limit: 5 })).answer;
    await review();
    hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
    for (const _ of ["fails", "fails, and is left alone from now on"]) await review();
    const { deals, sources } = await review();
    expect(sources.map(({ system }: { system: string }) => system)).not.toContain("salesforce");
    expect((await hub.call("hub_get_more", { cursor: deals.cursor })).answer.rows.returned).toBeGreaterThan(
      0,
    );
    await hub.built.trail.kill("salesforce", true, "admin");
    expect(await hub.call("hub_get_more", { cursor: deals.cursor })).toBeRefused("killed");
  });

  test.each(["never-issued", "AAAAAAAAAAAAAAAA.0", "../../x", ".5", "x".repeat(64)])(
    "%s is no cursor",
    async (cursor) => {
      expect(await (await start()).call("hub_get_more", { cursor })).toBeRefused("not_found");
    },
  );

  test("a place beyond the last row is none", async () => {
    const hub = await start();
    const { cursor } = await cut(hub);
    for (const place of ["120", "999999999", "-1", "1e1"])
      expect(await hub.call("hub_get_more", { cursor: cursor.replace(/\d+$/, place) })).toBeRefused(
        "not_found",
      );
  });
});

describe("the whole of a table that was cut", () => {
  test("is linked beside the answer and in the table, and read from its first row", async () => {
    const hub = await start();
    const { content, structuredContent } = await hub.client.callTool({
      name: "shelf_list_books",
      arguments: { count: 120 },
    });
    const { books } = structuredContent as { books: { csv: string; cursor: string } };
    expect(books.csv).toBe(`revops://rows/${books.cursor}`);
    expect((content as object[]).slice(1)).toEqual([
      {
        type: "resource_link",
        uri: books.csv,
        name: "books",
        mimeType: "text/csv",
        description: "All 120 rows as CSV, for 15 minutes.",
      },
    ]);

    expect(await hub.toolNames()).not.toContain("hub_read_rows");
    const whole = await hub.built.hub.call({
      tool: "hub_read_rows",
      arguments: { cursor: books.cursor },
      client: "test",
      signal: new AbortController().signal,
      whole: true,
    });
    const { rows } = (whole as Answered).content as { rows: Parameters<typeof csv>[0] };
    const lines = csv(rows).trimEnd().split("\r\n");
    expect(lines.length).toBe(121);
    expect(lines[0]).toBe("id,title,pages,language,shelf,lent");
    expect(lines[120]).toBe("book 119,Book 119,219,en,7,false");
  });

  test("is not linked when nothing was cut", async () => {
    const hub = await start();
    const { content } = await hub.client.callTool({ name: "shelf_list_books", arguments: { count: 3 } });
    expect((content as object[]).length).toBe(1);
  });
});

describe("what is held", () => {
  const ANNA = { id: "anna" };
  const table = (rows: number) => ({
    columns: ["text"],
    shared: {},
    rows: Array.from({ length: rows }, () => ["x".repeat(100)]),
    total: rows,
    from: 0,
    systems: new Set(["shelf"]),
  });

  test("is another principal's to nobody, and gone after fifteen minutes", () => {
    const clock = createClock();
    const held = createHeld(clock);
    const cursor = cursorTo(held.put(ANNA, table(2))!, 1);
    expect(held.take(ANNA, cursor)).toMatchObject({ offset: 1, total: 2 });
    expect(() => held.take({ id: "ben" }, cursor)).toThrow(expect.objectContaining({ code: "not_found" }));
    clock.advance(15 * 60_000 - 1);
    expect(held.take(ANNA, cursor).rows.length).toBe(2);
    clock.advance(1);
    expect(() => held.take(ANNA, cursor)).toThrow(expect.objectContaining({ code: "not_found" }));
  });

  test("never takes more memory than allowed: the oldest go, and what is too large does not come", () => {
    const held = createHeld(createClock(), 10_000);
    const results = Array.from({ length: 4 }, () => cursorTo(held.put(ANNA, table(15))!, 0));
    const isThere = (cursor: string) => {
      try {
        return held.take(ANNA, cursor).rows.length > 0;
      } catch {
        return false;
      }
    };
    expect(results.map(isThere)).toEqual([false, false, true, true]);
    expect(held.put(ANNA, table(40))).toBeUndefined();
    expect(results.map(isThere)).toEqual([false, false, true, true]);
  });
});
