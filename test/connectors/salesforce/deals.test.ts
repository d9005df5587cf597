import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { makeCompany } from "#sandbox/company/company.ts";
import { STAGES } from "#sandbox/company/types.ts";
import { INTEGRATION_TOKEN, RESTRICTED_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { startHub, temporaryFolder } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";
import { objects, promised, received, soqlOf } from "./requests.ts";

const READER = fileURLToPath(new URL("reader.ts", import.meta.url));

const start = async (config: Record<string, unknown> = {}) => {
  const hub = await startHub({
    connectors: { salesforce: { config }, reader: { from: READER } },
    config: { limits: { answerTokens: 5_000_000 } },
  });
  const { deals, stories, people } = makeCompany({ seed: 7, now: hub.clock.now() });
  const list = (query: object = {}) => hub.call("reader_list_deals", { ...query });
  return { hub, salesforce: hub.sandbox("salesforce"), deals, stories, people, list };
};

const closedStages = new Set<string>(STAGES.filter(({ closed }) => closed).map(({ name }) => name));
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();

describe("the deals dataset of Salesforce", () => {
  test("has every deal, in RevOps terms", async () => {
    const { list, deals, salesforce, people } = await start();
    const { answer } = await list();
    const rows = objects(answer.rows);
    expect(ids(rows as { id: string }[])).toEqual(ids(deals));
    const wanted = deals.find(
      ({ amount, nextStep, lastActivityDate }) => amount && nextStep && lastActivityDate,
    )!;
    expect(rows.find(({ id }) => id === wanted.id)).toMatchObject({
      name: wanted.name,
      accountId: wanted.accountId,
      ownerId: wanted.ownerId,
      ownerName: people.find(({ id }) => id === wanted.ownerId)!.name,
      stage: wanted.stage,
      isClosed: closedStages.has(wanted.stage),
      amount: wanted.amount,
      closeDate: wanted.closeDate,
      lastActivityDate: wanted.lastActivityDate,
      createdAt: new Date(Math.floor(wanted.createdAt / 1000) * 1000).toISOString().replace(".000Z", "Z"),
      url: `${salesforce.url}/lightning/r/Opportunity/${wanted.id}/view`,
    });
  });

  test("filters by category, period, owner, state and ids", async () => {
    const { list, deals, stories } = await start();
    const matching = async (query: object) =>
      ids(objects((await list(query)).answer.rows) as { id: string }[]);
    const open = deals.filter(({ stage }) => !closedStages.has(stage));
    const { ownerId } = open[0]!;

    expect(await matching({ open: true })).toEqual(ids(open));
    expect(await matching({ category: "commit" })).toEqual(
      ids(deals.filter(({ stage }) => stage === "Commit")),
    );
    expect(await matching({ category: "best_case", open: true })).toEqual(
      ids(deals.filter(({ stage }) => stage === "Proposal" || stage === "Negotiation")),
    );
    expect(await matching({ closeFrom: "2026-11-01", closeTo: "2026-11-30" })).toEqual(
      ids(deals.filter(({ closeDate }) => closeDate >= "2026-11-01" && closeDate <= "2026-11-30")),
    );
    expect(await matching({ ownerId, open: true })).toEqual(
      ids(open.filter((deal) => deal.ownerId === ownerId)),
    );
    expect(await matching({ ids: [stories.hostile, stories.cjk] })).toEqual(
      [stories.cjk, stories.hostile].sort(),
    );
  });

  test("calls Commit the stage that the configuration names, else what the forecast category says", async () => {
    const { hub, list, salesforce } = await start();
    await list({ category: "commit" });
    expect(soqlOf(received(salesforce).at(-1)!)).toContain("WHERE StageName = 'Commit' ORDER BY");

    const unnamed = await startConfigured(
      { instanceUrl: salesforce.url, auth: { type: "access_token", token: "env:TOKEN" } },
      { TOKEN: INTEGRATION_TOKEN },
      { connectors: { reader: { from: READER } }, clock: hub.clock },
    );
    const { answer } = await unnamed.call("reader_list_deals", { category: "best_case", open: true });
    expect(soqlOf(received(salesforce).at(-1)!)).toContain(
      "ForecastCategoryName IN ('Most Likely', 'Best Case')",
    );
    expect(objects(answer.rows).every(({ category }) => category === "best_case")).toBe(true);
  });

  test("asks for many ids in several requests, each short enough, and answers each deal once", async () => {
    const { list, deals, salesforce } = await start();
    const wanted = deals.slice(0, 900).map(({ id }) => id);
    const { answer } = await list({ ids: [...wanted, ...wanted.slice(0, 50)] });
    expect(answer.missing).toEqual([]);
    expect(answer.rows.total).toBe(wanted.length);
    const queries = salesforce.requests(/query/);
    expect(queries).toHaveLength(Math.ceil(wanted.length / 400));
    for (const { query } of queries) expect(query.length).toBeLessThan(16_000);
  });

  test("asks nothing for an empty list of ids", async () => {
    const { list, salesforce } = await start();
    expect((await list({ ids: [] })).answer.rows.total).toBe(0);
    expect(salesforce.requests()).toEqual([]);
  });

  test("follows the pages of one answer to its end", async () => {
    const { list, deals, salesforce } = await start();
    salesforce.configure({ batchSize: 200 });
    const { answer } = await list();
    expect(answer.rows.total).toBe(deals.length);
    expect(salesforce.requests(/query/)).toHaveLength(Math.ceil(deals.length / 200));
  });

  test("leaves out columns that are hidden from the user or denied, instead of failing", async () => {
    const { list, salesforce } = await start({ denyFields: ["Opportunity.Amount", "Account.Name"] });
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.NextStep"] } });
    const { answer } = await list({ open: true });
    expect(answer.missing).toEqual([]);
    expect(answer.rows.columns).not.toContain("amount");
    expect(answer.rows.columns).not.toContain("nextStep");
    expect(answer.rows.columns).not.toContain("accountName");
    expect([...answer.unreadable].sort()).toEqual(["accountName", "amount", "currency", "nextStep"]);
    const [, query] = received(salesforce);
    expect(soqlOf(query!)).not.toMatch(/Amount|NextStep|Account\.Name/);
  });

  test("does not call unreadable what the configuration tells", async () => {
    const { list } = await start({ currency: "EUR" });
    expect((await list({ open: true })).answer.unreadable).toEqual([]);
  });

  test("says to whom each owner reports, over two relationships", async () => {
    const { list, deals, people, stories } = await start();
    const rows = objects((await list({ open: true })).answer.rows);
    for (const { ownerId, managerId, managerName } of rows) {
      const manager = people.find(({ id }) => id === people.find(({ id }) => id === ownerId)!.managerId);
      expect([managerId, managerName]).toEqual([manager?.id ?? null, manager?.name ?? null]);
    }
    expect(new Set(rows.map(({ managerId }) => managerId))).toContain(stories.manager);
    expect(rows.length).toBeLessThan(deals.length);
  });

  test.each([
    ["hidden from the user", "User.ManagerId", ["managerId", "managerName"]],
    ["hidden names", "User.Name", ["managerName", "ownerName"]],
  ])("leaves out managers that are %s", async (_, hidden, unreadable) => {
    const { list, salesforce } = await start({ currency: "EUR" });
    salesforce.configure({ hiddenFields: { integration: [hidden] } });
    for (const __ of [1, 2]) {
      const { answer } = await list({ open: true });
      expect(answer.missing).toEqual([]);
      expect([...answer.unreadable].sort()).toEqual(unreadable);
    }
    expect(salesforce.requests(/query/)).toHaveLength(3);
  });

  test("asks for no managers where the configuration denies them", async () => {
    const { list, salesforce } = await start({ currency: "EUR", denyFields: ["User.ManagerId"] });
    expect([...(await list({ open: true })).answer.unreadable].sort()).toEqual(["managerId", "managerName"]);
    expect(soqlOf(received(salesforce).at(-1)!)).not.toContain("Manager");
  });

  test("leaves out the names of accounts and owners where only their ids can be seen", async () => {
    const { list, salesforce } = await start({ currency: "EUR" });
    salesforce.configure({ hiddenFields: { integration: ["Account.Name"] } });
    for (const _ of [1, 2]) {
      const { answer } = await list({ open: true });
      expect(answer.missing).toEqual([]);
      expect(answer.unreadable).toEqual(["accountName"]);
      expect(answer.rows.columns).toContain("ownerName");
    }
    // What was learnt is kept: the second reading asks once.
    expect(salesforce.requests(/query/)).toHaveLength(3);
  });

  test("notices within the hour that a field was hidden", async () => {
    const { list, salesforce } = await start({ currency: "EUR" });
    await list({ open: true });
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.NextStep"] } });
    const { answer } = await list({ open: true });
    expect(answer.missing).toEqual([]);
    expect(answer.unreadable).toEqual(["nextStep"]);
  });

  test("sees what a new token's user may see", async () => {
    const { salesforce } = await start();
    const file = join(temporaryFolder(), "token");
    writeFileSync(file, RESTRICTED_TOKEN);
    const hub = await startConfigured(
      { instanceUrl: salesforce.url, auth: { type: "access_token", token: `file:${file}` } },
      {},
      { connectors: { reader: { from: READER } } },
    );
    const unreadable = async () => (await hub.call("reader_list_deals", { open: true })).answer.unreadable;
    expect(await unreadable()).toContain("amount");
    writeFileSync(file, INTEGRATION_TOKEN);
    salesforce.fault({ status: 401, body: "[]", times: 1 });
    await unreadable();
    expect(await unreadable()).not.toContain("amount");
  });

  test("does not take an answer whose further pages cannot be found for a whole one", async () => {
    const { list, salesforce } = await start();
    const url = "/services/data/v67.0/query/01g000000000001AAA-200";
    for (const nextRecordsUrl of [undefined, url]) {
      const page = { totalSize: 5, done: false, records: [], nextRecordsUrl };
      salesforce.fault({ match: "/query", status: 200, body: JSON.stringify(page) });
      const { answer } = await list({ open: true });
      expect(answer.missing).toEqual(["Salesforce did not say where the further rows are."]);
      salesforce.fault(undefined);
    }
    expect(salesforce.requests(/query/).length).toBeLessThanOrEqual(3);
  });

  test("is missing, with the reason, when the configuration hides deals altogether", async () => {
    const { list, salesforce } = await start({ objects: { allow: ["Account"] } });
    const { answer } = await list();
    expect(answer.missing).toEqual(["Deals cannot be read: Opportunity.Id is hidden from this hub."]);
    expect(salesforce.requests(/query/)).toEqual([]);
  });

  test("knows each deal's currency where the org has several, else the one configured", async () => {
    const several = await start();
    several.salesforce.configure({ multiCurrency: true });
    expect(objects((await several.list({ open: true })).answer.rows)[0]?.currency).toBe("USD");
    const one = await start({ currency: "EUR" });
    expect(objects((await one.list({ open: true })).answer.rows)[0]?.currency).toBe("EUR");
  });

  test("a dry run shows exactly the requests of a real run", async () => {
    const { list, salesforce, deals } = await start();
    const query = { open: true, category: "commit", ownerId: deals[0]!.ownerId, closeTo: "2026-12-31" };
    // The first reading learns which columns there are.
    await list(query);
    salesforce.reset();
    const { answer } = await list({ ...query, dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await list(query);
    expect(promised(answer).map(({ note: _, ...request }) => request)).toEqual(received(salesforce));
  });
});
