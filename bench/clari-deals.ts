/**
 * What five hundred deals cost beside one hundred, which are one request. The
 * hub runs as its users run it, over a Clari whose answers take as long as over a real line.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "#sandbox/clock.ts";
import { makeCompany } from "#sandbox/company/company.ts";
import sandboxModule from "../connectors/clari/sandbox/sandbox.ts";
import { type Figure, median } from "./figures.ts";
import { start } from "./stdio-client.ts";

const HUB = fileURLToPath(new URL("../dist/src/revops-hub.js", import.meta.url));
const LATENCY_MS = 400;
const MANY = 500;
const ONE_REQUEST = 100;
const ROUNDS = 11;
const MOST_REQUESTS = 5;
const MOST_TIMES = 2;

/** Pairs, so that both sizes meet the same weather; the ratio is the median over the pairs. */
export const measureDeals = async (): Promise<Figure[]> => {
  const company = makeCompany({ seed: 7, now: systemClock.now() });
  const clari = await sandboxModule.start({ company, clock: systemClock });
  const folder = mkdtempSync(join(tmpdir(), "revops-hub-bench-"));
  const config = join(folder, "hub.json");
  writeFileSync(config, JSON.stringify({ connectors: { clari: { config: clari.config } } }));
  const { client } = await start([HUB, "--config", config], { REVOPS_HUB_HOME: folder, ...clari.variables });
  try {
    const ids = company.deals.filter(({ inClari }) => inClari).map(({ id }) => id);
    const risk = async (count: number) => {
      const begun = performance.now();
      const { structuredContent, isError } = await client.request("tools/call", {
        name: "clari_get_deal_risk",
        arguments: { opp_ids: ids.slice(0, count) },
      });
      if (isError || structuredContent.deals.total !== count) throw new Error("the deals did not come");
      return performance.now() - begun;
    };
    clari.fault({ match: "GET .*/opportunity", latencyMs: LATENCY_MS });
    await risk(MANY);
    await risk(ONE_REQUEST);
    const before = clari.requests(/opportunity/).length;
    await risk(MANY);
    const requests = clari.requests(/opportunity/).length - before;

    const runs: { readonly one: number; readonly many: number }[] = [];
    for (let n = 0; n < ROUNDS; n += 1) runs.push({ one: await risk(ONE_REQUEST), many: await risk(MANY) });
    const ratio = median(runs.map(({ one, many }) => many / one));
    return [
      {
        what: `deal risk of ${MANY} ids, requests`,
        hub: `${requests}`,
        beside: "",
        reached: `${requests}`,
        wanted: `≤ ${MOST_REQUESTS}`,
      },
      {
        what: `deal risk of ${MANY} ids beside ${ONE_REQUEST}, Clari at ${LATENCY_MS} ms`,
        hub: `${median(runs.map(({ many }) => many)).toFixed(0)} ms`,
        beside: `${median(runs.map(({ one }) => one)).toFixed(0)} ms`,
        reached: `${ratio.toFixed(2)}×`,
        wanted: `≤ ${MOST_TIMES}×`,
      },
    ];
  } finally {
    await client.stop();
    await clari.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
