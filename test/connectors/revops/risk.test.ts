import { expect, test } from "vitest";
import type { Deal, DealRisk } from "#connector";
import { type ReviewOptions, reviewDeal } from "../../../connectors/revops/risk.ts";

const options: ReviewOptions = {
  today: "2026-11-21",
  riskBelow: 50,
  silentDays: 14,
  slipDays: 30,
  cutPercent: 20,
  unreadable: [],
};
const deal = {
  id: "006000000000001AAA",
  amount: 50,
  closeDate: "2026-12-10",
  lastActivityDate: "2026-11-20",
} as Deal;
type Move = DealRisk["moves"][number];
const move = (field: Move["field"], from: Move["from"], to: Move["to"], day: string): Move => ({
  field,
  label: field,
  from,
  to,
  at: `2026-11-${day}T08:00:00Z`,
});
const reasons = (moves: Move[], of: Partial<Deal> = {}) =>
  reviewDeal(
    { ...deal, ...of },
    { id: deal.id, score: 80, message: null, seen: { stage: null, amount: null, closeDate: null }, moves },
    options,
  ).reasons.join();

test.each([
  [
    "entered and halved",
    [move("amount", null, 100, "10"), move("amount", 100, 50, "12")],
    "amount cut by 50 %",
  ],
  [
    "raised and cut below",
    [move("amount", 50, 200, "10"), move("amount", 200, 50, "12")],
    "amount cut by 75 %",
  ],
  ["cut and restored", [move("amount", 50, 20, "10"), move("amount", 20, 50, "12")], ""],
  ["only raised", [move("amount", 20, 50, "10")], ""],
])("an amount %s", (_, moves, expected) => {
  expect(reasons(moves)).toBe(expected);
});

test("a slip counts until the date is pulled back", () => {
  const out = move("close_date", "2026-11-30", "2026-12-20", "15");
  expect(reasons([out], { closeDate: "2026-12-20" })).toBe(
    "close date moved out once, last by 20 days on 2026-11-15",
  );
  const back = move("close_date", "2026-12-20", "2026-11-30", "16");
  expect(reasons([out, back], { closeDate: "2026-11-30" })).toBe("");
});
