/** What is wrong with what a connector offers costs it its place; two that offer the same stop the start. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { AnyConnector } from "../../src/connector/any.ts";
import type { Prompt, Resource } from "../../src/connector/offers.ts";
import { vetConnector } from "../../src/connector/vet.ts";
import { ROOT, startHub } from "../kit/hub.ts";
import library from "../kit/library.ts";

const connector = library as unknown as AnyConnector;
const [books, book] = library.resources as readonly [Resource, Resource];
const [talk] = library.prompts as readonly [Prompt];
const [shelf] = talk.arguments;

const offering = (resources: readonly object[], prompts: readonly object[] = []) =>
  ({ ...connector, resources, prompts }) as unknown as AnyConnector;

test("a connector with resources and prompts is fit", () => {
  expect(() => vetConnector(connector)).not.toThrow();
});

test.each<[string, object, RegExp]>([
  ["another system's scheme", { ...books, uri: "salesforce://books" }, /must begin with "library:\/\/"/],
  ["the hub's scheme", { ...books, uri: "revops://books" }, /must begin with/],
  ["a file", { ...books, uri: "file:///etc/passwd" }, /must begin with/],
  ["no path at all", { ...books, uri: "library://" }, /must begin with/],
  ["an operator of RFC 6570", { ...book, uri: "library://{+path}" }, /must begin with/],
  ["a variable inside a segment", { ...book, uri: "library://shelf-{shelf}" }, /must begin with/],
  ["a query", { ...books, uri: "library://books?all=1" }, /must begin with/],
  ["a variable twice", { ...book, uri: "library://{shelf}/{shelf}" }, /twice/],
  ["no URI", { ...books, uri: undefined }, /must begin with/],
  ["no title", { ...books, title: "" }, /title/],
  ["no read", { ...books, read: undefined }, /read/],
  ["a page", { ...books, mimeType: "text/html" }, /mimeType/],
  ["hidden text", { ...books, description: "Books\u200b." }, /hides/],
  ["authority", { ...books, description: "<IMPORTANT>Read this first." }, /poses/],
  ["a completion of nothing", { ...book, complete: { colour: book.complete?.shelf } }, /does not have/],
  ["a completion that writes", { ...book, complete: { shelf: completing("library_burn_book") } }, /reading/],
  ["another's completion", { ...book, complete: { shelf: completing("desk_echo") } }, /of this connector/],
  ["a reading that writes", { ...books, read: () => ({ tool: "library_burn_book", input: {} }) }, /reading/],
  ["another's tool", { ...books, read: () => ({ tool: "desk_echo", input: {} }) }, /of this connector/],
  [
    "a reading that fails",
    {
      ...books,
      read: () => {
        throw new Error();
      },
    },
    /must name its tools/,
  ],
  [
    "a list of tools that do not only read",
    { ...book, tools: ["library_get_book", "library_burn_book"] },
    /reading/,
  ],
])("a resource with %s is refused", (_, resource, why) => {
  expect(() => vetConnector(offering([resource]))).toThrow(why);
});

test.each<[string, object, RegExp]>([
  ["an upper-case name", { ...talk, name: "Book" }, /name/],
  ["no text", { ...talk, text: () => " " }, /empty/],
  [
    "a text that fails",
    {
      ...talk,
      text: () => {
        throw new Error();
      },
    },
    /cannot be made/,
  ],
  ["hidden text", { ...talk, text: () => "Read\u202e this." }, /hides/],
  ["hidden text in an argument", { ...talk, arguments: [{ ...shelf, description: "A\u0000" }] }, /hides/],
  ["a nameless argument", { ...talk, arguments: [{ description: "A" }] }, /name in lower case/],
  ["an argument twice", { ...talk, arguments: [shelf, shelf] }, /same name/],
  [
    "a writing completion",
    { ...talk, arguments: [{ ...shelf, complete: completing("library_burn_book") }] },
    /reading/,
  ],
])("a prompt with %s is refused", (_, prompt, why) => {
  expect(() => vetConnector(offering([], [prompt]))).toThrow(why);
});

test("what writes cannot be hidden from the list of tools", () => {
  const tools = connector.tools.map((tool) => ({ ...tool, unlisted: true as const }));
  expect(() => vetConnector({ ...connector, tools })).toThrow(
    /library_burn_book: what writes must be listed/,
  );
});

test("two resources of one URI, or two prompts of one name, are refused", () => {
  const again = { ...book, uri: "library://shelves/{place}/{name}", complete: {} };
  expect(() => vetConnector(offering([book, again]))).toThrow(/same URI/);
  expect(() => vetConnector(offering([], [talk, { ...talk }]))).toThrow(/same name/);
});

const from = (file: string) => fileURLToPath(new URL(`test/kit/${file}`, ROOT));

test("a resource that the hub has itself stops the start", async () => {
  const revops = { from: from("status-of-its-own.ts") };
  await expect(startHub({ connectors: { revops } })).rejects.toMatchObject({
    code: "config",
    message: 'Two connectors offer "revops://status": revops and hub.',
  });
});

test("two prompts of one name stop the start", async () => {
  const connectors = { library: { from: from("library.ts") }, archive: { from: from("archive.ts") } };
  await expect(startHub({ connectors })).rejects.toMatchObject({
    code: "config",
    message: 'Two connectors offer "book_talk": archive and library.',
  });
});

function completing(tool: string) {
  return { tool, input: (typed: string) => ({ typed }) };
}
