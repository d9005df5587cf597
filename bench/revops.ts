/**
 * What the joined answer costs beside asking each system oneself, both sandboxes at the latency of a real
 * line: wall time beside the bare requests that depend on one another, and tokens beside what the vendors
 * send for the same question.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import clariModule from "../connectors/clari/sandbox/sandbox.ts";
import salesforceModule from "../connectors/salesforce/sandbox/sandbox.ts";
import { systemClock } from "../sandbox/clock.ts";
import { makeCompany } from "../sandbox/company/company.ts";
import type { Quarter } from "../sandbox/company/types.ts";
import { type Figure, median, show } from "./figures.ts";
import { start } from "./stdio-client.ts";

const HUB = fileURLToPath(new URL("../dist/src/revops-hub.js", import.meta.url));
const DEALS = 150;
const LATENCY_MS = 150;
const ROUNDS = 15;
/** Opportunities a request of Clari's takes. */
const BATCH = 100;

export const measureRevops = async (): Promise<Figure[]> => {
  const company = makeCompany({ seed: 7, now: systemClock.now(), commits: DEALS });
  const quarter = company.quarters[4]!;
  const options = { company, clock: systemClock };
  const [clari, salesforce] = [await clariModule.start(options), await salesforceModule.start(options)];
  const folder = mkdtempSync(join(tmpdir(), "revops-hub-bench-"));
  const config = join(folder, "hub.json");
  const connectors = {
    clari: { config: clari.config },
    salesforce: { config: { ...salesforce.config, currency: "USD" } },
    revops: {},
  };
  writeFileSync(config, JSON.stringify({ connectors }));
  const { client } = await start([HUB, "--config", config], {
    REVOPS_HUB_HOME: folder,
    ...clari.variables,
    ...salesforce.variables,
  });

  const header = (variables: Readonly<Record<string, string>>) => Object.values(variables)[0]!;
  const salesforceGet = async (soql: string) => {
    const url = `${salesforce.url}/services/data/v67.0/query?q=${encodeURIComponent(soql)}`;
    const authorization = `Bearer ${header(salesforce.variables)}`;
    return (await fetch(url, { headers: { authorization } })).text();
  };
  const clariGet = async (ids: readonly string[]) => {
    const url = `${clari.url}/v4/opportunity?${ids.map((id) => `oppId=${id}`).join("&")}`;
    return (await fetch(url, { headers: { apikey: header(clari.variables) } })).text();
  };
  /** The texts of what the vendors send: the deals, and, once their ids are known, all else at once. */
  const byHand = async (): Promise<readonly string[]> => {
    const deals = await salesforceGet(dealsOf(quarter));
    const { records } = JSON.parse(deals) as { records: { Id: string; AccountId: string }[] };
    const ids = records.map(({ Id }) => Id);
    const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, n) =>
      ids.slice(n * BATCH, (n + 1) * BATCH),
    );
    const accounts = [...new Set(records.map(({ AccountId }) => `'${AccountId}'`))].join(",");
    const events = `SELECT AccountId, MIN(ActivityDate) nextDay FROM Event WHERE ActivityDate >= TODAY AND AccountId IN (${accounts}) GROUP BY AccountId`;
    const others = await Promise.all([salesforceGet(events), ...batches.map(clariGet)]);
    for (const text of others) JSON.parse(text);
    return [deals, ...others];
  };
  const byHub = async () => {
    const call = { name: "revops_review_commits", arguments: {} };
    const { structuredContent, isError } = await client.request("tools/call", call);
    if (isError || structuredContent.deals.total !== DEALS)
      throw new Error(`not ${DEALS} deals: ${JSON.stringify(structuredContent).slice(0, 500)}`);
    return structuredContent;
  };
  /** As the answer counts them: what a connector is examined with after its first use is not among them. */
  const counted = async (): Promise<number> => {
    const { sources } = (await byHub()) as { sources: { requests: number }[] };
    return sources.reduce((sum, { requests }) => sum + requests, 0);
  };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };

  try {
    const cold = await counted();
    const warm = await counted();
    const raw = (await byHand()).reduce((sum, text) => sum + encode(text).length, 0);
    const tokens = encode(JSON.stringify(await byHub())).length;

    clari.fault({ latencyMs: LATENCY_MS });
    salesforce.fault({ latencyMs: LATENCY_MS });
    const runs: { readonly hub: number; readonly hand: number }[] = [];
    for (let n = 0; n < ROUNDS; n += 1) runs.push({ hub: await timed(byHub), hand: await timed(byHand) });
    const hub = median(runs.map((run) => run.hub));
    const hand = median(runs.map((run) => run.hand));
    return [
      {
        what: `${DEALS} Commit deals, both systems ${LATENCY_MS} ms away: wall beside the longest chain of bare requests`,
        hub: `${show(hub, 0)} ms`,
        beside: `${show(hand, 0)} ms`,
        reached: `${show(hub / hand)}×`,
        wanted: "≤ 1.3×",
      },
      {
        what: "  upstream requests: first call, later calls",
        hub: `${cold}, ${warm}`,
        beside: "",
        reached: `${Math.max(cold, warm)}`,
        wanted: "≤ 5",
      },
      {
        what: "  tokens of the answer, beside what the vendors send for the same question",
        hub: `${tokens}`,
        beside: `${raw}`,
        reached: `${show(raw / tokens, 1)}× less`,
        wanted: "≤ 6,000; ≥ 5× less",
      },
    ];
  } finally {
    await client.stop();
    await clari.close();
    await salesforce.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Every column that the answer rests on. */
const dealsOf = ({ start, end }: Quarter): string =>
  `SELECT Id, Name, AccountId, Account.Name, OwnerId, Owner.Name, Owner.ManagerId, Owner.Manager.Name, StageName, ForecastCategoryName, IsClosed, IsWon, Amount, CloseDate, CreatedDate, LastActivityDate, LastStageChangeDate, NextStep FROM Opportunity WHERE IsClosed = FALSE AND CloseDate >= ${start} AND CloseDate <= ${end} AND ForecastCategoryName = 'Commit' ORDER BY CloseDate, Id`;
