import { z } from "zod";
import { type Call, defineToolsOn, isHubError, table } from "#connector";
import type { Jobs } from "../answers.ts";
import { requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import { type ForecastStanding, forecastStandings, lastExports } from "../forecast/forecast-standings.ts";
import { WHERE_FORECAST_IDS_ARE } from "../refusals.ts";

const words = z.string().nullable();

export default defineToolsOn<Clari>()({
  name: "clari_list_forecasts",
  title: "List Clari forecasts",
  description:
    "Clari cannot list forecasts: these are the configured ones and those exported before. Costs no export.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({}),
  output: z.object({
    forecasts: table({
      name: words,
      id: z.string(),
      state: z.string(),
      lastReadAt: words,
      lastExportedAt: words,
    }),
    otherIds: z.string(),
  }),
  plan: (_, { api }) => [api.api.plan(requests.jobs())],

  async handle(_, call) {
    const exported = lastExports(await jobsOf(call));
    const standings = await forecastStandings(call.api);
    const known = new Set(standings.map(({ id }) => id));
    const others = [...exported.keys()].filter((id) => !known.has(id));
    const all: ForecastStanding[] = [
      ...standings,
      ...others.map((id) => ({ name: null, id, state: undefined, at: undefined })),
    ];
    const rows = all.map((one) => rowOf(one, exported.get(one.id)));
    return { forecasts: { rows, total: rows.length }, otherIds: WHERE_FORECAST_IDS_ARE };
  },
});

/** The configuration answers also when Clari does not. */
const jobsOf = async ({ api, notice }: Call<Clari>): Promise<Jobs["jobs"]> => {
  try {
    return (await api.api.jobs()).jobs;
  } catch (error) {
    if (!isHubError(error) || ["cancelled", "deadline_exceeded"].includes(error.code)) throw error;
    notice(`Partial answer, without the list of exports: ${error.message}`);
    return [];
  }
};

const rowOf = ({ name, id, state, at }: ForecastStanding, exportedAt: number | undefined) => ({
  name,
  id,
  state: state ? STATES[state] : exportedAt === undefined ? "not yet read" : "exported before",
  lastReadAt: state === "read" ? iso(at) : null,
  lastExportedAt: iso(exportedAt),
});

const STATES = {
  read: "read",
  no_such_forecast_config: "unknown to Clari: correct the id",
  no_optin: "this token's user is not opted in",
} as const;

const iso = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString();
