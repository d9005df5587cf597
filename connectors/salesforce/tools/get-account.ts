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
  account_id: recordIdOf("Account", "001").describe("Account id."),
  fields,
});

export default defineToolsOn<SalesforceApi>()({
  name: "salesforce_get_account",
  title: "Get an account",
  description: "One account, all filled fields, by id. Find ids by name with salesforce_query.",
  effect: "read",
  input,
  output: z.object({
    ...recordOutput,
  }),

  plan: (given, call) => planRecord(question(given), call),
  handle: (given, call) => readRecord(question(given), call),
});

const question = ({ account_id: id, fields }: z.output<typeof input>): RecordQuestion => ({
  object: "Account",
  id,
  fields,
  names: ["Owner"],
});
