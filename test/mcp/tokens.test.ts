/** Every conversation pays for the definitions of all tools it is offered, and for every answer. */
import { expect, test } from "vitest";
import { ALL } from "../../src/catalog/toolsets.ts";
import { startHub } from "../kit/hub.ts";
import { committedCosts, measureTokens, type TokenCosts } from "../kit/token-costs.ts";

const MOST_OF_ALL = 12_000;
const MOST_OF_A_SET = 6_000;
const MOST_RISE = 1.1;

const risesOver = (committed: TokenCosts, measured: TokenCosts): string[] =>
  Object.entries(measured).flatMap(([tool, cost]) =>
    (["definition", "answer"] as const)
      .filter((what) => cost[what] > (committed[tool]?.[what] ?? 0) * MOST_RISE)
      .map(
        (what) => `${tool}: its ${what} has ${cost[what]} tokens, not ${committed[tool]?.[what] ?? "known"}`,
      ),
  );

test("no tool costs over a tenth more than what is committed; if it must: npm run tokens", async () => {
  const measured = await measureTokens();
  const committed = committedCosts();
  expect(risesOver(committed, measured)).toEqual([]);
  // None is missing, and none stands there that is gone.
  expect(Object.keys(committed)).toEqual(Object.keys(measured));
});

test("a rise of a tenth passes, more does not, and a tool that is not committed is named", () => {
  const committed = { a: { definition: 100, answer: 1_000 }, b: { definition: 100, answer: 1_000 } };
  const measured = {
    a: { definition: 110, answer: 1_100 },
    b: { definition: 111, answer: 1_000 },
    c: { definition: 1, answer: 0 },
  };
  expect(risesOver(committed, measured)).toEqual([
    "b: its definition has 111 tokens, not 100",
    "c: its definition has 1 tokens, not known",
  ]);
});

test.each([
  [ALL, MOST_OF_ALL],
  ["forecast-call", MOST_OF_A_SET],
  ["hygiene", MOST_OF_A_SET],
  ["admin", MOST_OF_A_SET],
])("the definitions of %s cost at most %i tokens", async (set, most) => {
  const hub = await startHub({ config: { toolsets: [set] } });
  const costs = committedCosts();
  const sum = (await hub.toolNames()).reduce((tokens, tool) => tokens + costs[tool]!.definition, 0);
  expect(sum).toBeLessThanOrEqual(most);
  expect(sum).toBeGreaterThan(most / 4);
});
