import { expect, test } from "vitest";
import { HubError, readJsonLists } from "#connector";

const ANSWER = { status: 200, headers: { "content-type": "application/json" } };

/** Feeds the text in pieces; `wholeUpTo` 0: always item by item. */
const read = async (text: string, wholeUpTo: number, pieceLength = 7) => {
  const items: [string, unknown][] = [];
  const reader = readJsonLists({ system: "vendor", item: (...one) => void items.push(one), wholeUpTo });
  for (let from = 0; from < text.length; from += pieceLength)
    await reader.take(text.slice(from, from + pieceLength));
  return { items, lists: [...reader.end(ANSWER)] };
};

const FILE = {
  note: 'an odd {[\\" text',
  entries: [{ id: "1", value: -1.5e3, of: { code: "USD", list: [[], {}, null] } }, "plain", 7, null, [1]],
  nested: { entries: [{ id: "not an item" }] },
  none: [],
  users: [{ name: "Zoë \ud83d\ude00 \u2028" }],
};

test.each([
  ["at once", 1_000_000],
  ["item by item", 0],
])("the items of every list are handed over, %s", async (_, wholeUpTo) => {
  for (const text of [JSON.stringify(FILE), JSON.stringify(FILE, null, 2)])
    for (const pieceLength of [1, 5, 1000]) {
      const { items, lists } = await read(text, wholeUpTo, pieceLength);
      expect(lists).toEqual(["entries", "none", "users"]);
      expect(items).toEqual([
        ...FILE.entries.map((one) => ["entries", one]),
        ...FILE.users.map((one) => ["users", one]),
      ]);
    }
});

test.each([
  ["cut in an item", '{"entries":[{"id":1},{"id"'],
  ["cut after an item", '{"entries":[{"id":1}'],
  ["cut after the list", '{"entries":[{"id":1}]'],
  ["no JSON", "service unavailable"],
  ["two values", '{"entries":[]} {"entries":[]}'],
  ["a wrong comma", '{"entries":[1,,2]}'],
  ["nothing", ""],
])("%s is refused, at once and item by item", async (_, text) => {
  for (const wholeUpTo of [1_000_000, 0])
    await expect(read(text, wholeUpTo)).rejects.toMatchObject({ code: "vendor_malformed" });
});

test.each(['[{"entries":[1]}]', '"text"', "null", "7"])("%s has no lists", async (text) => {
  expect((await read(text, 1_000_000)).lists).toEqual([]);
  await expect(read(text, 0)).rejects.toMatchObject({ code: "vendor_malformed" });
});

test("a web page is named as one", async () => {
  await expect(read("<html>login</html>", 1_000_000)).rejects.toMatchObject({
    code: "vendor_malformed",
    message: expect.stringContaining("web page"),
  });
});

test("what an item is refused for is said as it is", async () => {
  const error = new HubError("vendor_limit", "too many");
  const reader = readJsonLists({
    system: "vendor",
    wholeUpTo: 0,
    item: () => {
      throw error;
    },
  });
  await expect((async () => reader.take('{"entries":[1]}'))()).rejects.toBe(error);
});
