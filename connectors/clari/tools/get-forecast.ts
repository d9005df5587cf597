import { z } from "zod";
import { defineToolsOn, HubError } from "#connector";
import type { Clari } from "../clari.ts";
import { forecastOrder, VIEWS } from "../forecast/forecast.ts";
import { answerForecast, forecastAnswer } from "../forecast/forecast-answer.ts";
import { pastForecast } from "../forecast/forecast-past.ts";
import { readForecastOf, runningForecast, whyRunning } from "../forecast/forecast-read.ts";
import { asOf, currency, forecastId, scopeId, timePeriod, weeks } from "../params.ts";

export default defineToolsOn<Clari>()({
  name: "clari_get_forecast",
  title: "Get a Clari forecast",
  description:
    "What people called in Clari for a quarter: commit, best case, quota, CRM pipeline, closed. If running, call clari_get_forecast_job.",
  effect: "read",
  toolsets: ["forecast-call"],
  input: z.strictObject({
    forecast_id: forecastId.optional(),
    time_period: timePeriod.optional(),
    view: z
      .enum(VIEWS)
      .default("summary")
      .describe("summary: top two levels; rows: all entries; trend: the top, week by week."),
    scope_id: scopeId.optional(),
    currency: currency.optional(),
    weeks: weeks.optional(),
    as_of: asOf.optional(),
    fresh: z.boolean().default(false).describe("Nothing kept; costs export quota."),
  }),
  output: forecastAnswer,
  plan({ as_of, ...question }, { api }) {
    checkCombination(as_of, question);
    return as_of ? [] : api.exports.plan(forecastOrder(api, question));
  },

  async handle({ as_of, ...question }, call) {
    checkCombination(as_of, question);
    if (as_of) return answerForecast(await pastForecast(as_of, question, call.api), question, call);
    const order = forecastOrder(call.api, question);
    const read = await readForecastOf(order, call);
    if ("reading" in read) return answerForecast(read, question, call);
    call.notice(
      `${whyRunning(read)} Call clari_get_forecast_job with job_id, or again with the same arguments: both go on with the same export.`,
    );
    return runningForecast(read, order.forecastId);
  },
});

interface Combination {
  readonly fresh: boolean;
  readonly weeks?: number | undefined;
  readonly view: (typeof VIEWS)[number];
}

const checkCombination = (as_of: string | undefined, { fresh, weeks, view }: Combination): void => {
  if (as_of && fresh)
    throw new HubError("invalid_input", "as_of asks for the past, fresh for the present.", {
      hint: "Leave one of them out.",
    });
  if (weeks !== undefined && view !== "trend")
    throw new HubError("invalid_input", "weeks belongs to the trend.", {
      hint: 'Ask with view "trend", or leave weeks out: the other views are of the latest week.',
    });
};
