import { expect, test } from "vitest";
import { startHub } from "../kit/hub.ts";

const HUB_TOOLS = ["hub_get_more", "hub_status"];

test("without a setting every tool is offered; every tool that ships names a set", async () => {
  const hub = await startHub();
  const everything = await hub.toolNames();
  const sets = await startHub({ config: { toolsets: ["forecast-call", "hygiene", "admin"] } });
  expect(await sets.toolNames()).toEqual(everything);
  const all = await startHub({ config: { toolsets: ["hygiene", "all"] } });
  expect(await all.toolNames()).toEqual(everything);
  expect((await all.call("hub_status")).answer).not.toHaveProperty("toolsets");
});

test("a toolset is what is listed and what can be called; the hub's own tools are in each", async () => {
  const hub = await startHub({ config: { toolsets: ["forecast-call"] } });
  const names = await hub.toolNames();
  for (const name of [
    ...HUB_TOOLS,
    "revops_review_commits",
    "clari_get_forecast",
    "salesforce_get_opportunity",
  ])
    expect(names).toContain(name);
  expect(names).not.toContain("salesforce_update_field");
  const refused = await hub.call("salesforce_update_field", {});
  expect(refused).toBeRefused("forbidden");
  expect(refused.answer.error.message).toContain("forecast-call");
  expect(refused.answer.error.hint).toMatch(/adds hygiene or all to "toolsets"/);
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
  expect(hub.trail.last()).toMatchObject({ tool: "salesforce_update_field", outcome: "refused" });
  expect((await hub.call("revops_review_commits")).isError).toBe(false);
  expect((await hub.call("hub_status")).answer.toolsets).toEqual(["forecast-call"]);
});

test("sets add up, and prefixes do not matter", async () => {
  const connectors = { clari: { prefix: "" }, salesforce: { prefix: "sf", config: { currency: "USD" } } };
  const hub = await startHub({ connectors, config: { toolsets: ["admin", "hygiene"] } });
  const names = await hub.toolNames();
  expect(names).toEqual(expect.arrayContaining(["get_admin_limits", "sf_update_field", ...HUB_TOOLS]));
  expect(names).not.toContain("get_forecast");
  expect(await hub.call("get_forecast")).toBeRefused("forbidden");
});

test("a principal may have fewer sets than the hub, never more", async () => {
  const config = {
    toolsets: ["forecast-call", "hygiene"],
    principals: { rep: { toolsets: ["forecast-call"] }, admin: { toolsets: ["all", "admin"] } },
  };
  const rep = await startHub({ config, principal: "rep" });
  expect(await rep.toolNames()).not.toContain("salesforce_query");
  const refused = await rep.call("salesforce_query", { soql: "SELECT Id FROM Account" });
  expect(refused).toBeRefused("forbidden");
  expect(refused.answer.error.hint).toContain("principals.rep.toolsets");
  expect((await rep.call("hub_status")).answer.toolsets).toEqual(["forecast-call"]);
  const lead = await startHub({ config, principal: "lead" });
  expect(await lead.toolNames()).toContain("salesforce_query");
  const admin = await startHub({ config, principal: "admin" });
  expect(await admin.toolNames()).toContain("salesforce_query");
  expect(await admin.call("clari_get_admin_limits")).toBeRefused("forbidden");
});

test.each([
  [{ toolsets: ["hygeine"] }, 'toolsets: there is no toolset "hygeine".'],
  [
    { principals: { rep: { toolsets: ["forecast"] } } },
    'principals.rep.toolsets: there is no toolset "forecast".',
  ],
])("a set that no tool names stops the start, and the known ones are named", async (config, message) => {
  await expect(startHub({ config })).rejects.toMatchObject({
    code: "config",
    message,
    hint: "There are admin, forecast-call, hygiene, all.",
  });
});

test("a connector that cannot be loaded takes its sets with it, and stops nobody", async () => {
  const connectors = { clari: {}, gone: { from: "./no/such/connector.ts" } };
  const hub = await startHub({ connectors, config: { toolsets: ["admin", "support"] } });
  expect(await hub.toolNames()).toContain("clari_get_admin_limits");
});

test("no tool at all is no setting", async () => {
  await expect(startHub({ config: { toolsets: [] } })).rejects.toThrow(/toolsets/);
});
