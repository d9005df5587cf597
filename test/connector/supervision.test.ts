import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { importConnector } from "../../src/connector/load.ts";
import { DESK, ROOT, startHub, temporaryFolder } from "../kit/hub.ts";
import { records } from "../kit/records.ts";

const FAILING = { desk: { from: DESK, config: { refuseToStart: "The desk has no key." } } };

test("a connector that does not start leaves the others serving, and hub_status says why", async () => {
  const hub = await startHub({ connectors: { ...FAILING, revops: {} } });
  expect(await hub.toolNames()).toContain("revops_review_commits");
  expect(await hub.toolNames()).not.toContain("desk_echo");
  const { answer } = await hub.call("hub_status");
  const [desk] = records(answer.systems);
  expect(desk).toMatchObject({
    name: "desk",
    state: "failed",
    reason: "The desk has no key.",
    hint: "Give it a key.",
  });
});

test("calling a tool of a connector that did not start gives the reason", async () => {
  const hub = await startHub({ connectors: FAILING });
  const result = await hub.call("desk_echo", { text: "a" });
  expect(result).toBeRefused("config");
  expect(result.answer.error.message).toContain("The desk has no key.");
});

test.each([
  ["an id that does not ship", { hubspot: {} }, /no connector "hubspot"/],
  ["a path that is not there", { desk: { from: "./no/such/connector.ts" } }, /no connector/],
  ["another name than its key", { table: { from: DESK } }, /called "desk"/],
  [
    "a wrong setting",
    { desk: { from: DESK, config: { colour: "red" } } },
    /connectors\.desk\.config.*colour/,
  ],
  ["no settings at all", { clari: {} }, /not configured|CLARI_API_TOKEN/],
])("%s is named in hub_status", async (_, connectors, reason) => {
  const hub = await startHub({ connectors, config: {}, variables: {}, sandboxes: false });
  const { rows } = hub.built.status().systems;
  expect(rows[0]).toMatchObject({ state: "failed", reason: expect.stringMatching(reason) });
});

test("a connector is found by id, by path relative to the config, and by npm package name", async () => {
  const folder = temporaryFolder();
  const packaged = join(folder, "node_modules", "@acme", "hub-desk");
  mkdirSync(packaged, { recursive: true });
  writeFileSync(
    join(packaged, "package.json"),
    '{"name":"@acme/hub-desk","version":"1.0.0","type":"module","main":"index.js"}',
  );
  writeFileSync(
    join(packaged, "index.js"),
    'export default { name: "desk", title: "From npm", config: { safeParse() {}, shape: {} }, start() {}, health() {}, tools: [] };',
  );
  writeFileSync(join(folder, "local.js"), 'export { default } from "@acme/hub-desk";');
  const places = { shipped: new URL("connectors/", ROOT), base: new URL(`file://${folder}/`) };
  expect((await importConnector("revops", places)).name).toBe("revops");
  expect((await importConnector("./local.js", places)).title).toBe("From npm");
  expect((await importConnector("@acme/hub-desk", places)).title).toBe("From npm");
});

test("a package that exports itself to import alone is found", async () => {
  const folder = temporaryFolder();
  const packaged = join(folder, "node_modules", "modern-desk");
  mkdirSync(packaged, { recursive: true });
  const module =
    'export default { name: "desk", title: "Modern", config: { safeParse() {}, shape: {} }, start() {}, health() {}, tools: [] };';
  writeFileSync(
    join(packaged, "package.json"),
    '{"name":"modern-desk","type":"module","exports":{".":{"import":"./main.js"}}}',
  );
  writeFileSync(join(packaged, "main.js"), module);
  const places = { shipped: new URL("connectors/", ROOT), base: pathToFileURL(`${folder}/`) };
  expect((await importConnector("modern-desk", places)).title).toBe("Modern");
});

test.each([
  ["a tool that is none", "tools: [{}]"],
  ["half a login", "tools: [], login: { port: () => 1 }"],
])("a connector with %s costs itself its place, and no other", async (_, part) => {
  const path = join(temporaryFolder(), "unfit.mjs");
  writeFileSync(
    path,
    `export default { name: "unfit", title: "Unfit", config: { safeParse() {}, shape: {} }, start() {}, health() {}, ${part} };`,
  );
  const hub = await startHub({ connectors: { desk: { from: DESK }, unfit: { from: path } } });
  expect(await hub.call("desk_echo", { text: "a" })).toHaveAnswer({ text: "a" });
  expect(hub.built.status().systems.rows).toMatchObject([
    { state: "ready" },
    { name: "unfit", state: "failed" },
  ]);
});

test("a pattern that fits no tool is said at the start", async () => {
  const hub = await startHub({ connectors: ["desk"], config: { tools: { deny: ["desk_ecco"] } } });
  expect(JSON.stringify(await hub.log())).toContain("desk_ecco");
});

test("a module that is no connector is refused", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "thing.mjs"), "export default 5");
  const places = { shipped: new URL("connectors/", ROOT), base: new URL(`file://${folder}/`) };
  await expect(importConnector("./thing.mjs", places)).rejects.toMatchObject({ code: "config" });
  await expect(importConnector("../../etc/passwd", places)).rejects.toMatchObject({ code: "config" });
});
