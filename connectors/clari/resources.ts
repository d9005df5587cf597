/** A forecast to attach to a conversation: the summary of a quarter, as clari_get_forecast answers it. */
import type { Completion, Resource } from "#connector";

const completing = (argument: "forecast_id" | "time_period"): Completion => ({
  tool: "clari_complete",
  input: (typed) => ({ argument, typed }),
});

export const resources: readonly Resource[] = [
  {
    uri: "clari://forecast/{forecast_id}/{time_period}",
    name: "clari-forecast",
    title: "Clari forecast",
    description:
      "What people called in Clari for a quarter: the top two levels with quota, commit, best case, closed. May cost an export.",
    read: ({ forecast_id, time_period }) => ({
      tool: "clari_get_forecast",
      input: { forecast_id, time_period },
    }),
    complete: { forecast_id: completing("forecast_id"), time_period: completing("time_period") },
  },
];
