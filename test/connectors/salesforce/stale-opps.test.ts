import { describe, expect, test } from "vitest";
import { type Deal, STAGES } from "#sandbox/company/types.ts";
import { startHub } from "../../kit/hub.ts";
import { objects, promised, received } from "./requests.ts";

const DAY = 86_400_000;
const day = (time: number) => new Date(time).toISOString().slice(0, 10);
const closed = new Set<string>(STAGES.filter((stage) => stage.closed).map(({ name }) => name));

const start = async (config: Record<string, unknown> = { currency: "USD" }) => {
  const hub = await startHub({ connectors: { salesforce: { config } } });
  const since = (deal: Deal) => deal.lastStageChangeAt ?? deal.createdAt;
  const midnight = Math.floor(hub.clock.now() / DAY) * DAY;
  const stale = (days: number) =>
    hub.company.deals
      .filter((deal) => !closed.has(deal.stage) && since(deal) < midnight - days * DAY)
      .sort((a, b) => (day(since(a)) < day(since(b)) ? -1 : 1));
  const ask = (input: object = {}) => hub.call("salesforce_stale_opps", { ...input });
  return { hub, salesforce: hub.sandbox("salesforce"), stale, since, ask };
};

const sum = (deals: readonly Deal[]) =>
  Math.round(deals.reduce((total, { amount }) => total + (amount ?? 0), 0) * 100) / 100;

describe("salesforce_stale_opps", () => {
  test("lists the longest in one stage first, and totals all of them", async () => {
    const { ask, stale, since, hub, salesforce } = await start();
    const { answer, isError } = await ask({ days_in_stage_threshold: 60, limit: 20 });
    expect(isError).toBe(false);
    const expected = stale(60);
    expect(expected.length).toBeGreaterThan(20);
    expect(answer.rows).toMatchObject({ returned: 20, total: expected.length, truncated: true });
    expect(answer.amountAtStake).toBe(sum(expected));
    expect(answer.currency).toBe("USD");
    const rows = objects(answer.rows);
    expect(rows.map(({ inStageSince }) => inStageSince)).toEqual(
      expected.slice(0, 20).map((deal) => day(since(deal))),
    );
    const first = hub.company.deals.find(({ id }) => id === rows[0]?.id)!;
    expect(rows[0]).toMatchObject({
      name: first.name,
      stage: first.stage,
      closeDate: first.closeDate,
      amount: first.amount,
      daysInStage: Math.round((Date.parse("2026-11-21") - Date.parse(day(since(first)))) / DAY),
    });
    expect(answer.rows.columns).not.toContain("currency");
    expect(answer.url).toBe(`${salesforce.url}/lightning/r/Opportunity/{id}/view`);
    expect(answer.notices).toEqual([expect.stringContaining(`${expected.length - 20} more rows are held`)]);
  });

  test("reads the two hundred oldest; fifty are shown, and the others can be paged", async () => {
    const { ask, stale, since, hub } = await start();
    const expected = stale(30);
    expect(expected.length).toBeGreaterThan(200);
    const { answer } = await ask();
    expect(answer.rows).toMatchObject({ returned: 50, total: expected.length, truncated: true });
    expect(answer.notices).toContainEqual(
      expect.stringContaining(`Only the 200 oldest of ${expected.length} are listed`),
    );
    const { rows } = (await hub.call("hub_get_more", { cursor: answer.rows.cursor })).answer;
    expect(rows).toMatchObject({ returned: 150, total: expected.length, truncated: true });
    expect(rows.cursor).toBeUndefined();
    expect([...objects(answer.rows), ...objects(rows)].map(({ inStageSince }) => inStageSince)).toEqual(
      expected.slice(0, 200).map((deal) => day(since(deal))),
    );
  });

  test("counts from the creation of a deal whose stage never changed", async () => {
    const { ask, stale, hub } = await start();
    const never = hub.company.deals.filter(
      (deal) => !closed.has(deal.stage) && deal.lastStageChangeAt === null,
    );
    const [oldest] = stale(30);
    Object.assign(oldest!, { lastStageChangeAt: null });
    const { answer } = await ask({ limit: 200 });
    const row = objects(answer.rows).find(({ id }) => id === oldest!.id)!;
    expect(row.inStageSince).toBe(day(oldest!.createdAt));
    expect(answer.rows.total).toBe(stale(30).length);
    expect(never.length).toBeLessThan(stale(30).length);
  });

  test("means more than so many whole days: the day itself is not stale yet", async () => {
    const { ask, hub } = await start();
    const [one, other] = hub.company.deals.filter(({ stage }) => stage === "Proposal");
    const at = (text: string) => Date.parse(text);
    Object.assign(one!, { lastStageChangeAt: at("2026-10-21T23:59:59Z") });
    Object.assign(other!, { lastStageChangeAt: at("2026-10-22T00:00:00Z") });
    const owner = { owner_id: one!.ownerId };
    Object.assign(other!, { ownerId: one!.ownerId });
    const ids = objects((await ask({ ...owner, limit: 200 })).answer.rows).map(({ id }) => id);
    expect(ids).toContain(one!.id);
    expect(ids).not.toContain(other!.id);
  });

  test("asks once, and before that once an hour which columns there are", async () => {
    const { ask, salesforce } = await start();
    await ask();
    expect(received(salesforce).map(({ url }) => url.split("/").at(-1))).toEqual(["describe", "composite"]);
    salesforce.reset();
    const { answer } = await ask();
    expect(received(salesforce).map(({ url }) => url.split("/").at(-1))).toEqual(["composite"]);
    expect(answer.sources).toMatchObject([{ requests: 1 }]);
  });

  test("narrows to one owner", async () => {
    const { ask, stale } = await start();
    const { ownerId } = stale(30)[0]!;
    const own = stale(30).filter((deal) => deal.ownerId === ownerId);
    const { answer } = await ask({ owner_id: ownerId.slice(0, 15) });
    expect(answer.rows.total).toBe(own.length);
    expect(answer.amountAtStake).toBe(sum(own));
  });

  test("reads the further pages of an answer", async () => {
    const { ask, stale, since, salesforce } = await start();
    salesforce.configure({ batchSize: 20 });
    const { answer } = await ask({ limit: 50 });
    expect(objects(answer.rows).map(({ inStageSince }) => inStageSince)).toEqual(
      stale(30)
        .slice(0, 50)
        .map((deal) => day(since(deal))),
    );
    expect(salesforce.requests("GET").length).toBeGreaterThan(2);
  });

  test("goes without what is hidden or denied, and says which amounts are missing", async () => {
    const { ask, stale, salesforce } = await start({ denyFields: ["NextStep"] });
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.Amount"] } });
    const { answer } = await ask();
    expect(answer.rows.total).toBe(stale(30).length);
    expect(answer.amountAtStake).toBeNull();
    expect(answer.rows.columns).not.toContain("amount");
    expect(answer.rows.columns).not.toContain("nextStep");
    expect(answer.notices).toContain("Amounts cannot be read here.");
  });

  test("notices a field that was hidden since it looked", async () => {
    const { ask, salesforce } = await start();
    await ask();
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.NextStep", "Account.Name"] } });
    const { answer, isError } = await ask();
    expect(isError).toBe(false);
    expect(answer.rows.columns).not.toContain("nextStep");
    expect(answer.rows.columns).not.toContain("account");
  });

  test.each(["LastStageChangeDate", "CreatedDate"])("is refused where %s is hidden", async (column) => {
    const denied = await start({ denyFields: [`Opportunity.${column}`] });
    expect(await denied.ask()).toBeRefused("forbidden");
    expect(await denied.ask({ dry_run: true })).toBeRefused("forbidden");
    const hidden = await start();
    hidden.salesforce.configure({ hiddenFields: { integration: [`Opportunity.${column}`] } });
    const refused = await hidden.ask();
    expect(refused).toBeRefused("forbidden");
    expect(refused.answer.error.message).toContain(column);
  });

  test("says how many deals have no amount, and which setting names the currency", async () => {
    const { ask, stale } = await start({});
    Object.assign(stale(30)[3]!, { amount: null });
    const without = stale(30).filter(({ amount }) => amount === null).length;
    const { notices } = (await ask()).answer;
    expect(notices).toContain(`${without} of these deals have no amount; sums leave them out.`);
    expect(notices.join()).toContain("setting `currency`");
  });

  test("shows each deal's currency where the org has several", async () => {
    const { ask, salesforce } = await start();
    salesforce.configure({ multiCurrency: true });
    expect(objects((await ask()).answer.rows)[0]?.currency).toBe("USD");
  });

  test("has nothing to list, and nothing at stake, where no deal is stale", async () => {
    const { ask } = await start();
    const { answer } = await ask({ days_in_stage_threshold: 3_650 });
    expect(answer.rows).toMatchObject({ returned: 0, total: 0, truncated: false });
    expect(answer.amountAtStake).toBeNull();
  });

  test("marks hostile text as data", async () => {
    const { ask, hub } = await start();
    const { hostile } = hub.company.stories;
    const deal = hub.company.deals.find(({ id }) => id === hostile)!;
    Object.assign(deal, { lastStageChangeAt: Date.parse("2024-01-01T00:00:00Z") });
    const row = objects((await ask()).answer.rows).find(({ id }) => id === hostile)!;
    expect(row.nextStep).toMatch(/^⟦(\w+) untrusted: .* \1⟧$/s);
  });

  test.each([
    { owner_id: "x' OR Name != '" },
    { owner_id: "../limits" },
    { limit: 1_001 },
    { limit: 0 },
    { days_in_stage_threshold: 0 },
    { days_in_stage_threshold: 1.5 },
  ])("refuses %j before anything is sent", async (input) => {
    const { ask, salesforce } = await start();
    expect(await ask(input)).toBeRefused("invalid_input");
    expect(salesforce.requests()).toEqual([]);
  });

  test("a dry run shows exactly the requests of a real run", async () => {
    const { ask, salesforce, stale } = await start();
    const input = { owner_id: stale(30)[0]!.ownerId, limit: 7 };
    const first = await ask({ ...input, dry_run: true });
    expect(promised(first.answer).map(({ url }) => url.split("/").at(-1))).toEqual(["describe", "composite"]);
    await ask(input);
    salesforce.reset();
    const { answer } = await ask({ ...input, dry_run: true });
    expect(salesforce.requests()).toEqual([]);
    await ask(input);
    expect(promised(answer)).toEqual(received(salesforce));
  });
});
