/** What can be read: listed for whom it is, read through every step of a call, refused in the hub's own words. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ROOT, type StartOptions, startHub, type TestHub } from "../kit/hub.ts";

const LIBRARY = fileURLToPath(new URL("test/kit/library.ts", ROOT));

const startLibrary = ({ connectors, ...options }: StartOptions = {}) =>
  startHub({ connectors: connectors ?? { library: { from: LIBRARY } }, ...options });

const uris = async ({ client }: TestHub) => (await client.listResources()).resources.map(({ uri }) => uri);
const templates = async ({ client }: TestHub) =>
  (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate);
/** The text of a resource, or the error. */
const read = async ({ client }: TestHub, uri: string) => {
  const { contents } = await client.readResource({ uri });
  expect(contents).toHaveLength(1);
  return contents[0] as { uri: string; mimeType: string; text: string };
};

describe.each(["2025", "2026"] as const)("era %s", (era) => {
  test("resources and templates are listed apart, with what they are", async () => {
    const hub = await startLibrary({ era });
    expect(await uris(hub)).toEqual([
      "library://books",
      "revops://catalog",
      "revops://status",
      "revops://trail/recent",
    ]);
    const { resourceTemplates } = await hub.client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([
      {
        uriTemplate: "library://shelves/{shelf}/{title}",
        name: "book",
        title: "Book",
        description: "One book of a shelf.",
        mimeType: "application/json",
      },
      { uriTemplate: "revops://rows/{cursor}", mimeType: "text/csv" },
    ]);
    expect(hub.client.getServerCapabilities()).toMatchObject({
      resources: { listChanged: false },
      prompts: { listChanged: false },
      completions: {},
    });
  });

  test("a reading is the answer of a call as JSON text, and an entry of the trail", async () => {
    const hub = await startLibrary({ era });
    const { uri, mimeType, text } = await read(hub, "library://shelves/deep%20sea/20%2C000%20leagues");
    expect(uri).toBe("library://shelves/deep%20sea/20%2C000%20leagues");
    expect(mimeType).toBe("application/json");
    const { answer } = await hub.call("library_get_book", { shelf: "deep sea", title: "20,000 leagues" });
    expect(JSON.parse(text)).toEqual(answer);
    const [first, second] = hub.trail.entries();
    expect(first).toMatchObject({ tool: "library_get_book", client: "test-client/1.0.0", outcome: "ok" });
    // The same arguments, the same seal.
    expect(first).toMatchObject({ args: (second as { args: string }).args });
  });

  test("a table is read as CSV, in which nothing is a formula", async () => {
    const hub = await startLibrary({ era });
    const { mimeType, text } = await read(hub, "library://books");
    expect(mimeType).toBe("text/csv");
    expect(text).toBe('title,pages\r\n"Moby-Dick, or the Whale",635\r\n\'=Ulysses,730\r\n');
  });

  test("what is not there is refused with -32602 and its URI, and recorded", async () => {
    const hub = await startLibrary({ era });
    for (const uri of ["library://no/such", "revops://glossary", "file:///etc/passwd", "library:books"]) {
      await expect(hub.client.readResource({ uri })).rejects.toMatchObject({
        code: -32602,
        data: { uri },
        message: expect.stringContaining("There is no such resource."),
      });
      expect(hub.trail.last()).toMatchObject({
        tool: "resources/read",
        outcome: "refused",
        code: "unknown_tool",
      });
    }
    await expect(hub.client.readResource({ uri: "library://shelves/moon/x" })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("There is no such shelf."),
    });
    expect(hub.trail.last()).toMatchObject({ tool: "library_get_book", code: "not_found" });
  });

  test("the kill switch stops readings as it stops calls", async () => {
    const hub = await startLibrary({ era });
    await hub.built.trail.kill("library", true, "tester");
    await expect(hub.client.readResource({ uri: "library://books" })).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining("The kill switch is on for library."),
      data: { code: "killed", hint: expect.stringContaining("revops-hub kill off library") },
    });
    expect(hub.trail.last()).toMatchObject({
      tool: "library_list_books",
      outcome: "refused",
      code: "killed",
    });
    expect(JSON.parse((await read(hub, "revops://status")).text)).toMatchObject({ killed: ["library"] });
  });
});

test.each([
  "library://shelves/../sea",
  "library://shelves/sea/..",
  "library://shelves/sea/%2e%2e",
  "library://shelves/sea%2Fland/x",
  "library://shelves/sea/a%5Cb",
  "library://shelves/sea/%00",
  "library://shelves/sea/a%0Ab",
  "library://shelves/sea/%E2%80%AEx",
  "library://shelves/sea/%FF",
  "library://shelves/sea/%zz",
  "library://shelves/sea/",
  "library://shelves/sea/x/y",
  "library://shelves/sea/x?y=1",
  "library://shelves/sea/x#y",
  "library://shelves/{shelf}/{title}",
  "library://shelves/forbidden/x",
  "LIBRARY://books",
  `library://shelves/sea/${"x".repeat(201)}`,
  `library://shelves/sea/${"%78".repeat(10_000)}`,
])("%s is refused before any tool is called", async (uri) => {
  const hub = await startLibrary();
  await expect(hub.client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
  expect(hub.trail.entries()).toMatchObject([{ tool: "resources/read", outcome: "refused" }]);
});

test("what a principal may not call is not listed, and refused by its URI", async () => {
  const hub = await startLibrary({ config: { tools: { deny: ["library_list_books", "hub_read_trail"] } } });
  expect(await uris(hub)).toEqual(["revops://catalog", "revops://status"]);
  await expect(hub.client.readResource({ uri: "library://books" })).rejects.toMatchObject({
    data: { code: "forbidden" },
  });
  expect(hub.trail.last()).toMatchObject({ tool: "library_list_books", code: "forbidden" });

  const guests = { principals: { guest: { deny: ["library_*"] } } };
  const guest = await startLibrary({ config: guests, principal: "guest" });
  expect(await uris(guest)).not.toContain("library://books");
  expect(await templates(guest)).toEqual(["revops://rows/{cursor}"]);
  expect(await templates(await startLibrary({ config: guests }))).toHaveLength(2);
});

test("a connector that did not start has nothing to read", async () => {
  const hub = await startHub({ connectors: { salesforce: {} }, sandboxes: false });
  expect(await templates(hub)).toEqual(["revops://rows/{cursor}"]);
  await expect(
    hub.client.readResource({ uri: "salesforce://Account/001000000000001AAA" }),
  ).rejects.toMatchObject({ data: { code: "config" } });
});

test("a prefix changes the tool's name and not the URI", async () => {
  const hub = await startLibrary({ connectors: { library: { from: LIBRARY, prefix: "" } } });
  await read(hub, "library://books");
  expect(hub.trail.last()).toMatchObject({ tool: "list_books", outcome: "ok" });
});

test("reading never writes, whatever a connector says", async () => {
  const hub = await startLibrary();
  await expect(hub.client.readResource({ uri: "library://shelves/fire/x" })).rejects.toMatchObject({
    code: -32603,
    data: { code: "internal", message: expect.stringContaining("The connector library") },
  });
  expect(hub.trail.entries()).toEqual([]);
});

test("an unlisted tool serves resources and completions, and no list", async () => {
  const hub = await startLibrary();
  const names = await hub.toolNames();
  expect(names).toContain("library_get_book");
  for (const unlisted of ["library_complete", "hub_list_tools", "hub_read_trail"])
    expect(names).not.toContain(unlisted);
  expect(await hub.call("library_complete", { typed: "l" })).toHaveAnswer({ values: ["land"] });
});

test("what a model reads has the budget of every answer, a file for a spreadsheet has every row", async () => {
  const connectors = { revops: {}, salesforce: { config: { currency: "USD" } } };
  const hub = await startHub({ connectors, config: { limits: { answerTokens: 900 } } });
  const { terms } = JSON.parse((await read(hub, "revops://glossary")).text);
  expect(terms).toMatchObject({ truncated: true, csv: expect.stringContaining("revops://rows/") });
  expect(terms.returned).toBeLessThan(terms.total);
  const lines = (await read(hub, terms.csv)).text.trimEnd().split("\r\n");
  expect(lines).toHaveLength(terms.total + 1);
});

test("lists may be kept for minutes, what was read not at all", async () => {
  const hub = await startLibrary();
  const minutes = { ttlMs: 300_000, cacheScope: "private" };
  expect(await hub.client.listResources()).toMatchObject(minutes);
  expect(await hub.client.listResourceTemplates()).toMatchObject(minutes);
  expect(await hub.client.listPrompts()).toMatchObject(minutes);
  expect(await hub.client.readResource({ uri: "revops://status" })).toMatchObject({
    ttlMs: 0,
    cacheScope: "private",
  });
});

test("a person who waits for a reading is told how it goes", async () => {
  const hub = await startLibrary();
  const seen: (string | undefined)[] = [];
  await hub.client.readResource(
    { uri: "library://shelves/sea/x" },
    { onprogress: ({ message }) => void seen.push(message) },
  );
  expect(seen).toEqual(["looking for x"]);
});
