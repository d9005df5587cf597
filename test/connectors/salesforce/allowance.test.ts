import { describe, expect, test } from "vitest";
import { usageIn } from "../../../connectors/salesforce/allowance.ts";
import { startHub } from "../../kit/hub.ts";
import { startCorrecting, WRITING } from "./correcting.ts";

const QUERY = { soql: "SELECT Id FROM OpportunityStage" };

const startAt = async (used: number, limit = 5_000) => {
  const started = await startCorrecting();
  started.salesforce.configure({ apiUsage: { used, limit } });
  return { ...started, query: () => started.hub.call("salesforce_query", QUERY) };
};

describe("the org's allowance of requests", () => {
  test.each([
    ["api-usage=18/5000", { used: 18, limit: 5_000, of: "org" }],
    ["api-usage=18/5000; per-app-api-usage=17/250(appName=sample)", { used: 17, limit: 250, of: "app" }],
    [
      "api-usage=4900/5000, per-app-api-usage=17/250(appName=api-usage=1/1)",
      { used: 4_900, limit: 5_000, of: "org" },
    ],
    ["per-app-api-usage=240/250(appName=sample)", { used: 240, limit: 250, of: "app" }],
    ["api-usage=5100/5000", { used: 5_100, limit: 5_000, of: "org" }],
    ["api-usage=1/0", undefined],
    ["api-usage=many", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%s", (header, expected) => {
    expect(usageIn(header)).toEqual(expected);
  });

  test("answers say from four fifths on how much is used, and nothing before", async () => {
    const { query } = await startAt(3_998);
    expect((await query()).answer.notices).toBeUndefined();
    expect((await query()).answer.notices).toEqual([
      "4,000 of 5,000 API requests of the org's 24 hours are used.",
    ]);
  });

  test("one answer says it once, as it is after its last request", async () => {
    const { update } = await startAt(4_092);
    const { answer, isError } = await update();
    expect(isError).toBe(false);
    expect(answer.notices).toEqual([
      `${(4_092 + answer.sources[0].requests).toLocaleString("en-US")} of 5,000 API requests of the org's 24 hours are used.`,
    ]);
  });

  test("refusals and answers that join systems say it as well", async () => {
    const { hub, salesforce } = await startAt(4_100);
    const refused = await hub.call("salesforce_query", { soql: "SELECT Nope FROM Account" });
    expect(refused).toBeRefused("vendor_rejected");
    expect(refused.answer.notices).toEqual([expect.stringContaining("4,101 of 5,000")]);
    const joined = await startHub();
    joined.sandbox("salesforce").configure({ apiUsage: { used: 4_100, limit: 5_000 } });
    expect((await joined.call("revops_review_commits")).answer.notices.join()).toContain(
      "of 5,000 API requests",
    );
    expect(salesforce.requests().length).toBeGreaterThan(0);
  });

  test("an app's own allowance counts when it is closer to its end", async () => {
    const { salesforce, query } = await startAt(10);
    salesforce.fault({
      status: 200,
      headers: { "sforce-limit-info": "api-usage=18/5000; per-app-api-usage=225/250(appName=<b>sample</b>)" },
      body: '{"totalSize":0,"done":true,"records":[]}',
    });
    expect((await query()).answer.notices).toContain(
      "225 of 250 API requests of the app's 24 hours are used.",
    );
  });

  test("from nineteen twentieths on reads are answered and writes refused before one is sent", async () => {
    const { salesforce, query, update, auditRows } = await startAt(4_750);
    expect((await query()).isError).toBe(false);
    const before = salesforce.requests().length;
    const refused = await update();
    expect(refused).toBeRefused("vendor_limit");
    expect(refused.answer.error).toMatchObject({
      used: 4_751,
      limit: 5_000,
      hint: expect.stringContaining("24 hours"),
    });
    expect(salesforce.requests()).toHaveLength(before);
    expect(await auditRows()).toEqual([]);
  });

  test("also when only the write's own reads tell how much is used", async () => {
    const { salesforce, update } = await startAt(4_750);
    expect(await update()).toBeRefused("vendor_limit");
    expect(salesforce.requests(WRITING)).toEqual([]);
  });

  test("what was told long ago stops no write", async () => {
    const { hub, salesforce, query, update } = await startAt(4_800);
    await query();
    salesforce.configure({ apiUsage: { used: 100, limit: 5_000 } });
    expect(await update()).toBeRefused("vendor_limit");
    hub.clock.advance(5 * 60_000);
    expect((await update()).isError).toBe(false);
  });
});
