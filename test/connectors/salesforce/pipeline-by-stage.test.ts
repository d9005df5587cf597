import { describe, expect, test } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import { STAGES } from "#sandbox/company/types.ts";
import { type StartOptions, startHub } from "../../kit/hub.ts";
import { objects, promised, received } from "./requests.ts";

const DAY = 86_400_000;
const isoDay = (time: number) => new Date(time).toISOString().slice(0, 10);

const start = async (options: StartOptions = {}) => {
  const hub = await startHub({ connectors: ["salesforce"], ...options });
  const now = hub.clock.now();
  const { deals, stories } = makeCompany({ seed: 7, now });
  const closed = new Set<string>(STAGES.filter((stage) => stage.closed).map(({ name }) => name));
  const open = deals.filter(({ stage }) => !closed.has(stage));
  const inWindow = (days: number) =>
    open.filter(({ closeDate }) => closeDate >= isoDay(now) && closeDate <= isoDay(now + days * DAY));
  const pastDue = open.filter(({ closeDate }) => closeDate < isoDay(now));
  return { hub, salesforce: hub.sandbox("salesforce"), stories, open, inWindow, pastDue };
};

const sum = (deals: readonly { amount: number | null }[]) =>
  Math.round(deals.reduce((total, { amount }) => total + (amount ?? 0), 0) * 100) / 100;

describe("salesforce_pipeline_by_stage", () => {
  test("adds up the open pipeline in one request, past-due deals apart", async () => {
    const { hub, salesforce, inWindow, pastDue } = await start();
    const { answer, isError } = await hub.call("salesforce_pipeline_by_stage", {
      close_date_window_days: 60,
    });
    expect(isError).toBe(false);
    expect(answer.totals).toEqual({
      deals: inWindow(60).length,
      amount: sum(inWindow(60)),
      pastDueDeals: pastDue.length,
      pastDueAmount: sum(pastDue),
    });
    expect(pastDue.length).toBeGreaterThan(0);
    for (const { stage, deals, amount, pastDueDeals } of objects(answer.rows)) {
      const expected = inWindow(60).filter((deal) => deal.stage === stage);
      expect([stage, deals, amount ?? 0]).toEqual([stage, expected.length, sum(expected)]);
      expect(pastDueDeals).toBe(pastDue.filter((deal) => deal.stage === stage).length);
    }
    expect(salesforce.requests()).toHaveLength(1);
    expect(answer.sources).toMatchObject([{ system: "salesforce", requests: 1 }]);
  });

  test("lists stages in the order of the sales process", async () => {
    const { hub } = await start();
    const { answer } = await hub.call("salesforce_pipeline_by_stage");
    const order: string[] = STAGES.map(({ name }) => name);
    const stages = objects(answer.rows).map(({ stage }) => order.indexOf(stage));
    expect(stages).toEqual([...stages].sort((a, b) => a - b));
  });

  test("is in the order of names, and says so, where the stages themselves cannot be read", async () => {
    const denied = await start({
      connectors: { salesforce: { config: { objects: { deny: ["OpportunityStage"] } } } },
    });
    const hidden = await start();
    hidden.salesforce.configure({ hiddenFields: { integration: ["OpportunityStage.SortOrder"] } });
    for (const { hub } of [denied, hidden]) {
      const { answer, isError } = await hub.call("salesforce_pipeline_by_stage");
      expect(isError).toBe(false);
      const stages = objects(answer.rows).map(({ stage }) => stage);
      expect(stages).toEqual([...stages].sort());
      expect(answer.notices.join()).toContain("order of their names");
    }
    expect(denied.salesforce.requests()[0]?.body).not.toContain("OpportunityStage");
  });

  test("knows a stage by its API name, which its label may have left behind", async () => {
    const { hub, salesforce } = await start();
    const group = (StageName: string) => ({
      StageName,
      ForecastCategoryName: "Pipeline",
      cnt: 1,
      priced: 1,
      amt: 5,
    });
    const answerOf = (referenceId: string, records: object[]) => ({
      referenceId,
      httpStatusCode: 200,
      body: { totalSize: records.length, done: true, records },
    });
    const compositeResponse = [
      answerOf("window", [group("Alpha"), group("Omega")]),
      answerOf("pastDue", []),
      answerOf("stages", [
        { ApiName: "Omega", MasterLabel: "First", SortOrder: 1 },
        { ApiName: "Alpha", MasterLabel: "Second", SortOrder: 2 },
      ]),
    ];
    salesforce.fault({ match: "composite", status: 200, body: JSON.stringify({ compositeResponse }) });
    const { answer } = await hub.call("salesforce_pipeline_by_stage");
    expect(objects(answer.rows).map(({ stage }) => stage)).toEqual(["Omega", "Alpha"]);
    expect(received(salesforce)[0]?.body).toMatchObject({
      compositeRequest: [{}, {}, { url: expect.stringContaining("SELECT ApiName, SortOrder") }],
    });
  });

  test("says which setting names the currency where none is given", async () => {
    const { hub } = await start({ connectors: { salesforce: { config: {} } } });
    const { answer } = await hub.call("salesforce_pipeline_by_stage");
    expect(answer.notices.join()).toContain("setting `currency`");
    const named = await (await start()).hub.call("salesforce_pipeline_by_stage");
    expect(named.answer.notices.join()).not.toContain("currency");
  });

  test("says how many deals have no amount instead of counting them as nothing", async () => {
    const { hub, inWindow, pastDue } = await start();
    const { answer } = await hub.call("salesforce_pipeline_by_stage");
    const without = [...inWindow(90), ...pastDue].filter(({ amount }) => amount === null).length;
    expect(without).toBeGreaterThan(0);
    expect(answer.notices).toContain(`${without} of these deals have no amount; sums leave them out.`);
  });

  test("narrows to one owner, given by either form of the id", async () => {
    const { hub, inWindow, salesforce } = await start();
    const { ownerId } = inWindow(90)[0]!;
    const { answer } = await hub.call("salesforce_pipeline_by_stage", { owner_id: ownerId.slice(0, 15) });
    expect(answer.totals.deals).toBe(inWindow(90).filter((deal) => deal.ownerId === ownerId).length);
    expect(salesforce.requests()[0]?.body).toContain(ownerId);
  });

  test.each(["x' OR Name != '", "005000000000001AAB", " 005000000000001", "../limits", ""])(
    "refuses %j as an owner before anything is sent",
    async (owner_id) => {
      const { hub, salesforce } = await start();
      expect(await hub.call("salesforce_pipeline_by_stage", { owner_id })).toBeRefused("invalid_input");
      expect(salesforce.requests()).toEqual([]);
    },
  );

  test("is refused where opportunities or their amounts may not be read", async () => {
    const { hub, salesforce } = await start({
      connectors: { salesforce: { config: { denyFields: ["Opportunity.Amount"] } } },
    });
    expect(await hub.call("salesforce_pipeline_by_stage")).toBeRefused("forbidden");
    expect(salesforce.requests()).toEqual([]);
  });

  test("passes on what Salesforce says about one of the queries", async () => {
    const { hub, salesforce } = await start();
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.Amount"] } });
    const result = await hub.call("salesforce_pipeline_by_stage");
    expect(result).toBeRefused("vendor_rejected");
    expect(result.answer.error.vendor.code).toBe("INVALID_FIELD");
  });

  test("a dry run shows exactly the request of a real run", async () => {
    const { hub, salesforce, open } = await start();
    const input = { close_date_window_days: 30, owner_id: open[0]!.ownerId };
    const { answer } = await hub.call("salesforce_pipeline_by_stage", { ...input, dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await hub.call("salesforce_pipeline_by_stage", input);
    expect(promised(answer)).toEqual(received(salesforce));
  });
});
