import { describe, expect, test } from "vitest";
import type { StageAge } from "#connector";
import type { Company } from "#sandbox/company/types.ts";
import { startAsking } from "./asking.ts";
import { promised, received } from "./requests.ts";

const SINCE = "2026-01-01";
const HOUR = 3_600_000;

/** By the company's own book: the days between the changes of stage of the deals won since. */
const expected = (company: Company): Map<string, number[]> => {
  const days = new Map<string, number[]>();
  const dayOf = (at: number) => Math.floor(at / 86_400_000);
  for (const { id, stage, closeDate, createdAt } of company.deals) {
    if (stage !== "Closed Won" || closeDate < SINCE) continue;
    let since = createdAt;
    const own = new Map<string, number>();
    for (const { field, at, oldValue } of company.fieldChanges.filter(({ dealId }) => dealId === id)) {
      if (field !== "StageName") continue;
      own.set(String(oldValue), (own.get(String(oldValue)) ?? 0) + dayOf(at) - dayOf(since));
      since = at;
    }
    for (const [name, sum] of own) days.set(name, [...(days.get(name) ?? []), sum]);
  }
  return days;
};

describe("the stageAges dataset of Salesforce", () => {
  test("has the median days that won deals stood in each stage", async () => {
    const { ask, hub } = await startAsking();
    const { rows, missing } = await ask("stageAges", { since: SINCE });
    expect(missing).toEqual([]);
    const days = expected(hub.company);
    expect(rows.map(({ stage }: StageAge) => stage)).toEqual([...days.keys()].sort());
    for (const { stage, medianDays, deals } of rows as StageAge[]) {
      const sorted = days.get(stage)!.sort((a, b) => a - b);
      expect(deals).toBe(sorted.length);
      const middle = sorted.length / 2;
      expect(medianDays).toBe((sorted[Math.ceil(middle - 1)]! + sorted[Math.floor(middle)]!) / 2);
      expect(medianDays).toBeGreaterThan(0);
    }
  });

  test("is read once a day, and says how old it is", async () => {
    const { ask, hub, salesforce } = await startAsking();
    const first = await ask("stageAges", { since: SINCE });
    hub.clock.advance(23 * HOUR);
    const second = await ask("stageAges", { since: SINCE });
    expect(second.rows).toEqual(first.rows);
    expect(second.sources).toMatchObject([
      { requests: 0, reference: { stageAges: "2026-11-21T09:00:00.000Z" } },
    ]);
    expect(salesforce.requests()).toHaveLength(1);
    await ask("stageAges", { since: "2026-07-01" });
    expect(salesforce.requests()).toHaveLength(2);
    hub.clock.advance(2 * HOUR);
    expect((await ask("stageAges", { since: SINCE })).asOf).toBe("2026-11-22T10:00:00.000Z");
    expect(salesforce.requests()).toHaveLength(3);
  });

  test("reads ten pages of the latest deals at most, and says so each time", async () => {
    const { ask, hub, salesforce } = await startAsking();
    const { fieldChanges, deals } = hub.company;
    const won = deals.find(({ stage, closeDate }) => stage === "Closed Won" && closeDate >= SINCE)!;
    const [template] = fieldChanges.filter(({ dealId }) => dealId === won.id);
    for (let n = 0; n < 21_000; n += 1)
      fieldChanges.push({
        ...{ ...template!, field: "StageName", id: `017Kx0000${String(n).padStart(9, "0")}` },
        ...{ oldValue: "Proposal", newValue: "Proposal", at: won.createdAt + n },
      });
    for (const _ of [1, 2]) {
      const { rows, notices } = await ask("stageAges", { since: SINCE });
      expect(rows.length).toBeGreaterThan(0);
      expect(notices).toEqual([
        expect.stringMatching(
          /^How long won deals stood in each stage is of the latest only: 20000 of 2\d{4} stage changes were read\.$/,
        ),
      ]);
    }
    expect(salesforce.requests()).toHaveLength(10);
  });

  test("says what to do where stages are not tracked, and nothing is wrong where nothing was won", async () => {
    const { ask, hub } = await startAsking();
    const { fieldChanges } = hub.company;
    const none = await ask("stageAges", { since: "2026-11-21" });
    expect([none.rows, none.missing]).toEqual([[], []]);
    fieldChanges.splice(0);
    const { rows, missing } = await ask("stageAges", { since: SINCE });
    expect(rows).toEqual([]);
    expect(missing).toMatchObject([
      {
        code: "not_found",
        reason: expect.stringMatching(
          /^Salesforce has no stage history of the \d+ deals.*Set History Tracking\.$/,
        ),
      },
    ]);
  });

  test.each([
    ["hidden", {}, { hiddenObjects: ["OpportunityFieldHistory"] }],
    ["hidden with its stage", {}, { hiddenFields: { integration: ["Opportunity.IsWon"] } }],
    ["denied", { objects: { deny: ["OpportunityFieldHistory"] } }, {}],
    ["denied with the stage", { denyFields: ["Opportunity.StageName"] }, {}],
  ])("says so where the history is %s", async (_, config, switches) => {
    const { ask, salesforce } = await startAsking(config);
    salesforce.configure(switches);
    expect((await ask("stageAges", { since: SINCE })).missing).toMatchObject([
      {
        code: "forbidden",
        reason: "How long won deals stood in each stage cannot be told: their history is hidden.",
      },
    ]);
  });

  test("is there although other fields of deals, and so histories in general, are denied", async () => {
    const { ask } = await startAsking({ denyFields: ["Opportunity.Amount"] });
    const { rows, missing } = await ask("stageAges", { since: SINCE });
    expect(missing).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
  });

  test("a dry run shows the request, and none while the answer is kept", async () => {
    const { ask, salesforce } = await startAsking();
    const dry = promised(await ask("stageAges", { since: SINCE }, { dry_run: true }));
    expect(salesforce.requests()).toEqual([]);
    await ask("stageAges", { since: SINCE });
    expect(dry.map(({ note: _, ...request }) => request)).toEqual(received(salesforce));
    expect(promised(await ask("stageAges", { since: SINCE }, { dry_run: true }))).toEqual([]);
  });
});
