import { z } from "zod";
import { recordTool } from "../reading/record-tool.ts";

export default recordTool(
  {
    name: "salesforce_get_opportunity",
    title: "Get an opportunity",
    description:
      "One deal by id: all filled fields, names of owner and account, its next event, latest activity and open tasks.",
    toolsets: ["forecast-call", "hygiene"],
    object: "Opportunity",
    keyPrefix: "006",
    argument: "opp_id",
    names: ["Owner", "Account"],
    activity: true,
  },
  {
    account: z.string().nullish(),
    activity: z
      .object({
        nextEvent: z
          .object({
            subject: z.string().nullable(),
            date: z.string().nullable(),
            start: z.string().nullable(),
          })
          .nullish(),
        latest: z
          .object({
            kind: z.enum(["event", "task"]),
            subject: z.string().nullable(),
            date: z.string().nullable(),
          })
          .nullish()
          .describe("Finished task or past event."),
        openTasks: z.int().optional(),
      })
      .optional(),
  },
);
