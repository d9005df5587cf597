import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Deal } from "#sandbox/company/types.ts";
import { startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
let deals: readonly Deal[];
beforeAll(async () => {
  org = await startOrg();
  deals = org.company.deals;
});
afterAll(() => org.server.close());

const amounts = (some: readonly Deal[]) =>
  some.map(({ amount }) => amount).filter((amount) => amount !== null);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const groupBy = <K>(some: readonly Deal[], key: (deal: Deal) => K) => Map.groupBy(some, key);

describe("Aggregates", () => {
  it("answer one row without GROUP BY, over values that are not null", async () => {
    const [row] = await org.rows(
      "SELECT COUNT(Id), COUNT(Amount) priced, COUNT_DISTINCT(OwnerId) owners, SUM(Amount) total, AVG(Amount) mean, MIN(CloseDate), MAX(Name) FROM Opportunity",
    );
    const priced = amounts(deals);
    expect(row.attributes).toEqual({ type: "AggregateResult" });
    expect(row.expr0).toBe(deals.length);
    expect(row.priced).toBe(priced.length);
    expect(row.priced).toBeLessThan(deals.length);
    expect(row.owners).toBe(new Set(deals.map(({ ownerId }) => ownerId)).size);
    expect(row.total).toBeCloseTo(sum(priced), 2);
    expect(row.mean).toBeCloseTo(sum(priced) / priced.length, 2);
    expect(row.expr1).toBe(deals.map(({ closeDate }) => closeDate).sort()[0]);
    expect(typeof row.expr2).toBe("string");
  });

  it("give null for the sum of nothing", async () => {
    expect(
      await org.rows("SELECT SUM(Amount) total, COUNT(Id) n FROM Opportunity WHERE Amount = null"),
    ).toEqual([
      {
        attributes: { type: "AggregateResult" },
        total: null,
        n: deals.filter(({ amount }) => amount === null).length,
      },
    ]);
  });

  it("count without records with COUNT(), capped by LIMIT", async () => {
    expect((await org.query("SELECT COUNT() FROM Opportunity")).json).toEqual({
      totalSize: deals.length,
      done: true,
      records: [],
    });
    expect((await org.query("SELECT COUNT() FROM Opportunity LIMIT 5")).json.totalSize).toBe(5);
  });

  it("group by fields, parents and dates", async () => {
    const byStage = await org.rows(
      "SELECT StageName, COUNT(Id) n, SUM(Amount) total FROM Opportunity GROUP BY StageName",
    );
    const expected = groupBy(deals, ({ stage }) => stage);
    expect(byStage).toHaveLength(expected.size);
    for (const { StageName, n, total } of byStage) {
      expect(n).toBe(expected.get(StageName)!.length);
      expect(total).toBeCloseTo(sum(amounts(expected.get(StageName)!)), 2);
    }
    const byQuarter = await org.rows(
      "SELECT CALENDAR_YEAR(CloseDate), CALENDAR_QUARTER(CloseDate) q, COUNT(Id) n FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate), CALENDAR_QUARTER(CloseDate)",
    );
    for (const { expr0, q, n } of byQuarter)
      expect(n).toBe(
        deals.filter(
          ({ closeDate }) =>
            closeDate.startsWith(`${expr0}`) && Math.ceil(Number(closeDate.slice(5, 7)) / 3) === q,
        ).length,
      );
    const byOwner = await org.rows(
      "SELECT Owner.Name, COUNT(Id) n FROM Opportunity GROUP BY Owner.Name ORDER BY COUNT(Id) DESC LIMIT 3",
    );
    const counts = [...groupBy(deals, ({ ownerId }) => ownerId).values()]
      .map(({ length }) => length)
      .sort((a, b) => b - a);
    expect(byOwner.map(({ n }: { n: number }) => n)).toEqual(counts.slice(0, 3));
    expect(byOwner[0].Name).toBeTypeOf("string");
  });

  it("keep groups that HAVING lets through", async () => {
    const kept = await org.rows(
      "SELECT OwnerId, COUNT(Id) n FROM Opportunity GROUP BY OwnerId HAVING COUNT(Id) > 30 AND OwnerId != null",
    );
    const expected = [...groupBy(deals, ({ ownerId }) => ownerId)].filter(([, some]) => some.length > 30);
    expect(kept.map(({ OwnerId }: { OwnerId: string }) => OwnerId).sort()).toEqual(
      expected.map(([owner]) => owner).sort(),
    );
    expect(kept.length).toBeGreaterThan(0);
  });

  it("add subtotals with ROLLUP and every combination with CUBE", async () => {
    const rows = await org.rows(
      "SELECT StageName, Type, GROUPING(StageName) allStages, GROUPING(Type) allTypes, COUNT(Id) n FROM Opportunity GROUP BY ROLLUP(StageName, Type)",
    );
    const grand = rows.filter(({ allStages }: { allStages: number }) => allStages === 1);
    expect(grand).toMatchObject([{ StageName: null, Type: null, allTypes: 1, n: deals.length }]);
    const stages = rows.filter(
      (row: { allStages: number; allTypes: number }) => row.allStages === 0 && row.allTypes === 1,
    );
    expect(sum(stages.map(({ n }: { n: number }) => n))).toBe(deals.length);

    const cube = await org.rows(
      "SELECT StageName, Type, GROUPING(StageName) s, GROUPING(Type) t, COUNT(Id) n FROM Opportunity GROUP BY CUBE(StageName, Type)",
    );
    const renewals = cube.find((row: Record<string, unknown>) => row.s === 1 && row.Type === "Renewal");
    expect(renewals.n).toBe(deals.filter(({ type }) => type === "Renewal").length);
  });

  it("find the next meeting of an account", async () => {
    const rows = await org.rows(
      "SELECT AccountId, WhatId, MIN(ActivityDate) FROM Event WHERE ActivityDate >= TODAY GROUP BY AccountId, WhatId",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { AccountId, WhatId, expr0 } of rows) {
      const dates = org.company.events
        .filter(
          (event) =>
            event.accountId === AccountId && event.whatId === WhatId && event.activityDate >= "2026-11-18",
        )
        .map(({ activityDate }) => activityDate);
      expect(expr0).toBe(dates.sort()[0]);
    }
  });
});
