/** The tools that get one record by its id differ in words alone. */
import { z } from "zod";
import { defineToolsOn } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { recordIdOf } from "../params.ts";
import { fields, planRecord, type RecordQuestion, readRecord, recordOutput } from "./record-reading.ts";

export interface RecordToolWords extends Pick<RecordQuestion, "object" | "names" | "activity"> {
  /** With which ids of this object begin: `006`. */
  readonly keyPrefix: string;
  /** As users of single-system servers know it: `opp_id`. */
  readonly argument: string;
  readonly name: `salesforce_get_${string}`;
  readonly title: string;
  readonly description: string;
  readonly toolsets: readonly string[];
}

/** @param output what it answers beside what every one of them does */
export const recordTool = <O extends z.core.$ZodLooseShape>(
  { object, names, activity, keyPrefix, argument, ...words }: RecordToolWords,
  output: O,
) => {
  const input = z.strictObject({
    [argument]: recordIdOf(object, keyPrefix).describe(`${object} id.`),
    fields,
  });
  const question = (given: Readonly<Record<string, unknown>>): RecordQuestion => ({
    object,
    id: String(given[argument]),
    fields: given.fields as readonly string[] | undefined,
    names,
    ...(activity && { activity }),
  });
  return defineToolsOn<SalesforceApi>()({
    ...words,
    effect: "read",
    input,
    output: z.object({ ...recordOutput, ...output }),
    plan: (given, call) => planRecord(question(given), call),
    // What is read depends on the words, as `output` does; the host checks that it fits.
    handle: async (given, call) => (await readRecord(question(given), call)) as never,
  });
};
