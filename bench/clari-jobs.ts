/**
 * What forecasts cost, with real hub processes in front of Clari's sandbox: how
 * much longer a call takes than its export, how many exports twenty equal calls are, what answers cost in
 * tokens, and what a large file costs in memory.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import clariSandbox from "../connectors/clari/sandbox/sandbox.ts";
import { systemClock } from "../sandbox/clock.ts";
import { makeCompany } from "../sandbox/company/company.ts";
import type { StartedSandbox } from "../sandbox/module.ts";
import type { LargeResult } from "./clari-large-result.ts";
import type { Figure } from "./figures.ts";
import { type Started, start } from "./stdio-client.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const HUB = at("../dist/src/revops-hub.js");
const SUBMIT = /^POST .*\/export\/forecast\//;
const POLL = /^GET .*\/export\/jobs\/[^/]+$/;

interface Desk {
  readonly clari: StartedSandbox;
  /** Another hub over a state folder. */
  hub(folder: string): Promise<Started>;
  /** A new state folder. */
  folder(): string;
}

const call = async ({ client }: Started, input: object = {}) =>
  (await client.request("tools/call", { name: "clari_get_forecast", arguments: input })).structuredContent;

const measureWall = async ({ clari, hub, folder }: Desk): Promise<Figure[]> => {
  const started = await hub(folder());
  // A hub that has answered before: what it loads the first time is not the export's.
  clari.configure({ jobDurationMs: { started: 1 } });
  await call(started, { forecast_id: "renewals" });
  const figures: Figure[] = [];
  for (const seconds of [2, 5, 12]) {
    clari.configure({ jobDurationMs: { started: seconds * 1000 } });
    const polls = clari.requests(POLL).length;
    const begun = performance.now();
    const { status } = await call(started, { fresh: true });
    const wall = (performance.now() - begun) / 1000;
    figures.push({
      what: `get_forecast, an export of ${seconds} s (${status})`,
      hub: `${wall.toFixed(2)} s`,
      beside: `${clari.requests(POLL).length - polls} polls`,
      reached: `${(wall / seconds).toFixed(2)}×`,
      wanted: "≤ 1.25×",
    });
  }
  await started.client.stop();
  return figures;
};

const HUBS = 4;
const CALLS = 20;

const measureSharing = async ({ clari, hub, folder }: Desk): Promise<Figure> => {
  clari.configure({ jobDurationMs: { started: 3000 } });
  const shared = folder();
  const hubs = await Promise.all(Array.from({ length: HUBS }, () => hub(shared)));
  const before = clari.requests(SUBMIT).length;
  const answers = await Promise.all(Array.from({ length: CALLS }, (_, n) => call(hubs[n % HUBS]!)));
  const submits = clari.requests(SUBMIT).length - before;
  await Promise.all(hubs.map(({ client }) => client.stop()));
  const done = answers.filter(({ status }) => status === "done").length;
  return {
    what: `exports for ${CALLS} equal calls at once, from ${HUBS} hubs over one folder`,
    hub: `${submits}`,
    beside: `${done} answered`,
    reached: `${submits}`,
    wanted: "≤ 1",
  };
};

const measureTokens = async ({ clari, hub, folder }: Desk): Promise<Figure[]> => {
  clari.configure({ jobDurationMs: { started: 10 } });
  const started = await hub(folder());
  const summary = await call(started);
  const rows = await call(started, { view: "rows" });
  await started.client.stop();
  const figure = (what: string, answer: object, wanted: number): Figure => {
    const tokens = encode(JSON.stringify(answer)).length;
    return { what, hub: `${tokens} tokens`, beside: "", reached: `${tokens}`, wanted: `≤ ${wanted}` };
  };
  const table = rows.rows;
  return [
    figure(`the default answer, ${summary.people} people`, summary, 2500),
    figure(`view rows, ${table.returned} of ${table.total} rows`, rows, 14_000),
  ];
};

const LARGE = 50 * 1024 * 1024;

const measureMemory = async ({ clari }: Desk): Promise<Figure> => {
  clari.configure({ padEntriesTo: LARGE, jobDurationMs: { started: 1 } });
  const headers = { apikey: "sandbox-admin", "content-type": "application/json" };
  const submitted = await fetch(`${clari.url}/v4/export/forecast/net_arr`, {
    method: "POST",
    headers,
    body: JSON.stringify({ typesToExport: ["forecast", "quota", "crm_total", "crm_closed"] }),
  });
  const { jobId } = (await submitted.json()) as { jobId: string };
  await systemClock.sleep(50);
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    at("clari-large-result.ts"),
    `${clari.url}/v4`,
    jobId,
  ]);
  clari.configure({ padEntriesTo: null });
  const { peakMiB, keptMiB, entries, ms } = JSON.parse(stdout) as LargeResult;
  return {
    what: `memory for a file of 50 MiB beyond the ${entries} entries kept`,
    hub: `${peakMiB.toFixed(0)} MiB at most, ${keptMiB.toFixed(0)} kept`,
    beside: `${(ms / 1000).toFixed(1)} s`,
    reached: `${(peakMiB - keptMiB).toFixed(0)} MiB`,
    wanted: "≤ 64 MiB",
  };
};

export const measureClari = async (): Promise<Figure[]> => {
  const root = mkdtempSync(join(tmpdir(), "revops-hub-bench-"));
  const company = makeCompany({ seed: 7, now: systemClock.now() });
  const clari = await clariSandbox.start({ company, clock: systemClock });
  const config = join(root, "hub.json");
  writeFileSync(config, JSON.stringify({ connectors: { clari: { config: clari.config } } }));
  let folders = 0;
  const desk: Desk = {
    clari,
    hub: (folder) =>
      start([HUB, "--config", config], {
        ...clari.variables,
        REVOPS_HUB_HOME: folder,
        REVOPS_HUB_VAULT: "file",
      }),
    folder: () => join(root, `state-${folders++}`),
  };
  try {
    return [
      ...(await measureWall(desk)),
      await measureSharing(desk),
      ...(await measureTokens(desk)),
      await measureMemory(desk),
    ];
  } finally {
    await clari.close();
    rmSync(root, { recursive: true, force: true });
  }
};
