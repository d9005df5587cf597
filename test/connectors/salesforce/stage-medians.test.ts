import { expect, test } from "vitest";
import { makeRandom } from "#sandbox/company/random.ts";
import { type StageChange, stageMedians } from "../../../connectors/salesforce/reading/stage-medians.ts";

const DAY = 86_400_000;
const BEGIN = Date.parse("2026-01-01T12:00:00Z");
const LONG_AGO = "2020-01-01";
const time = (days: number) => new Date(BEGIN + days * DAY).toISOString();

/** A deal that stood so many days in each stage, one after another, and was won then. */
const deal = (
  dealId: string,
  ...stays: readonly (readonly [stage: string, days: number])[]
): StageChange[] => {
  let day = 0;
  return stays.map(([from, days], n) => {
    day += days;
    return { dealId, dealCreatedAt: time(0), at: time(day), from, to: stays[n + 1]?.[0] ?? "Won" };
  });
};
const ages = (...deals: readonly StageChange[][]) => stageMedians(deals.flat(), LONG_AGO);

test("the median is the middle deal, or the mean of the two in the middle", () => {
  expect(ages(deal("a", ["New", 3]), deal("b", ["New", 40]), deal("c", ["New", 5]))).toEqual([
    { stage: "New", medianDays: 5, deals: 3 },
  ]);
  expect(ages(deal("a", ["New", 3]), deal("b", ["New", 40]))).toEqual([
    { stage: "New", medianDays: 21.5, deals: 2 },
  ]);
  expect(ages()).toEqual([]);
});

test("a deal that came back to a stage stood there for both stays", () => {
  expect(ages(deal("a", ["New", 3], ["Offer", 4], ["New", 5], ["Offer", 1]))).toEqual([
    { stage: "New", medianDays: 8, deals: 1 },
    { stage: "Offer", medianDays: 5, deals: 1 },
  ]);
});

test("a stay whose beginning is not known does not count, and neither does that stage of the deal", () => {
  const [first, second, third, last] = deal("a", ["New", 3], ["Offer", 4], ["Legal", 2], ["Offer", 6]);
  // Tracking was off when it moved from Offer to Legal.
  expect(stageMedians([first!, third!, last!], LONG_AGO)).toEqual([
    { stage: "New", medianDays: 3, deals: 1 },
  ]);
  // Older than the history: what it did first is not known.
  expect(stageMedians([first!, second!, third!], time(1))).toEqual([
    { stage: "Legal", medianDays: 2, deals: 1 },
    { stage: "Offer", medianDays: 4, deals: 1 },
  ]);
});

test("on generated deals: as many as stood there, between the shortest and the longest, whatever their order", () => {
  const random = makeRandom(11, "stage medians");
  for (let round = 0; round < 200; round += 1) {
    const stages = ["A", "B", "C", "D"].slice(0, random.int(1, 4));
    const lives = Array.from({ length: random.int(1, 12) }, (_, n) => ({
      id: `deal ${n}`,
      stays: stages.filter(() => random.chance(0.8)).map((stage) => [stage, random.int(0, 60)] as const),
    }));
    const deals = lives.map(({ id, stays }) => deal(id, ...stays));
    const found = stageMedians(deals.flat(), LONG_AGO);
    expect(stageMedians(random.shuffled(deals).flat(), LONG_AGO)).toEqual(found);
    for (const stage of stages) {
      const days = lives.flatMap(({ stays }) => stays.filter(([name]) => name === stage).map(([, n]) => n));
      const row = found.find((one) => one.stage === stage);
      expect(row?.deals ?? 0).toBe(days.length);
      if (!row) continue;
      expect(row.medianDays * 2).toBe(Math.round(row.medianDays * 2));
      // As many deals below as above.
      const below = days.filter((n) => n < row.medianDays).length;
      const above = days.filter((n) => n > row.medianDays).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(days.length / 2);
    }
  }
});
