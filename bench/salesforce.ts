/**
 * What a query costs through the hub beside asking Salesforce oneself: the same SOQL at the same sandbox, once
 * as a tool call over stdio (parsed, hardened, audited to disk, shaped, fenced), once as bare fetch and
 * JSON.parse. Both alternate; medians are quoted.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import sandbox from "../connectors/salesforce/sandbox/sandbox.ts";
import { systemClock } from "../sandbox/clock.ts";
import { makeCompany } from "../sandbox/company/company.ts";
import { type Figure, median, show } from "./figures.ts";
import { start } from "./stdio-client.ts";

const HUB = fileURLToPath(new URL("../dist/src/revops-hub.js", import.meta.url));
const SOQL =
  "SELECT Id, Name, Account.Name, StageName, Amount, CloseDate, Owner.Name, ForecastCategoryName, LastActivityDate, NextStep FROM Opportunity WHERE IsClosed = FALSE ORDER BY CloseDate, Id LIMIT 200";
const CALLS = 150;
const WARM_UP = 15;
/** An org answers a query in some hundred milliseconds; the sandbox beside us in four. */
const FAR_MS = 60;
const FAR_CALLS = 30;

export const measureSalesforce = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), "revops-hub-bench-"));
  const server = await sandbox.start({
    company: makeCompany({ seed: 7, now: systemClock.now() }),
    clock: systemClock,
  });
  const config = join(folder, "hub.json");
  writeFileSync(
    config,
    JSON.stringify({
      connectors: { salesforce: { config: { ...server.config, currency: "USD" } } },
      limits: { callsPerMinute: 1e9 },
    }),
  );
  const hub = await start([HUB, "--config", config], { REVOPS_HUB_HOME: folder, ...server.variables });
  const url = `${server.url}/services/data/v67.0/query?q=${encodeURIComponent(SOQL)}`;
  const [token] = Object.values(server.variables);
  const byHub = () =>
    hub.client.request("tools/call", { name: "salesforce_query", arguments: { soql: SOQL } });
  const byHand = async () => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return JSON.parse(await response.text()) as { records: object[] };
  };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return performance.now() - begun;
  };

  try {
    const answer = (await byHub()).structuredContent;
    const { records } = await byHand();
    if (answer.rows.returned !== 200 || records.length !== 200)
      throw new Error("not the 200 rows to compare");
    const compare = async (calls: number) => {
      const times: { hub: number[]; hand: number[] } = { hub: [], hand: [] };
      for (let n = 0; n < calls + WARM_UP; n += 1) {
        const [a, b] = [await timed(byHub), await timed(byHand)];
        if (n < WARM_UP) continue;
        times.hub.push(a);
        times.hand.push(b);
      }
      return { hub: median(times.hub), hand: median(times.hand) };
    };
    const near = await compare(CALLS);
    server.fault({ latencyMs: FAR_MS });
    const far = await compare(FAR_CALLS);
    const tokens = encode(JSON.stringify(answer)).length;
    const raw = encode(JSON.stringify(records)).length;
    const bare = encode(
      JSON.stringify(records, (key, value) => (key === "attributes" ? undefined : value)),
    ).length;
    const wall = (where: string, { hub, hand }: typeof near, wanted: string): Figure => ({
      what: `wall time p50, ${where}, beside fetch + JSON.parse`,
      hub: `${show(hub)} ms`,
      beside: `${show(hand)} ms`,
      reached: `${show(hub / hand)}×`,
      wanted,
    });
    return [
      {
        what: "200 opportunities, tokens of the whole answer, beside Salesforce's own records",
        hub: `${tokens}`,
        beside: `${raw}`,
        reached: `${show((tokens / raw) * 100, 0)} %`,
        wanted: "≤ 60 %",
      },
      {
        what: "  beside the same without their attributes",
        hub: `${tokens}`,
        beside: `${bare}`,
        reached: `${show((tokens / bare) * 100, 0)} %`,
        wanted: "",
      },
      wall("sandbox on this machine", near, "≤ 1.5×"),
      wall(`sandbox ${FAR_MS} ms away`, far, ""),
    ];
  } finally {
    await hub.client.stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
