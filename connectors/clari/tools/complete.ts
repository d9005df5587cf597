import { z } from "zod";
import { defineToolsOn, matching } from "#connector";
import type { Clari } from "../clari.ts";
import { fiscalCalendar } from "../forecast/fiscal-calendar.ts";
import { forecastStandings } from "../forecast/forecast-standings.ts";

export default defineToolsOn<Clari>()({
  name: "clari_complete",
  title: "Complete a variable",
  description: "Forecasts and quarters that can be asked for, by what somebody has typed of one.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({
    argument: z.enum(["forecast_id", "time_period"]).describe("What is completed."),
    typed: z.string().max(100).describe("What is typed so far."),
  }),
  output: z.object({ values: z.array(z.string()) }),

  async handle({ argument, typed }, { api, source }) {
    source({ cached: true });
    return { values: matching(await known[argument](api), typed) };
  },
});

const known = {
  /** By their configured names; by their ids where they have none. */
  async forecast_id(api: Clari) {
    return (await forecastStandings(api))
      .filter(({ state }) => state === undefined || state === "read")
      .map(({ name, id }) => name ?? id);
  },
  /** Newest first. */
  async time_period(api: Clari) {
    return (await fiscalCalendar(api)).quarters.map(({ id }) => id).reverse();
  },
};
