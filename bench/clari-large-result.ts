/**
 * Downloads one forecast of so many bytes through the connector's own parts and prints what it took, as JSON.
 * A process of its own, started by `clari-jobs.ts` with --expose-gc: `node … URL JOB_ID`.
 */
import { createApi } from "../connectors/clari/api.ts";
import { readForecastFile } from "../connectors/clari/forecast/forecast-file.ts";
import { readForecast } from "../connectors/clari/forecast/forecast-reading.ts";
import { systemClock } from "../src/clock.ts";
import { dayIn } from "../src/connector/contract.ts";
import { createFetch } from "../src/connector/upstream.ts";

export interface LargeResult {
  readonly entries: number;
  /** What is held afterwards. */
  readonly keptMiB: number;
  /** The most that the process grew by while it read. */
  readonly peakMiB: number;
  readonly ms: number;
}

const [url, jobId] = process.argv.slice(2) as [string, string];
const MIB = 1024 * 1024;
const collect = () => (globalThis as { gc?: () => void }).gc?.();

const api = createApi({
  fetch: createFetch({
    system: "clari",
    clock: systemClock,
    concurrency: 2,
    seen: { lastAnswerAt: undefined, lastFailureAt: undefined, lastFailure: undefined },
  }),
  baseUrl: url,
  forecasts: [],
  token: { current: async () => "sandbox-admin", renew: async () => undefined },
});

await api.limits();
collect();
const before = process.memoryUsage();
let peak = before.rss;
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 10);
const begun = performance.now();
const file = await api.results(jobId, () => readForecastFile({}));
const reading = readForecast(file, { id: undefined, today: dayIn("UTC", systemClock.now()) });
const ms = performance.now() - begun;
peak = Math.max(peak, process.memoryUsage().rss, process.resourceUsage().maxRSS * 1024);
clearInterval(sampling);
collect();
const result: LargeResult = {
  entries: reading.entries.length,
  keptMiB: (process.memoryUsage().heapUsed - before.heapUsed) / MIB,
  peakMiB: (peak - before.rss) / MIB,
  ms,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
