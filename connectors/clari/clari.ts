/** What the connector's tools work with. */
import { createHash } from "node:crypto";
import { type Clock, createReferencedToken, type Setup } from "#connector";
import { type ClariApi, createApi } from "./api.ts";
import { createExports, type Exports } from "./exports/jobs.ts";
import { createKnown, type Known } from "./forecast/known.ts";
import { createMissingQuarters, type MissingQuarters } from "./forecast/missing-quarters.ts";
import { createSnapshots, type Snapshots } from "./forecast/snapshots.ts";
import { createViewer, type Viewer } from "./forecast/viewer.ts";
import type { Settings } from "./settings.ts";

export interface Clari {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly api: ClariApi;
  readonly exports: Exports;
  readonly missingQuarters: MissingQuarters;
  readonly known: Known;
  readonly viewer: Viewer;
  readonly snapshots: Snapshots;
}

/** Throws `config` when the token cannot be read. Contacts nobody. */
export const openClari = async ({
  config,
  secret,
  fetch,
  store,
  clock,
  log,
}: Setup<Settings>): Promise<Clari> => {
  const token = createReferencedToken(() => secret(config.apiToken));
  await token.current();
  const { baseUrl, poll, reuseSeconds } = config;
  const api = createApi({ fetch, baseUrl, token, forecasts: Object.keys(config.forecasts) });
  // Who asks whom: a renewed token may be another person's.
  const identity = async () =>
    createHash("sha256")
      .update(`${baseUrl} ${await token.current()}`)
      .digest("hex");
  const viewer = createViewer(store, baseUrl, identity);
  const known = createKnown({ store, clock, viewer, log });
  return {
    settings: config,
    clock,
    api,
    known,
    exports: known.from(createExports({ api, store, clock, identity, poll, reuseSeconds })),
    missingQuarters: createMissingQuarters(store, clock, identity),
    viewer,
    snapshots: createSnapshots({ store, clock, viewer, keepDays: config.snapshots.keepDays }),
  };
};
