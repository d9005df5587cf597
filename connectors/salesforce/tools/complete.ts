import { z } from "zod";
import { defineToolsOn, matching } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { RECORD_OBJECTS } from "../resources.ts";

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_complete",
  title: "Complete a variable",
  description: "Objects whose records can be read as a resource, by what somebody has typed of one.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({
    argument: z.literal("object").describe("What is completed."),
    typed: z.string().max(100).describe("What is typed so far."),
  }),
  output: z.object({ values: z.array(z.string()) }),

  async handle({ typed }, { source }) {
    source({ cached: true });
    return { values: matching(RECORD_OBJECTS, typed) };
  },
});
