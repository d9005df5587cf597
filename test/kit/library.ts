/** A connector with things to read and prompts to begin with, for tests of the host. */
import { z } from "zod";
import { defineConnector, defineToolsOn, HubError, matching, table } from "#connector";

export interface Library {
  readonly shelves: Record<string, string>;
}

const tool = defineToolsOn<Library>();

const getBook = tool({
  name: "library_get_book",
  title: "Get a book",
  description: "One book of a shelf.",
  effect: "read",
  input: z.strictObject({ shelf: z.string(), title: z.string() }),
  output: z.object({ shelf: z.string(), title: z.string(), text: z.string() }),
  async handle({ shelf, title }, { api, progress }) {
    progress(`looking for ${title}`);
    if (!api.shelves[shelf]) throw new HubError("not_found", "There is no such shelf.");
    return { shelf, title, text: api.shelves[shelf] };
  },
});

const listBooks = tool({
  name: "library_list_books",
  title: "List the books",
  description: "Every book there is.",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({ books: table({ title: z.string(), pages: z.int() }) }),
  async handle() {
    const rows = [
      { title: "Moby-Dick, or the Whale", pages: 635 },
      { title: "=Ulysses", pages: 730 },
    ];
    return { books: { rows, total: rows.length } };
  },
});

const complete = tool({
  name: "library_complete",
  title: "Complete a shelf",
  description: "Shelves, by what is typed of one.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({ typed: z.string() }),
  output: z.object({ values: z.array(z.string()) }),
  handle: async ({ typed }, { api }) => ({ values: matching(Object.keys(api.shelves), typed) }),
});

const burnBook = tool({
  name: "library_burn_book",
  title: "Burn a book",
  description: "What no reading may call.",
  effect: "write",
  input: z.strictObject({}),
  output: z.object({}),
  reason: () => "because it is a test of refusals",
  preview: async () => [],
  plan: () => [],
  async handle() {
    throw new Error("a reading has written");
  },
});

const shelves = { tool: "library_complete", input: (typed: string) => ({ typed }) };

export default defineConnector({
  name: "library",
  title: "Library",
  config: z.strictObject({}),
  start: (): Library => ({
    shelves: { sea: "Call me Ishmael.", "deep sea": "Call me Nemo.", land: "Call." },
  }),
  health: async () => ({ summary: "open" }),
  tools: [getBook, listBooks, complete, burnBook],
  resources: [
    {
      uri: "library://books",
      name: "books",
      title: "Books",
      description: "Every book there is, as a spreadsheet takes it.",
      mimeType: "text/csv",
      read: () => ({ tool: "library_list_books", input: {} }),
    },
    {
      uri: "library://shelves/{shelf}/{title}",
      name: "book",
      title: "Book",
      description: "One book of a shelf.",
      read({ shelf = "", title }) {
        if (shelf === "forbidden") throw new HubError("invalid_input", "Nobody goes there.");
        if (shelf === "fire") return { tool: "library_burn_book", input: {} };
        return { tool: "library_get_book", input: { shelf, title } };
      },
      complete: { shelf: shelves },
    },
  ],
  prompts: [
    {
      name: "book_talk",
      title: "Talk about a book",
      description: "Begins a talk about a book.",
      arguments: [
        { name: "shelf", description: "Where it stands.", required: true, complete: shelves },
        { name: "mood", description: "How to talk about it." },
      ],
      text: ({ shelf, mood = "calm" }, name) =>
        `Read a book of the shelf ${shelf} with ${name("library_get_book")} and talk about it, ${mood}.`,
    },
    {
      name: "lost_talk",
      title: "Talk about nothing",
      description: "Needs a tool that nobody has.",
      arguments: [],
      text: (_, name) => `Call ${name("library_no_such_tool")}.`,
    },
  ],
});
