import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { renderAnswer } from "../../src/cli/render.ts";
import { startHub } from "../kit/hub.ts";

const SHELF = fileURLToPath(new URL("../kit/shelf.ts", import.meta.url));

test("a person sees what all rows share once, beside the counts", async () => {
  const hub = await startHub({ connectors: { shelf: { from: SHELF } } });
  const { answer } = await hub.call("shelf_list_books", { count: 120, limit: 3 });
  const text = stripVTControlCharacters(renderAnswer(answer));
  expect(text).toContain("books 3 of 120, all: language en, shelf 7, lent false\n");
  expect(text).toMatch(/id +title +pages/);
  expect(text).toContain("sums 2 of 2\n");
});
