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
  contact_id: recordIdOf("Contact", "003").describe("Contact id."),
  fields,
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_get_contact",
  title: "Get a contact",
  description: "One contact, all filled fields, by id.",
  effect: "read",
  input,
  output: z.object({
    ...recordOutput,
    account: z.string().nullish(),
  }),

  plan: (given, call) => planRecord(question(given), call),
  handle: (given, call) => readRecord(question(given), call),
});

const question = ({ contact_id: id, fields }: z.output<typeof input>): RecordQuestion => ({
  object: "Contact",
  id,
  fields,
  names: ["Owner", "Account"],
});
