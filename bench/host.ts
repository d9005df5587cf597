/**
 * What the hub costs beside a minimal server of the same SDK, as ratios within one run on one machine.
 * Runs alternate, so a drift of the machine's speed hits both; medians are quoted.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { type Figure, median, show } from "./figures.ts";
import { type Started, start } from "./stdio-client.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const HUB = at("../dist/src/revops-hub.js");
const MINIMAL = at("minimal-server.mjs");

const folder = mkdtempSync(join(tmpdir(), "revops-hub-bench-"));
const environment = {
  REVOPS_HUB_HOME: folder,
  CLARI_API_TOKEN: "not-used-at-start",
  CLARI_FORECAST_ID: "net_arr",
  SFDC_INSTANCE_URL: "https://example.my.salesforce.com",
  SFDC_ACCESS_TOKEN: "not-used-at-start",
};
const trivialConfig = join(folder, "trivial.json");
// The throttle is on and counts; it is set so high that it does not end the measurement.
writeFileSync(
  trivialConfig,
  JSON.stringify({
    connectors: { trivial: { from: at("connectors/trivial.ts") } },
    limits: { callsPerMinute: 1e9 },
  }),
);

const hub = () => start([HUB], environment);
const hubOverTrivial = () => start([HUB, "--config", trivialConfig], environment);
const minimal = () => start([MINIMAL], {});

const STARTS = 31;

/** Pairs, so that both servers meet the same weather; the ratio is the median over the pairs. */
const measureStart = async (): Promise<Figure[]> => {
  const runs: { hub: Start; minimal: Start }[] = [];
  const once = async (open: () => Promise<Started>): Promise<Start> => {
    const { client, startMs } = await open();
    const memory = client.residentMiB();
    await client.stop();
    return { ms: startMs, memory };
  };
  for (let n = 0; n <= STARTS; n += 1) {
    const first = n % 2 === 0 ? await once(hub) : undefined;
    const second = await once(minimal);
    runs.push({ hub: first ?? (await once(hub)), minimal: second });
  }
  // The first pair warms the caches of both.
  runs.shift();
  const of = (server: "hub" | "minimal", what: keyof Start) => median(runs.map((run) => run[server][what]));
  const ratio = (what: keyof Start) => show(median(runs.map((run) => run.hub[what] / run.minimal[what])));
  return [
    {
      what: "process start → tools/list",
      hub: `${show(of("hub", "ms"), 0)} ms`,
      beside: `${show(of("minimal", "ms"), 0)} ms`,
      reached: `${ratio("ms")}×`,
      wanted: "≤ 1.0×",
    },
    {
      what: "resident memory after start",
      hub: `${show(of("hub", "memory"), 0)} MiB`,
      beside: `${show(of("minimal", "memory"), 0)} MiB`,
      reached: `${ratio("memory")}×`,
      wanted: "≤ 1.3×",
    },
  ];
};

interface Start {
  readonly ms: number;
  readonly memory: number;
}

const CALLS = 20_000;
const AT_ONCE = 16;
const ROUNDS = 5;

interface Rate {
  readonly p50: number;
  readonly perSecond: number;
}

const measureCalls = async (): Promise<Figure[]> => {
  const rate = async ({ client }: Started): Promise<Rate> => {
    const call = () => client.request("tools/call", { name: "trivial_echo", arguments: { text: "hello" } });
    for (let n = 0; n < 1_000; n += 1) await call();
    const times: number[] = [];
    for (let n = 0; n < 2_000; n += 1) {
      const begun = performance.now();
      await call();
      times.push(performance.now() - begun);
    }
    let left = CALLS;
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (; left > 0; left -= 1) await call();
      }),
    );
    const perSecond = (CALLS / (performance.now() - begun)) * 1_000;
    await client.stop();
    return { p50: median(times), perSecond };
  };
  const ours: Rate[] = [];
  const theirs: Rate[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await rate(await hubOverTrivial()));
    theirs.push(await rate(await minimal()));
  }
  const of = (rates: readonly Rate[], what: keyof Rate) => median(rates.map((one) => one[what]));
  return [
    {
      what: "trivial read, one after another, p50",
      hub: `${show(of(ours, "p50"))} ms`,
      beside: `${show(of(theirs, "p50"))} ms`,
      reached: `${show(of(ours, "p50"))} ms`,
      wanted: "≤ 0.6 ms",
    },
    {
      what: `trivial read, ${AT_ONCE} at once`,
      hub: `${show(of(ours, "perSecond"), 0)}/s`,
      beside: `${show(of(theirs, "perSecond"), 0)}/s`,
      reached: `${show(of(ours, "perSecond"), 0)}/s`,
      wanted: "≥ 8000/s",
    },
  ];
};

const measureTokens = async (): Promise<Figure> => {
  const { client, tools } = await hub();
  await client.stop();
  const tokens = encode(JSON.stringify(tools)).length;
  return {
    what: `tools/list, ${tools.length} tools`,
    hub: `${tokens} tokens`,
    beside: "",
    reached: `${tokens}`,
    wanted: "≤ 12000 (o200k)",
  };
};

export const measureHost = async (): Promise<Figure[]> => {
  try {
    return [...(await measureStart()), ...(await measureCalls()), await measureTokens()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
