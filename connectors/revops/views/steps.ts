/** The steps of a pipeline from one day to another, in order. */
import { number, type Row, text } from "./answer.ts";
import type { Format } from "./format.ts";
import { plural } from "./parts.ts";
import type { WaterfallStep } from "./waterfall.ts";

const STEPS: Readonly<Record<string, readonly [label: string, tone: WaterfallStep["tone"]]>> = {
  opening: ["Opening", "total"],
  new: ["New", "up"],
  reopened: ["Reopened", "up"],
  pulled_in: ["Pulled in", "up"],
  up: ["Up", "up"],
  down: ["Down", "down"],
  pushed_out: ["Pushed out", "down"],
  lost: ["Lost", "down"],
  won: ["Won", "won"],
  closing: ["Closing", "total"],
};

export const stepName = (key: string): string => STEPS[key]?.[0] ?? key;

/** Rows of `{step, amount, deals}`; an unknown step is a change like another. */
export const stepsIn = (rows: readonly Row[], format: Format, currency: string): readonly WaterfallStep[] =>
  rows.map((row) => {
    const key = text(row.step);
    const amount = number(row.amount) ?? 0;
    const [label, tone] = STEPS[key] ?? [key, amount < 0 ? "down" : "up"];
    return {
      key,
      label,
      tone,
      kind: tone === "total" ? "total" : "change",
      amount,
      lines: [
        tone === "total" ? format.money(amount, currency) : exact(amount, format, currency),
        ...(number(row.deals) === undefined ? [] : [plural(number(row.deals), "deal")]),
      ],
    };
  });

const exact = (amount: number, format: Format, currency: string): string =>
  `${amount > 0 ? "+" : ""}${format.money(amount, currency)}`;
