import { z } from "zod";
import { defineToolsOn, HubError, isHubError } from "#connector";
import type { Clari } from "../clari.ts";
import { type AboutForecast, forecastOrder } from "../forecast/forecast.ts";
import { answerForecast, forecastAnswer } from "../forecast/forecast-answer.ts";
import { resumeForecast, runningForecast, whyRunning } from "../forecast/forecast-read.ts";
import { jobId } from "../params.ts";

export default defineToolsOn<Clari>()({
  name: "clari_get_forecast_job",
  title: "Resume a Clari forecast",
  description: "The forecast that clari_get_forecast left running, in its view. Submits nothing.",
  effect: "read",
  toolsets: ["forecast-call"],
  input: z.strictObject({ job_id: jobId }),
  output: forecastAnswer,
  plan: async ({ job_id }, { api }) => {
    await orderOf(api, job_id);
    return api.exports.planResume(job_id);
  },

  async handle({ job_id }, call) {
    const order = await orderOf(call.api, job_id);
    try {
      const read = await resumeForecast(job_id, order, call);
      if ("reading" in read) return answerForecast(read, order.question, call);
      call.notice(`${whyRunning(read)} Call again with the same job_id.`);
      return runningForecast(read, order.forecastId);
    } catch (error) {
      throw isGone(error) ? gone() : error;
    }
  },
});

/** The order that the job was sent for. Throws `not_found` that names the jobs this hub knows. */
const orderOf = async (api: Clari, job_id: string) => {
  // Other exports have no forecast to show.
  const known = (await api.exports.known()).filter(({ about }) => isForecast(about));
  const job = known.find(({ jobId }) => jobId === job_id);
  if (job) {
    const { question, asked } = job.about as AboutForecast;
    return forecastOrder(api, question, asked);
  }
  throw new HubError("not_found", "This hub has submitted no such job with the present token.", {
    hint:
      known.length === 0
        ? "It knows no jobs at all. Ask with clari_get_forecast."
        : "The latest it knows are under `known`. Ask with clari_get_forecast for anything else.",
    facts: {
      known: known.slice(0, MOST_NAMED).map(({ jobId, sentAt, about }) => ({
        job_id: jobId,
        forecastId: (about as AboutForecast).question.forecast_id,
        submittedAt: new Date(sentAt).toISOString(),
      })),
    },
  });
};

const isForecast = (about: unknown): about is AboutForecast =>
  typeof about === "object" && about !== null && "question" in about;

const MOST_NAMED = 5;

/** Clari's words for a job it has forgotten, and for a result whose thirty days are over. */
const GONE: ReadonlySet<string | undefined> = new Set(["SWW", "invalid_jobId"]);

const isGone = (error: unknown): boolean =>
  isHubError(error) && error.code === "vendor_rejected" && GONE.has(error.vendor?.code);

const gone = (): HubError =>
  new HubError("not_found", "Clari no longer has this job or its result; results expire after 30 days.", {
    hint: "Ask with clari_get_forecast for a new one; what was read is kept, see as_of.",
  });
