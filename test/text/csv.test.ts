import { expect, test } from "vitest";
import { csv } from "../../src/text/csv.ts";

test("a heading, then the rows, then what they share; quoted where a cell would end", () => {
  const table = {
    columns: ["name", "amount", "tags"],
    rows: [
      ['Acme, "North"', -5, ["a", "b"]],
      ["two\nlines", null, true],
    ],
    shared: { currency: "EUR" },
  };
  expect(csv(table)).toBe(
    'name,amount,tags,currency\r\n"Acme, ""North""",-5,"[""a"",""b""]",EUR\r\n"two\nlines",,true,EUR\r\n',
  );
});

test.each(["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠sum"])(
  "%j is no formula in a cell, in what all rows share or in a heading",
  (text) => {
    const quoted = /[\r\n]/.test(text) ? `"'${text}"` : `'${text}`;
    expect(csv({ columns: [text], rows: [[text]], shared: { [`${text}0`]: text } })).toBe(
      `${quoted},${quoted.replace(text, `${text}0`)}\r\n${quoted},${quoted}\r\n`,
    );
  },
);

test("where rows have a link, each has its own in a column", () => {
  const rows = {
    columns: ["id", "name"],
    rows: [
      ["006A", "One"],
      [null, "Two"],
    ],
    shared: { stage: "Commit" },
  };
  expect(csv(rows, "https://crm.example/{id}/view")).toBe(
    "id,name,stage,url\r\n006A,One,Commit,https://crm.example/006A/view\r\n,Two,Commit,\r\n",
  );
  expect(csv({ columns: ["name"], rows: [["One"]] }, "https://crm.example/{id}")).toBe("name\r\nOne\r\n");
  expect(csv({ columns: ["id", "url"], rows: [["006A", "own"]] }, "https://crm.example/{id}")).toBe(
    "id,url\r\n006A,own\r\n",
  );
});
