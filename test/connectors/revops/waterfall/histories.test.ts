import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deal } from "#connector";
import {
  STEPS,
  stepTotals,
  type Waterfall,
  waterfallOf,
} from "../../../../connectors/revops/waterfall/waterfall.ts";
import { badlyTold, END, QUARTER, STAGES, START, type Truth, told, truths } from "./histories.ts";

const QUESTION = { quarter: QUARTER, start: START, end: END };
const cents = (amount: number | null) => Math.round((amount ?? 0) * 100);

const byStep = ({ movements }: Waterfall) =>
  Object.fromEntries(
    stepTotals(movements)
      .filter(({ cents: sum, deals }) => sum !== 0 || deals !== 0)
      .map(({ currency, step, cents: sum }) => [`${currency} ${step}`, sum]),
  );

/** The same question answered forwards, by whoever was there. */
const witnessed = (all: readonly Truth[]) => {
  const sums: Record<string, number> = {};
  for (const { createdAt, currency, first, events } of all) {
    const add = (step: string, sum: number) => {
      sums[`${currency} ${step}`] = (sums[`${currency} ${step}`] ?? 0) + sum;
    };
    const now = { stage: first.stage as string, close_date: first.closeDate, amount: first.amount };
    const isIn = () =>
      STAGES[now.stage as keyof typeof STAGES] === "open" &&
      now.close_date >= QUARTER.start &&
      now.close_date <= QUARTER.end;
    const isWithin = (at: number) => at >= START && at <= END;
    const born = createdAt ?? Number.NEGATIVE_INFINITY;
    for (const { kind, value } of events.filter(({ at }) => at < START))
      Object.assign(now, { [kind]: value });
    if (born < START && isIn()) add("opening", cents(now.amount));
    if (isWithin(born) && isIn()) add("new", cents(now.amount));
    for (const { kind, value } of events.filter(({ at }) => isWithin(at))) {
      const before = { isIn: isIn(), amount: now.amount };
      Object.assign(now, { [kind]: value });
      if (kind === "amount" && isIn() && cents(value) !== cents(before.amount))
        add(cents(value) > cents(before.amount) ? "up" : "down", cents(value) - cents(before.amount));
      if (kind === "close_date" && before.isIn !== isIn())
        add(isIn() ? "pulled_in" : "pushed_out", isIn() ? cents(now.amount) : -cents(now.amount));
      if (kind === "stage" && before.isIn !== isIn()) {
        const left = value === "Closed Won" ? "won" : "lost";
        add(isIn() ? "reopened" : left, isIn() ? cents(now.amount) : -cents(now.amount));
      }
    }
    if (born <= END && isIn()) add("closing", cents(now.amount));
  }
  return sums;
};

test("what truly happened is what the waterfall tells", () => {
  fc.assert(
    fc.property(truths, (all) => {
      const { deals, changes } = told(all);
      const waterfall = waterfallOf(deals, changes.toReversed(), QUESTION);
      expect(byStep(waterfall)).toEqual(witnessed(all));
      expect(waterfall).toMatchObject({ contradicted: 0, guessed: 0, unknownStages: 0 });
    }),
    { numRuns: 1_000 },
  );
});

const opensAndCloses = (movements: Waterfall["movements"]) => {
  const sum = (steps: readonly string[]) =>
    movements.filter(({ step }) => steps.includes(step)).reduce((all, one) => all + one.cents, 0);
  return { comes: sum(STEPS.slice(0, -1)), closing: sum(["closing"]) };
};

test("opening and steps are closing, to the cent, whatever history says", () => {
  fc.assert(
    fc.property(badlyTold, ({ deals, changes }) => {
      const { movements } = waterfallOf(deals, changes, QUESTION);
      for (const [, own] of Map.groupBy(movements, ({ deal }) => deal.id)) {
        const { comes, closing } = opensAndCloses(own);
        expect(comes).toBe(closing);
      }
      const totals = stepTotals(movements);
      for (const [currency, own] of Map.groupBy(totals, (total) => total.currency)) {
        expect(own.map(({ step }) => step)).toEqual(STEPS);
        const steps = own.slice(0, -1).reduce((sum, total) => sum + total.cents, 0);
        expect([currency, steps]).toEqual([currency, own.at(-1)!.cents]);
      }
      expect(movements.every((one) => Number.isInteger(one.cents))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("closing of today is the CRM's open pipeline, whatever history says", () => {
  const isOpenNow = ({ isClosed, closeDate }: Deal) =>
    !isClosed && closeDate >= QUARTER.start && closeDate <= QUARTER.end;
  fc.assert(
    fc.property(badlyTold, ({ deals, changes }) => {
      const { movements } = waterfallOf(deals, changes, { ...QUESTION, end: Number.MAX_SAFE_INTEGER });
      const closing = movements.filter(({ step }) => step === "closing");
      const open = deals.filter(isOpenNow);
      expect(closing.map(({ deal }) => deal.id)).toEqual(open.map(({ id }) => id));
      expect(closing.map((one) => one.cents)).toEqual(open.map(({ amount }) => cents(amount)));
    }),
    { numRuns: 300 },
  );
});
