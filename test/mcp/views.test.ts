/** Views as a client of MCP Apps meets them: named in a tool's description, read as a resource. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, startHub, temporaryFolder } from "../kit/hub.ts";

const URI = "ui://revops/review-commits";
const MIME = "text/html;profile=mcp-app";
const DRAWN = ["revops_prepare_forecast_call", "revops_review_changes", "revops_review_commits"];

test.each(["2025", "2026"] as const)(
  "%s: a tool that is drawn names its view, and the view can be read",
  async (era) => {
    const hub = await startHub({ era, sandboxes: false, connectors: ["revops"] });
    expect(hub.client.getServerCapabilities()?.extensions).toEqual({
      "io.modelcontextprotocol/ui": { mimeTypes: [MIME] },
    });
    const { tools } = await hub.client.listTools();
    const drawn = tools.filter(({ _meta }) => _meta?.ui);
    expect(drawn.map(({ name }) => name).sort()).toEqual(DRAWN);
    expect(drawn.find(({ name }) => name === "revops_review_commits")?._meta).toEqual({
      ui: { resourceUri: URI },
      "ui/resourceUri": URI,
    });

    const { resources } = await hub.client.listResources();
    const views = resources.filter(({ uri }) => uri.startsWith("ui://"));
    expect(views).toHaveLength(DRAWN.length);
    expect(views.every(({ mimeType }) => mimeType === MIME)).toBe(true);

    for (const { uri } of views) {
      const { contents } = await hub.client.readResource({ uri });
      expect(contents).toEqual([
        {
          uri,
          mimeType: MIME,
          text: expect.stringMatching(/^<!doctype html>.*<\/html>\s*$/s),
          _meta: {
            ui: {
              csp: { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] },
              prefersBorder: true,
            },
          },
        },
      ]);
    }
  },
);

test("a prefix changes the tool's name, not its view's", async () => {
  const hub = await startHub({ sandboxes: false, connectors: { revops: { prefix: "" } } });
  const { tools } = await hub.client.listTools();
  expect(tools.find(({ name }) => name === "review_commits")?._meta).toMatchObject({
    ui: { resourceUri: URI },
  });
});

test("whoever may not use the tool does not see its view", async () => {
  const hub = await startHub({
    sandboxes: false,
    connectors: ["revops"],
    config: { tools: { deny: ["revops_review_commits"] } },
  });
  const { resources } = await hub.client.listResources();
  expect(resources.filter(({ uri }) => uri === URI)).toEqual([]);
  await expect(hub.client.readResource({ uri: URI })).rejects.toThrow();
});

test.each(["ui://revops/no-such-view", "ui://revops/..%2f..%2fpackage", "ui://revops/../connector"])(
  "%s is no view",
  async (uri) => {
    const hub = await startHub({ sandboxes: false, connectors: ["revops"] });
    await expect(hub.client.readResource({ uri })).rejects.toThrow();
  },
);

/** A connector somebody else wrote, with or without its folder of views. */
const somebodyElses = (view: string, page?: string) => {
  const folder = temporaryFolder();
  const contract = new URL("src/connector/contract.ts", ROOT).href;
  writeFileSync(
    join(folder, "drawn.ts"),
    `import { createRequire } from "node:module";
import { defineConnector, defineToolsOn } from ${JSON.stringify(contract)};
const { z } = createRequire(${JSON.stringify(new URL("package.json", ROOT).href)})("zod");
const tool = defineToolsOn()({ name: "drawn_get_picture", title: "Picture", description: "A picture.", effect: "read",
  view: ${JSON.stringify(view)}, input: z.strictObject({}), output: z.object({ text: z.string() }),
  handle: async () => ({ text: "drawn" }) });
export default defineConnector({ name: "drawn", title: "Drawn", config: z.strictObject({}), start: () => ({}),
  health: async () => ({ summary: "fine" }), tools: [tool] });
`,
  );
  if (page !== undefined) {
    mkdirSync(join(folder, "views"));
    writeFileSync(join(folder, "views", `${view}.html`), page);
  }
  return { drawn: { from: join(folder, "drawn.ts") } };
};

test("a connector from elsewhere brings its views beside its module", async () => {
  const page = "<!doctype html><p>Hello</p>";
  const hub = await startHub({ sandboxes: false, connectors: somebodyElses("picture", page) });
  const { contents } = await hub.client.readResource({ uri: "ui://drawn/picture" });
  expect(contents).toMatchObject([{ mimeType: MIME, text: page }]);
  expect((await hub.call("drawn_get_picture")).answer.text).toBe("drawn");
});

test("where the file is missing the tool is described as if it had none, and answers as ever", async () => {
  const hub = await startHub({ sandboxes: false, connectors: somebodyElses("picture") });
  const { tools } = await hub.client.listTools();
  expect(tools.find(({ name }) => name === "drawn_get_picture")).not.toHaveProperty("_meta");
  expect((await hub.call("drawn_get_picture")).answer.text).toBe("drawn");
});

test("a view whose name is a path costs the connector its place", async () => {
  const hub = await startHub({ sandboxes: false, connectors: somebodyElses("../../package") });
  const { tools } = await hub.client.listTools();
  expect(tools.filter(({ name }) => name.startsWith("drawn_"))).toEqual([]);
  expect(JSON.stringify(await hub.log())).toContain("view must be the name of a file");
});

test("every view that a tool of a shipped connector names has been built", async () => {
  const hub = await startHub({ sandboxes: false });
  const named = hub.built.supervised.flatMap(({ connector, views }) =>
    (connector?.tools ?? []).flatMap(({ view }) => (view ? [new URL(`${view}.html`, views)] : [])),
  );
  expect(named.length).toBe(DRAWN.length);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});
