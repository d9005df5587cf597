import { describe, expect, test } from "vitest";
import type { Correction, Deal, StageAge } from "#connector";
import { correctionOf } from "../../../connectors/revops/hygiene/corrections.ts";
import { type HygieneOptions, issuesOf } from "../../../connectors/revops/hygiene/issues.ts";
import { issueTotals, ownerTotals } from "../../../connectors/revops/hygiene/totals.ts";

const options: HygieneOptions = {
  today: "2026-11-21",
  timeZone: "UTC",
  silentDays: 14,
  staleStageFactor: 1,
  unreadable: [],
  medians: new Map(),
};
const quarter = { id: "2026_Q4", start: "2026-10-01", end: "2026-12-31" };
const clean = {
  id: "006000000000001AAA",
  ownerId: "005000000000001AAA",
  stage: "Negotiation",
  category: "best_case",
  amount: 50,
  currency: "USD",
  closeDate: "2026-12-10",
  createdAt: "2026-10-01T08:00:00Z",
  lastStageChangeAt: "2026-11-01T08:00:00Z",
  lastActivityDate: "2026-11-20",
  nextStep: "Send the offer",
} as Deal;

const find = (of: Partial<Deal>, more: Partial<HygieneOptions> = {}) =>
  issuesOf([{ ...clean, ...of }], { ...options, ...more });
const told = (...given: Parameters<typeof find>) =>
  find(...given).map(({ issue, evidence }) => `${issue}: ${evidence}`);
const medians = (medianDays: number, deals = 5) => ({
  medians: new Map<string, StageAge>([["Negotiation", { stage: "Negotiation", medianDays, deals }]]),
});

describe("an issue of a deal's record", () => {
  test.each([
    ["past due", { closeDate: "2026-11-12" }, ["past_due: due 9 d ago"]],
    ["due today", { closeDate: "2026-11-21" }, []],
    ["without an amount", { amount: null }, ["no_amount: closes in 19 d"]],
    ["worth nothing", { amount: 0 }, []],
    ["without a next step", { nextStep: null }, ["no_next_step: closes in 19 d"]],
    ["with an empty next step", { nextStep: "  " }, ["no_next_step: closes in 19 d"]],
    [
      "silent Commit",
      { category: "commit", lastActivityDate: "2026-11-06" },
      ["silent_commit: Commit, silent 15 d"],
    ],
    ["Commit just not silent", { category: "commit", lastActivityDate: "2026-11-07" }, []],
    [
      "Commit without any",
      { category: "commit", lastActivityDate: null },
      ["silent_commit: Commit, no activity ever logged"],
    ],
    ["silent, not Commit", { lastActivityDate: null }, []],
    ["in order", {}, []],
  ] as [string, Partial<Deal>, string[]][])("%s", (_, of, issues) => expect(told(of)).toEqual(issues));

  test("older in its stage than the median of five won deals or more", () => {
    expect(told({}, medians(19))).toEqual(["stale_stage: 20 d in stage (median won 19 d)"]);
    expect(told({}, medians(20))).toEqual([]);
    expect(told({}, medians(1, 4))).toEqual([]);
    expect(told({}, { ...medians(11), staleStageFactor: 2 })).toEqual([]);
  });

  test("is not told of what nobody may read", () => {
    const empty = { category: "commit", amount: null, nextStep: null, lastActivityDate: null } as const;
    const unreadable = ["amount", "nextStep", "lastActivityDate", "lastStageChangeAt"];
    expect(told(empty, { ...medians(1), unreadable })).toEqual([]);
  });
});

test("the gravest issues come first, in each the largest amounts", () => {
  const deal = (id: string, of: Partial<Deal>) => ({ ...clean, id, ...of });
  const deals = [
    deal("a", { nextStep: null, amount: 900 }),
    deal("b", { closeDate: "2026-11-01", amount: 1 }),
    deal("c", { closeDate: "2026-11-01", amount: 2, nextStep: null }),
  ];
  expect(issuesOf(deals, options).map(({ issue, deal: { id } }) => `${issue} ${id}`)).toEqual([
    "past_due c",
    "past_due b",
    "no_next_step a",
    "no_next_step c",
  ]);
});

test("a deal with two issues counts in both, and once for its owner; currencies are never added", () => {
  const issues = issuesOf(
    [
      { ...clean, id: "a", amount: 0.1, nextStep: null, closeDate: "2026-11-01" },
      { ...clean, id: "b", amount: 0.2, nextStep: null },
      { ...clean, id: "c", amount: 7, nextStep: null, currency: "EUR" },
    ],
    options,
  );
  expect(issueTotals(issues, [])).toMatchObject([
    { issue: "past_due", currency: "USD", deals: 1, amount: 0.1 },
    { issue: "no_next_step", currency: "EUR", deals: 1, amount: 7 },
    { issue: "no_next_step", currency: "USD", deals: 2, amount: 0.3 },
  ]);
  expect(ownerTotals(issues, [])).toMatchObject([
    { currency: "USD", issues: 3, deals: 2, amount: 0.3 },
    { currency: "EUR", issues: 1, deals: 1, amount: 7 },
  ]);
  expect(ownerTotals(issues, ["amount"])[0]).toMatchObject({ amount: null });
});

describe("a correction", () => {
  /** What a CRM is asked for; it takes everything, unless a value is refused. */
  const asked = (of: Partial<Deal>, refused: unknown[] = []) => {
    const questions: Correction<"deals">[] = [];
    const correct = (correction: Correction<"deals">) => {
      questions.push(correction);
      return refused.includes(correction.value) ? undefined : { tool: "crm", arguments: {} };
    };
    const [issue] = find(of, medians(100));
    return { call: correctionOf(issue!, quarter, { correct }), questions };
  };

  test.each([
    [
      "a past date of this quarter becomes its last day",
      { closeDate: "2026-10-01" },
      "closeDate",
      "2026-12-31",
    ],
    [
      "a date of an earlier quarter only its owner knows",
      { closeDate: "2026-09-30" },
      "closeDate",
      undefined,
    ],
    [
      "a silent Commit steps one category down",
      { category: "commit", lastActivityDate: null },
      "category",
      "best_case",
    ],
    ["an amount only a person knows", { amount: null }, "amount", undefined],
    ["a next step only a person knows", { nextStep: null }, "nextStep", undefined],
  ] as [string, Partial<Deal>, string, string | undefined][])("%s", (_, of, column, value) => {
    const { questions } = asked(of);
    expect(questions).toEqual([
      { id: clean.id, column, reason: expect.any(String), ...(value && { value }) },
    ]);
    expect(questions[0]!.reason.length).toBeGreaterThanOrEqual(10);
  });

  test("whose value may not be written leaves the value to a person", () => {
    const { call, questions } = asked({ closeDate: "2026-10-01" }, ["2026-12-31"]);
    expect(questions.map(({ value }) => value)).toEqual(["2026-12-31", undefined]);
    expect(call).toEqual({ tool: "crm", arguments: {} });
  });

  test("is not there where nothing may be written", () => {
    expect(asked({ nextStep: null }, [undefined]).call).toBeUndefined();
  });
});
