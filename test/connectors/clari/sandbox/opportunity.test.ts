import { describe, expect, test } from "vitest";
import { type Clari, openSandbox } from "./open-sandbox.ts";

interface Field {
  readonly id: string;
  readonly alias: string;
  readonly value?: string | number;
  readonly trendHistory?: readonly object[];
}

interface Opportunity {
  readonly id: string;
  readonly crmScore?: { readonly score: number; readonly message?: string };
  readonly fields: readonly Field[];
}

const read = async ({ ask }: Clari, ...ids: readonly string[]): Promise<Opportunity[]> => {
  const query = new URLSearchParams(ids.map((id): [string, string] => ["oppId", id]));
  const { body } = await ask(`/v4/opportunity?${query}`);
  return body.opportunities ?? body;
};

const dealOf = ({ company }: Clari, id: string) => company.deals.find((deal) => deal.id === id)!;

const fieldOf = (opportunity: Opportunity | undefined, id: string) =>
  opportunity?.fields.find((field) => field.id === id);

describe("opportunities", () => {
  test("show the company's deal: value, score, owner and account", async () => {
    const clari = await openSandbox();
    const { company } = clari;
    const deal = dealOf(clari, company.stories.lowScore);
    const [opportunity] = await read(clari, deal.id);
    expect(opportunity?.id).toBe(deal.id);
    expect(opportunity?.crmScore).toEqual({ score: deal.score, message: deal.scoreMessage });
    expect(deal.score).toBeLessThan(30);
    const values = Object.fromEntries(opportunity!.fields.map(({ id, value }) => [id, value]));
    expect(values).toMatchObject({
      name: deal.name,
      amount: deal.amount,
      stagename: deal.stage,
      closedate: Date.parse(deal.closeDate),
      forecastcategoryname: "Commit",
      "owner.name": company.people.find(({ id }) => id === deal.ownerId)!.name,
      "account.name": company.accounts.find(({ id }) => id === deal.accountId)!.name,
      "clari.score": deal.score,
    });
  });

  test("come in the envelope of the dialect", async () => {
    const { ask, company, server } = await openSandbox();
    const path = `/v4/opportunity?oppId=${company.stories.healthy}`;
    const live = (await ask(path)).body;
    server.configure({ dialect: "spec" });
    const spec = (await ask(path)).body;

    expect(Object.keys(live)).toEqual(["opportunities"]);
    expect(spec).toHaveLength(1);
    expect(spec[0].crmScore).toEqual(live.opportunities[0].crmScore);
    const ids = (list: Opportunity[]) => list[0]!.fields.map(({ id }) => id);
    expect(ids(live.opportunities)).toEqual(expect.arrayContaining(["amount", "closedate", "owner.name"]));
    expect(ids(spec)).toEqual(
      expect.arrayContaining(["opportunity.amount", "opportunity.closedate", "owner.name"]),
    );
  });

  test("carry in each field what moved in it", async () => {
    const clari = await openSandbox();
    const { stories, fieldChanges } = clari.company;
    const [cut, slipped] = await read(clari, stories.amountCut, stories.slippedTwice);
    const changes = (dealId: string, name: string) =>
      fieldChanges.filter(({ dealId: id, field }) => id === dealId && field === name);

    const cuts = changes(stories.amountCut, "Amount");
    expect(cuts.length).toBeGreaterThan(0);
    expect(fieldOf(cut, "amount")).toMatchObject({
      originalValue: cuts[0]!.oldValue,
      trend: "DOWN",
      trendHistory: cuts.map(({ oldValue, newValue, at }) => ({ oldValue, newValue, date: at })),
    });
    const slips = changes(stories.slippedTwice, "CloseDate");
    expect(slips.length).toBeGreaterThanOrEqual(2);
    expect(fieldOf(slipped, "closedate")).toMatchObject({
      originalValue: Date.parse(String(slips[0]!.oldValue)),
      trend: "DOWN",
      trendHistory: slips.map(({ oldValue, newValue, at }) => ({
        oldValue: Date.parse(String(oldValue)),
        newValue: Date.parse(String(newValue)),
        date: at,
      })),
    });
  });

  test("name people, not their ids, where an owner changed", async () => {
    const clari = await openSandbox();
    const { fieldChanges, people } = clari.company;
    const handover = fieldChanges.find(
      ({ field, dealId }) => field === "OwnerId" && dealOf(clari, dealId).inClari,
    )!;
    const nameOf = (id: unknown) => people.find((person) => person.id === id)!.name;
    const [opportunity] = await read(clari, handover.dealId);
    expect(fieldOf(opportunity, "owner.name")?.trendHistory).toContainEqual({
      oldValue: nameOf(handover.oldValue),
      newValue: nameOf(handover.newValue),
      date: handover.at,
    });
  });

  test("tell of a forecast category only where the stage moved into another one", async () => {
    const clari = await openSandbox();
    const category: Record<string, string> = {
      Prospecting: "Pipeline",
      Qualification: "Pipeline",
      Proposal: "Best Case",
      Negotiation: "Best Case",
      Commit: "Commit",
    };
    const moves = clari.company.fieldChanges.filter(
      ({ dealId, field }) => dealId === clari.company.stories.healthy && field === "StageName",
    );
    const expected = moves
      .map(({ oldValue, newValue, at }) => ({
        oldValue: category[String(oldValue)],
        newValue: category[String(newValue)],
        date: at,
      }))
      .filter(({ oldValue, newValue }) => oldValue !== newValue);
    const [opportunity] = await read(clari, clari.company.stories.healthy);
    expect(fieldOf(opportunity, "forecastcategoryname")?.trendHistory).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  test("show at once what changed in the shared company", async () => {
    const clari = await openSandbox();
    const deal = dealOf(clari, clari.company.stories.healthy);
    const before = deal.amount;
    deal.amount = 123_456;
    deal.score = 12;
    clari.company.fieldChanges.push({
      id: "017Kx00000zzzzzIAA",
      dealId: deal.id,
      field: "Amount",
      oldValue: before,
      newValue: 123_456,
      at: clari.clock.now(),
      byId: deal.ownerId,
    });
    const [opportunity] = await read(clari, deal.id);
    const amount = fieldOf(opportunity, "amount");
    expect(amount?.value).toBe(123_456);
    expect(amount?.trendHistory?.at(-1)).toEqual({
      oldValue: before,
      newValue: 123_456,
      date: clari.clock.now(),
    });
    expect(opportunity?.crmScore?.score).toBe(12);
  });

  test("are left out when Clari does not know them, and come once when asked for twice", async () => {
    const clari = await openSandbox();
    const { healthy, missingInClari } = clari.company.stories;
    const found = await read(clari, missingInClari, healthy, "0065f00000NoSucAAF", "nonsense", healthy);
    expect(found.map(({ id }) => id)).toEqual([healthy]);
  });

  test("answer to 15 characters under their 18, and only in the right case", async () => {
    const clari = await openSandbox();
    const { healthy } = clari.company.stories;
    const [opportunity] = await read(clari, healthy.slice(0, 15));
    expect(opportunity?.id).toBe(healthy);
    expect(await read(clari, healthy.slice(0, 15).toLowerCase())).toEqual([]);
  });

  test("have neither score when Clari has not scored them", async () => {
    const clari = await openSandbox();
    const [opportunity] = await read(clari, clari.company.stories.unscored);
    expect(opportunity).toBeDefined();
    expect(opportunity).not.toHaveProperty("crmScore");
    expect(fieldOf(opportunity, "clari.score")).toBeUndefined();
  });

  test("leave out the value of an empty field", async () => {
    const clari = await openSandbox();
    const [opportunity] = await read(clari, clari.company.stories.noAmount);
    expect(fieldOf(opportunity, "amount")).toMatchObject({ id: "amount", alias: "Amount" });
    expect(fieldOf(opportunity, "amount")).not.toHaveProperty("value");
  });

  test("keep the score in the field alone when crmScore is off", async () => {
    const clari = await openSandbox({ omitCrmScore: true });
    const deal = dealOf(clari, clari.company.stories.lowScore);
    const [opportunity] = await read(clari, deal.id);
    expect(opportunity).not.toHaveProperty("crmScore");
    expect(fieldOf(opportunity, "clari.score")?.value).toBe(deal.score);
  });

  test("are asked for a hundred at a time at most, and at least one", async () => {
    const { ask, company } = await openSandbox();
    const refused = (details: string) => [
      { statusCode: 400, reaspnPhrase: "Bad Request", description: "invalid query parameter", details },
    ];
    const query = (count: number) =>
      company.deals
        .slice(0, count)
        .map(({ id }) => `oppId=${id}`)
        .join("&");
    const none = await ask("/v4/opportunity");
    expect(none.status).toBe(400);
    expect(none.body).toEqual(refused("oppId is required"));
    expect((await ask(`/v4/opportunity?${query(100)}`)).status).toBe(200);
    const tooMany = await ask(`/v4/opportunity?${query(101)}`);
    expect(tooMany.status).toBe(400);
    expect(tooMany.body).toEqual(refused("oppId takes at most 100 values"));
  });
});
