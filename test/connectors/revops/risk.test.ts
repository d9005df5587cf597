import { describe, expect, test } from "vitest";
import type { Deal, DealRisk } from "#connector";
import { byAmountAtRisk, isAtRisk, type ReviewOptions, reviewDeal } from "../../../connectors/revops/risk.ts";

const options: ReviewOptions = {
  today: "2026-11-21",
  timeZone: "UTC",
  riskBelow: 50,
  silentDays: 14,
  slipDays: 30,
  cutPercent: 20,
  riskStageDays: 60,
  unreadable: [],
  quarter: { id: "2026_Q4", start: "2026-10-01", end: "2026-12-31" },
  forecastSystems: ["scores"],
};
const deal = {
  id: "006000000000001AAA",
  stage: "Negotiation",
  amount: 50,
  closeDate: "2026-12-10",
  createdAt: "2026-10-01T08:00:00Z",
  lastStageChangeAt: "2026-11-11T08:00:00Z",
  lastActivityDate: "2026-11-20",
} as Deal;
const seen = { stage: null, amount: null, closeDate: null };
const risk: DealRisk = { id: deal.id, score: 80, message: null, seen, moves: [] };

type Move = DealRisk["moves"][number];
const move = (field: Move["field"], from: Move["from"], to: Move["to"], day: string): Move => ({
  field,
  label: field,
  from,
  to,
  at: `2026-11-${day}T22:30:00Z`,
});

const reviewed = (of: Partial<Deal> = {}, by: Partial<DealRisk> = {}, more: Partial<ReviewOptions> = {}) =>
  reviewDeal({ ...deal, ...of }, { ...risk, ...by }, { ...options, ...more });
/** `code: evidence`, line by line. */
const told = (...given: Parameters<typeof reviewed>) =>
  reviewed(...given).reasons.map(({ code, evidence }) => `${code}: ${evidence}`);

test("nothing speaks against a deal that is in order", () => expect(told()).toEqual([]));

describe("an amount", () => {
  test.each([
    [
      "entered and halved",
      [move("amount", null, 100, "10"), move("amount", 100, 50, "12")],
      "cut 100 → 50 (-50 %) on 2026-11-12",
    ],
    [
      "raised and cut below",
      [move("amount", 50, 200, "10"), move("amount", 200, 50, "12")],
      "cut 200 → 50 (-75 %) on 2026-11-12",
    ],
    [
      "cut and raised a little",
      [move("amount", 200, 40, "10"), move("amount", 40, 50, "12")],
      "cut 200 → 50 (-75 %) on 2026-11-10",
    ],
  ])("%s is cut", (_, moves, evidence) => {
    expect(told({}, { moves })).toEqual([`amount_cut: ${evidence}`]);
  });

  test.each([
    ["cut and restored", [move("amount", 50, 20, "10"), move("amount", 20, 50, "12")]],
    ["only raised", [move("amount", 20, 50, "10")]],
    ["cut a little", [move("amount", 60, 50, "10")]],
    ["cut long ago", [{ ...move("amount", 100, 50, "10"), at: "2026-09-10T08:00:00Z" }]],
  ])("%s is not", (_, moves) => expect(told({}, { moves })).toEqual([]));

  test("that nobody entered is a reason, unless nobody may read it", () => {
    expect(told({ amount: null })).toEqual(["no_amount: no amount"]);
    expect(told({ amount: null }, {}, { unreadable: ["amount"] })).toEqual([]);
  });
});

describe("a slip", () => {
  const out = move("close_date", "2026-11-30", "2026-12-20", "15");

  test("counts until the date is pulled back", () => {
    expect(told({ closeDate: "2026-12-20" }, { moves: [out] })).toEqual([
      "slipped: slipped 2026-11-30 → 2026-12-20 (+20 d) on 2026-11-15",
    ]);
    const back = move("close_date", "2026-12-20", "2026-11-30", "16");
    expect(told({ closeDate: "2026-11-30" }, { moves: [out, back] })).toEqual([]);
  });

  test("tells how often, from where to where and how far, and when last", () => {
    const first = { ...out, from: "2026-10-31", to: "2026-11-30", at: "2026-10-20T08:00:00Z" };
    expect(told({ closeDate: "2026-12-20" }, { moves: [first, out] })).toEqual([
      "slipped: slipped 2×, 2026-10-31 → 2026-12-20 (+50 d), last +20 d on 2026-11-15",
    ]);
  });

  test("happens on the day it is where the company is", () => {
    const [only] = told({ closeDate: "2026-12-20" }, { moves: [out] }, { timeZone: "Europe/Berlin" });
    expect(only).toContain("2026-11-15");
    const [later] = told({ closeDate: "2026-12-20" }, { moves: [out] }, { timeZone: "Europe/Istanbul" });
    expect(later).toContain("2026-11-16");
  });
});

describe("a close date", () => {
  test("that is past", () => expect(told({ closeDate: "2026-11-20" })).toEqual(["past_due: due 1 d ago"]));
  test("of today is not", () => expect(told({ closeDate: "2026-11-21" })).toEqual([]));
  test("that the forecasting system sees outside the quarter", () => {
    expect(told({}, { seen: { ...seen, closeDate: "2027-01-02" } })).toEqual([
      "closes_outside_quarter: forecast: closes 2027-01-02",
    ]);
    expect(told({}, { seen: { ...seen, closeDate: "2026-12-31" } })).toEqual([]);
  });
});

describe("a stage", () => {
  const days = (count: number) => ({
    lastStageChangeAt: `2026-11-${String(21 - count).padStart(2, "0")}T08:00:00Z`,
  });

  test("is stale after so many days in it", () => {
    expect(told(days(13))).toEqual([]);
    expect(told({ lastStageChangeAt: "2026-09-22T08:00:00Z" })).toEqual([]);
    expect(told({ lastStageChangeAt: "2026-09-21T08:00:00Z" })).toEqual([
      "stale_stage: 61 d in stage (limit 60 d)",
    ]);
  });

  test("that never changed is as old as the deal; one nobody may read has no age", () => {
    expect(reviewed({ lastStageChangeAt: null }).daysInStage).toBe(51);
    const hidden = { unreadable: ["lastStageChangeAt"] };
    expect(reviewed({ lastStageChangeAt: null }, {}, hidden).daysInStage).toBeNull();
  });
});

describe("silence", () => {
  test("of more days than allowed, or ever since", () => {
    expect(told({ lastActivityDate: "2026-11-06" })).toEqual(["silent: silent 15 d"]);
    expect(told({ lastActivityDate: "2026-11-07" })).toEqual([]);
    expect(told({ lastActivityDate: null })).toEqual(["never_active: no activity ever"]);
  });
  test("is not told where nobody may read activities", () =>
    expect(told({ lastActivityDate: null }, {}, { unreadable: ["lastActivityDate"] })).toEqual([]));
});

test("no next meeting counts only where meetings are known", () => {
  const known = (on: string | null) => ({ nextEvents: new Map([[deal.id, on]]) });
  expect(told({}, {}, known(null))).toEqual(["no_next_event: no meeting"]);
  expect(told({}, {}, known("2026-11-25"))).toEqual([]);
  expect(reviewed({}, {}, known("2026-11-25")).nextEvent).toBe("2026-11-25");
  expect(told({}, {}, { nextEvents: new Map() })).toEqual([]);
});

test("a deal that the forecasting system does not know is no risk for that; nobody is unknown while it is down", () => {
  const unknown = reviewDeal(deal, undefined, options);
  expect(unknown.reasons).toEqual([{ code: "unknown_to_forecast", evidence: "unknown to scores" }]);
  expect(isAtRisk(unknown)).toBe(false);
  expect(reviewDeal(deal, undefined, { ...options, forecastSystems: [] }).reasons).toEqual([]);
});

describe("the systems disagree", () => {
  test("on stage, amount and close date, in words", () => {
    const other = { stage: "Proposal", amount: 60.5, closeDate: "2026-12-11" };
    expect(reviewed({}, { seen: other }).disagreements).toEqual([
      "stage Proposal, CRM Negotiation",
      "amount 60.5, CRM 50",
      "closes 2026-12-11, CRM 2026-12-10",
    ]);
    expect(reviewed({ amount: null }, { seen: { ...seen, amount: 0 } }).disagreements).toEqual([
      "amount 0, CRM none",
    ]);
  });
  test("not on what one of them does not say, nor on fractions of a cent", () => {
    expect(reviewed().disagreements).toEqual([]);
    const same = { stage: "Negotiation", amount: 50.0000001, closeDate: "2026-12-10" };
    expect(reviewed({}, { seen: same }).disagreements).toEqual([]);
    const hidden = { unreadable: ["amount"] };
    expect(reviewed({ amount: null }, { seen: { ...seen, amount: 5 } }, hidden).disagreements).toEqual([]);
  });
});

test("most money at risk first, currency by currency", () => {
  const one = (id: string, of: Partial<Deal>) => reviewed({ id, ...of });
  const risky = { closeDate: "2026-11-20" };
  const deals = [
    one("safe", { currency: "USD", amount: 900 }),
    one("none", { currency: "USD", amount: null }),
    one("small", { currency: "USD", amount: 10, ...risky }),
    one("large", { currency: "USD", amount: 20, ...risky }),
    one("euro", { currency: "EUR", amount: 1 }),
  ];
  expect(deals.sort(byAmountAtRisk).map((each) => each.deal.id)).toEqual([
    "euro",
    "large",
    "small",
    "none",
    "safe",
  ]);
});
