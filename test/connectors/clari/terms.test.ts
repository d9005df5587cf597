import { expect, test } from "vitest";
import type { Term } from "#connector";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { ASKER } from "./clari-hub.ts";

const start = async (config: Record<string, unknown> = {}) => {
  const hub = await startHub({ connectors: { clari: { config }, asker: { from: ASKER } } });
  return { hub, clari: hub.sandbox("clari") };
};

const ask = async (hub: TestHub, dataset: string, query: object = {}) => {
  const { answer } = await hub.call("asker_get_dataset", { dataset, query });
  return answer as { rows: Term[]; asOf: string; missing: unknown[] };
};

test("before anything was read, the terms are what the configuration says", async () => {
  const { hub, clari } = await start({ fields: { commit: ["fc_net_commit", "fc_other"] } });
  const { rows, asOf, missing } = await ask(hub, "terms");
  expect(missing).toEqual([]);
  expect(asOf).toBe("2026-11-21T09:00:00.000Z");
  expect(rows).toEqual(
    expect.arrayContaining([
      { term: "default", meaning: "Clari forecast net_arr, not yet read.", field: "net_arr" },
      { term: "Commit call", meaning: "Clari field fc_net_commit.", field: "fc_net_commit" },
      {
        term: "2026_Q4",
        meaning: "Fiscal quarter from 2026-10-01 to 2026-12-31, by the configured calendar.",
        field: null,
      },
    ]),
  );
  expect(rows.some(({ term }) => term === "Quota")).toBe(false);
  expect(clari.requests()).toEqual([]);
});

test("after a forecast was read, they are what it showed, as of then", async () => {
  const { hub, clari } = await start();
  await ask(hub, "forecastLines");
  const before = clari.requests().length;
  hub.clock.advance(3 * 86_400_000);
  const { rows, asOf } = await ask(hub, "terms");
  expect(asOf.slice(0, 10)).toBe("2026-11-21");
  expect(rows).toEqual(
    expect.arrayContaining([
      { term: "default", meaning: "Clari forecast net_arr.", field: "net_arr" },
      { term: "renewals", meaning: "Clari forecast renewals, not yet read.", field: "renewals" },
      { term: "Commit call", meaning: "Clari field Net Commit.", field: "fc_net_commit" },
      { term: "Best case call", meaning: "Clari field Net Best Case.", field: "fc_net_best_case" },
      { term: "Quota", meaning: "Clari field Quota.", field: "quota" },
      {
        term: "2026_Q4",
        meaning: "Fiscal quarter from 2026-10-01 to 2026-12-31, as Clari said.",
        field: null,
      },
    ]),
  );
  expect(clari.requests()).toHaveLength(before);
});

test("a hub without a forecast still knows its quarters", async () => {
  const { hub } = await start();
  const { clari } = { clari: hub.sandbox("clari") };
  const bare = await startHub({
    sandboxes: false,
    clock: hub.clock,
    variables: clari.variables,
    connectors: {
      clari: { config: { ...clari.config, forecasts: {} } },
      asker: { from: ASKER },
    },
  });
  const { rows } = await ask(bare, "terms");
  expect(rows.length).toBeGreaterThan(4);
  for (const { term } of rows) expect(term).toMatch(/^\d{4}_Q[1-4]$/);
});
