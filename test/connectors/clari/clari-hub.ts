/** A hub with Clari alone, and what tests of the connector ask of it again and again. */
import { makeRandom } from "#sandbox/company/random.ts";
import type { JournalEntry } from "#sandbox/server.ts";
import { TEST_NOW } from "../../kit/clock.ts";
import { type StartOptions, startHub, type TestHub } from "../../kit/hub.ts";

export const DIALECTS = ["live", "spec"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Tests that name no dialect are run in the other one by `npm run test:spec`. */
const DEFAULT_DIALECT: Dialect = process.env.CLARI_DIALECT === "spec" ? "spec" : "live";

export const startClari = async (dialect: Dialect = DEFAULT_DIALECT, options: StartOptions = {}) => {
  const hub = await startHub({ connectors: ["clari"], ...options });
  const clari = hub.sandbox("clari");
  clari.configure({ dialect });
  return { hub, clari };
};

/** Another hub in front of the same Clari: `config` changes what the sandbox would configure. */
export const startAnother = (
  { clari, hub }: { clari: ReturnType<TestHub["sandbox"]>; hub: TestHub },
  { config = {}, ...options }: Omit<StartOptions, "config"> & { config?: object } = {},
): Promise<TestHub> =>
  startHub({
    sandboxes: false,
    clock: hub.clock,
    variables: clari.variables,
    connectors: { clari: { config: { ...clari.config, ...config } } },
    ...options,
  });

/** `POST /v4/export/forecast/net_arr 200` */
export const lines = (requests: readonly JournalEntry[]): string[] =>
  requests.map(({ method, path, query, status }) => `${method} ${path}${query && `?${query}`} ${status}`);

export const submissions = (clari: ReturnType<TestHub["sandbox"]>): readonly JournalEntry[] =>
  clari.requests(/^POST .*\/export\/forecast\//);

/** Rows of a table as objects again. */
export { records } from "../../kit/records.ts";

/** A dry run's requests, as the sandbox would write them into its journal. */
export const planned = (plan: { method: string; url: string; body?: unknown }[]) =>
  plan.map(({ method, url, body }) => {
    const { pathname, search } = new URL(url);
    return {
      method,
      path: pathname,
      query: search.slice(1),
      body: body === undefined ? "" : JSON.stringify(body),
    };
  });

export const sent = (requests: readonly JournalEntry[]) =>
  requests.map(({ method, path, query, body }) => ({ method, path, query, body }));

/** Of the first export that the sandbox makes, at the time at which tests begin. */
export const firstJobId = (seed: number): string => {
  const machine = makeRandom(seed, "clari jobs").int(0, 2 ** 40 - 1);
  return `${(TEST_NOW / 1000).toString(16)}${machine.toString(16).padStart(10, "0")}000001`;
};

/** A question to the hub's datasets, asked by a connector of the tests. */
export const ASKER = new URL("dataset-asker.ts", import.meta.url).pathname;
