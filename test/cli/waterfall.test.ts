import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { waterfall } from "../../src/cli/demo/waterfall.ts";

const drawn = (steps: [step: string, amount: number][], opening: number) =>
  stripVTControlCharacters(
    waterfall({
      opening,
      steps: steps.map(([step, amount]) => ({ step, deals: 1, amount })),
      closing: steps.reduce((sum, [, amount]) => sum + amount, opening),
    }),
  ).split("\n");

const barOf = (line = "") => {
  const from = line.search(/[█▒]/);
  return [from, Math.max(line.lastIndexOf("█"), line.lastIndexOf("▒")) + 1];
};

test("each bar begins where the one above it ended, and the last one ends where the closing bar does", () => {
  const [opening, up, out, closing] = drawn(
    [
      ["new", 200],
      ["pushed_out", -500],
    ],
    1000,
  );
  expect(up).toContain("new                +200  ");
  expect(out).toContain("pushed out         -500  ");
  expect(closing).toContain("closing             700  ");
  expect(barOf(up)[0]).toBe(barOf(opening)[1]);
  expect(barOf(out)[1]).toBe(barOf(up)[1]);
  expect(barOf(out)[0]).toBe(barOf(closing)[1]);
});

test("a small step has a bar too, and nothing that moved is drawn as well", () => {
  const [, small] = drawn(
    [
      ["up", 1],
      ["lost", -100_000],
    ],
    1_000_000,
  );
  expect(small).toMatch(/up +\+1 +█ +1$/);
  const [opening, closing] = drawn([], 500);
  expect(barOf(opening)).toEqual(barOf(closing));
});
