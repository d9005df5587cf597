import { z } from "zod";
import { defineToolsOn } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { recordIdOf } from "../params.ts";
import {
  fields,
  planRecord,
  type RecordQuestion,
  readRecord,
  recordOutput,
} from "../reading/record-reading.ts";

const input = z.strictObject({
  opp_id: recordIdOf("Opportunity", "006").describe("Opportunity id."),
  fields,
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_get_opportunity",
  title: "Get an opportunity",
  description:
    "One deal by id: all filled fields, names of owner and account, its next event, latest activity and open tasks.",
  effect: "read",
  input,
  output: z.object({
    ...recordOutput,
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
  }),

  plan: (given, call) => planRecord(question(given), call),
  handle: (given, call) => readRecord(question(given), call),
});

const question = ({ opp_id: id, fields }: z.output<typeof input>): RecordQuestion => ({
  object: "Opportunity",
  id,
  fields,
  names: ["Owner", "Account"],
  activity: true,
});
