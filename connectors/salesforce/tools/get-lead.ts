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
  lead_id: recordIdOf("Lead", "00Q").describe("Lead id."),
  fields,
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_get_lead",
  title: "Get a lead",
  description: "One lead, all filled fields, by id.",
  effect: "read",
  input,
  output: z.object({
    ...recordOutput,
  }),

  plan: (given, call) => planRecord(question(given), call),
  handle: (given, call) => readRecord(question(given), call),
});

const question = ({ lead_id: id, fields }: z.output<typeof input>): RecordQuestion => ({
  object: "Lead",
  id,
  fields,
  names: ["Owner"],
});
