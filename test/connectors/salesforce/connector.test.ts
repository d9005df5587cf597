import { createRequire } from "node:module";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import salesforce from "../../../connectors/salesforce/connector.ts";
import { INTEGRATION_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { describeTool } from "../../../src/catalog/describe.ts";
import { startHub } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";

const SOQL = { soql: "SELECT Id FROM Account LIMIT 1" };

const loadedJsforce = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("jsforce-node"));

describe("the Salesforce connector", () => {
  test("asks Salesforce nothing and does not load jsforce before the first call", async () => {
    const hub = await startHub({ connectors: ["salesforce"] });
    expect(await hub.toolNames()).toContain("salesforce_query");
    expect(hub.sandbox("salesforce").requests()).toEqual([]);
    expect(loadedJsforce()).toEqual([]);
    await hub.call("salesforce_query", SOQL);
    expect(loadedJsforce().length).toBeGreaterThan(10);
  });

  test("runs on the variables of single-system servers", async () => {
    const sandbox = (await startHub({ connectors: ["salesforce"] })).sandbox("salesforce");
    const hub = await startConfigured(undefined, {
      SFDC_INSTANCE_URL: `${sandbox.url}/`,
      SFDC_ACCESS_TOKEN: INTEGRATION_TOKEN,
      SFDC_API_VERSION: "v66.0",
    });
    expect((await hub.call("salesforce_query", SOQL)).isError).toBe(false);
    expect(sandbox.requests()[0]?.path).toBe("/services/data/v66.0/query");
  });

  test("does not start without a token, and says which variable is missing", async () => {
    const hub = await startConfigured(undefined, { SFDC_INSTANCE_URL: "https://example.my.salesforce.com" });
    const { answer } = await hub.call("salesforce_query", SOQL);
    expect(answer.error).toMatchObject({
      code: "config",
      message: expect.stringContaining("env:SFDC_ACCESS_TOKEN"),
    });
  });

  test.each([
    ["http://example.my.salesforce.com", "https"],
    ["https://example.my.salesforce.com/services", "only scheme and host"],
    ["https://user:secret@example.my.salesforce.com", "only scheme and host"],
    ["https://example.lightning.force.com", "My Domain"],
    ["example.my.salesforce.com", "an address such as"],
  ])("does not start with the instance URL %s", async (instanceUrl, expected) => {
    const hub = await startConfigured(undefined, { SFDC_INSTANCE_URL: instanceUrl, SFDC_ACCESS_TOKEN: "x" });
    const { answer } = await hub.call("salesforce_query", SOQL);
    expect(answer.error).toMatchObject({ code: "config" });
    expect(JSON.stringify(answer.error)).toContain(expected);
  });

  test("describes its tools in few words", () => {
    const sizes = salesforce.tools.map((tool) => encode(JSON.stringify(describeTool(tool as never))).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
    expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeLessThanOrEqual(340);
  });
});
