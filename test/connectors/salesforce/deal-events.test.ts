import { describe, expect, test } from "vitest";
import type { Company } from "#sandbox/company/types.ts";
import { startAsking } from "./asking.ts";
import { promised, received } from "./requests.ts";

const TODAY = "2026-11-21";

const start = async (config: Record<string, unknown> = {}) => {
  const started = await startAsking(config);
  const { company } = started.hub;
  // As many as fit into the arguments of one call.
  const deals = company.deals.slice(0, 700).map(({ id, accountId }) => ({ id, accountId }));
  return { ...started, company, deals };
};

/** Whatever is planned with the account counts; on a deal without one, what is planned on the deal. */
const nextOn = ({ events }: Company, deal: { id: string; accountId: string | null }): string | null =>
  events
    .filter(({ activityDate }) => activityDate >= TODAY)
    .filter(({ accountId, whatId }) => (deal.accountId ? accountId === deal.accountId : whatId === deal.id))
    .map(({ activityDate }) => activityDate)
    .sort()[0] ?? null;

describe("the dealEvents dataset of Salesforce", () => {
  test("says of each deal asked for when the next meeting is, if any", async () => {
    const { ask, company, deals, salesforce } = await start();
    const { rows, missing, asOf } = await ask("dealEvents", { deals });
    expect(missing).toEqual([]);
    expect(asOf).toBe("2026-11-21T09:00:00.000Z");
    expect(rows).toEqual(deals.map((deal) => ({ id: deal.id, nextOn: nextOn(company, deal) })));
    expect(rows.some((row: { nextOn: string | null }) => row.nextOn !== null)).toBe(true);
    const accounts = new Set(deals.flatMap(({ accountId }) => accountId ?? []));
    expect(salesforce.requests()).toHaveLength(Math.ceil((Math.ceil(accounts.size / 300) + 1) / 5));
  });

  test("answers each deal once and asks nothing for none", async () => {
    const { ask, company, salesforce } = await start();
    const { healthy } = company.stories;
    const { accountId } = company.deals.find(({ id }) => id === healthy)!;
    const deal = { id: healthy, accountId };
    const { rows } = await ask("dealEvents", { deals: [deal, deal] });
    expect(rows).toEqual([{ id: healthy, nextOn: nextOn(company, deal) }]);
    expect(rows[0].nextOn).not.toBeNull();
    salesforce.reset();
    expect((await ask("dealEvents", { deals: [] })).rows).toEqual([]);
    expect(salesforce.requests()).toEqual([]);
  });

  test.each([
    ["denied", { denyFields: ["Event.ActivityDate"] }, []],
    ["hidden", {}, ["Event.ActivityDate"]],
  ])("is missing, and says so, where events are %s", async (_, config, hidden) => {
    const { ask, salesforce, deals } = await start(config);
    salesforce.configure({ hiddenFields: { integration: hidden } });
    const { rows, missing } = await ask("dealEvents", { deals: deals.slice(0, 5) });
    expect(rows).toEqual([]);
    expect(missing).toEqual([
      {
        system: "salesforce",
        code: "forbidden",
        reason: "Events cannot be read here, so nobody knows what is planned.",
      },
    ]);
  });

  test("a dry run shows the requests of a real run, and says in words which deals are not known yet", async () => {
    const { ask, salesforce, deals } = await start();
    const query = { deals };
    const dry = promised(await ask("dealEvents", query, { dry_run: true }));
    expect(salesforce.requests()).toEqual([]);
    await ask("dealEvents", query);
    expect(dry.map(({ note: _, ...request }) => request)).toEqual(received(salesforce));
    const unknown = promised(await ask("dealEvents", { deals: [] }, { dry_run: true }));
    expect(JSON.stringify(unknown)).toContain("<accounts of the deals>");
  });
});
