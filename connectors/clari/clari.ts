/** What the connector's tools work with. */
import { createHash } from "node:crypto";
import type { Clock, Setup } from "#connector";
import { type ClariApi, createApi } from "./api.ts";
import { createExports, type Exports } from "./jobs.ts";
import type { Settings } from "./settings.ts";

export interface Clari {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly api: ClariApi;
  readonly exports: Exports;
}

/** Throws `config` when the token cannot be read. Contacts nobody. */
export const openClari = async ({ config, secret, fetch, store, clock }: Setup<Settings>): Promise<Clari> => {
  const apiToken = await secret(config.apiToken);
  const { baseUrl, poll, reuseSeconds } = config;
  const api = createApi({ fetch, baseUrl, apiToken, forecasts: Object.keys(config.forecasts) });
  const identity = createHash("sha256").update(`${baseUrl} ${apiToken}`).digest("hex");
  return {
    settings: config,
    clock,
    api,
    exports: createExports({ api, store, clock, identity, poll, reuseSeconds }),
  };
};
