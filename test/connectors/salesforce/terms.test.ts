import { describe, expect, test } from "vitest";
import type { Term } from "#connector";
import { INTEGRATION_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { ASKER } from "../clari/clari-hub.ts";
import { startAsking } from "./asking.ts";
import { startConfigured } from "./configured.ts";
import { promised, received } from "./requests.ts";

describe("the terms dataset of Salesforce", () => {
  test("tells what Commit, categories, fields and amounts mean in this org", async () => {
    const { ask } = await startAsking();
    const { rows, missing } = await ask("terms");
    expect(missing).toEqual([]);
    expect(rows).toEqual(
      expect.arrayContaining([
        { term: "Commit", meaning: "Deals in the stage Commit.", field: "Opportunity.StageName" },
        { term: "Currency", meaning: "Amounts are in USD.", field: null },
        {
          term: "Amount",
          meaning: "What a deal is worth. First-year recurring revenue, without services.",
          field: "Opportunity.Amount",
        },
        {
          term: "Stage",
          meaning:
            "How far a deal has come. Stages: Prospecting, Qualification, Proposal, Negotiation, Commit, Closed Won, Closed Lost.",
          field: "Opportunity.StageName",
        },
        {
          term: "Best Case",
          meaning: "Forecast category; in answers best_case.",
          field: "Opportunity.ForecastCategoryName",
        },
        // Where a stage means Commit, the category alone does not.
        {
          term: "Commit",
          meaning: "Forecast category; in answers best_case.",
          field: "Opportunity.ForecastCategoryName",
        },
      ]),
    );
    expect(rows.some(({ field }: Term) => field === "Opportunity.Name")).toBe(false);
  });

  test("asks once an hour for what fields are called, and says when", async () => {
    const { ask, hub, salesforce } = await startAsking();
    await ask("terms");
    hub.clock.advance(30 * 60_000);
    const { asOf, sources } = await ask("terms");
    expect(asOf).toBe("2026-11-21T09:00:00.000Z");
    expect(sources).toMatchObject([{ requests: 0, reference: { terms: "2026-11-21T09:00:00.000Z" } }]);
    expect(salesforce.requests()).toHaveLength(1);
  });

  test("keeps silent about what is hidden or denied", async () => {
    const { ask, salesforce } = await startAsking({ denyFields: ["Opportunity.NextStep"] });
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.Amount"] } });
    const fields = (await ask("terms")).rows.map(({ field }: Term) => field);
    expect(fields).not.toContain("Opportunity.NextStep");
    expect(fields).not.toContain("Opportunity.Amount");
    expect(fields).toContain("Opportunity.CloseDate");
  });

  test("without deals, tells what the configuration does and asks nothing", async () => {
    const { ask, salesforce } = await startAsking({ objects: { deny: ["Opportunity"] } });
    expect((await ask("terms")).rows.map(({ term }: Term) => term)).toEqual(["Commit", "Currency"]);
    expect(salesforce.requests()).toEqual([]);
  });

  test("knows an org where the forecast category says Commit", async () => {
    const { salesforce } = await startAsking();
    const hub = await startConfigured(
      { instanceUrl: salesforce.url, auth: { type: "access_token", token: "env:TOKEN" } },
      { TOKEN: INTEGRATION_TOKEN },
      { connectors: { asker: { from: ASKER } } },
    );
    const { answer } = await hub.call("asker_get_dataset", { dataset: "terms", query: {} });
    expect(answer.rows.slice(0, 2)).toEqual([
      {
        term: "Commit",
        meaning: "Deals whose forecast category is Commit.",
        field: "Opportunity.ForecastCategoryName",
      },
      { term: "Currency", meaning: "Amounts are in the org's corporate currency.", field: null },
    ]);
    expect(answer.rows).toContainEqual({
      term: "Commit",
      meaning: "Forecast category; in answers commit.",
      field: "Opportunity.ForecastCategoryName",
    });
  });

  test("knows an org with several currencies", async () => {
    const { ask, salesforce } = await startAsking();
    salesforce.configure({ multiCurrency: true });
    expect((await ask("terms")).rows).toContainEqual({
      term: "Currency",
      meaning: "Each deal has its own; sums over several are in USD.",
      field: "Opportunity.CurrencyIsoCode",
    });
  });

  test("keeps long words of an org short", async () => {
    const { ask, salesforce } = await startAsking();
    const describe = await fetch(`${salesforce.url}/services/data/v67.0/sobjects/Opportunity/describe`, {
      headers: { authorization: `Bearer ${Object.values(salesforce.variables)[0]}` },
    }).then((response) => response.text());
    const body = describe.replace("First-year recurring revenue", "x".repeat(2_000));
    salesforce.fault({ match: "describe", status: 200, body });
    const { rows } = await ask("terms");
    // Fenced, as every text of a vendor's that is this long.
    const [, meaning] = /untrusted: (.*) \w+⟧$/.exec(
      rows.find(({ term }: Term) => term === "Amount").meaning,
    )!;
    expect(meaning).toMatch(/^What a deal is worth\. x+…$/);
    expect(meaning).toHaveLength(300);
  });

  test("a dry run shows the request, and none once the answer is known", async () => {
    const { ask, salesforce } = await startAsking();
    const dry = promised(await ask("terms", {}, { dry_run: true }));
    await ask("terms");
    expect(dry.map(({ note: _, ...request }) => request)).toEqual(received(salesforce));
    expect(promised(await ask("terms", {}, { dry_run: true }))).toEqual([]);
  });
});
