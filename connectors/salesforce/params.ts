/** Arguments that several tools take. */

import { z } from "zod";
import { isHubError } from "#connector";
import { recordId18 } from "./ids.ts";
import { isCalendarDate } from "./soql/tokens.ts";

/** A record id of 15 or 18 characters; reaches the handler with 18. */
export const recordId = z.string().transform((text, context) => {
  try {
    return recordId18(text);
  } catch (error) {
    if (!isHubError(error)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

/** The same, of one object's records, whose ids begin with `keyPrefix`. */
export const recordIdOf = (object: string, keyPrefix: string) =>
  recordId.refine(
    (id) => id.startsWith(keyPrefix),
    `not the id of a record of ${object}: those begin with ${keyPrefix}`,
  );

/** A day of the calendar, of our times. Said in words: the pattern of z.iso.date() costs 150 tokens. */
export const calendarDate = z
  .string()
  .refine((text) => isCalendarDate(text) && /^(19|2[01])/.test(text), "a calendar date such as 2026-12-31");

export const justification = z
  .string()
  .max(2_000)
  .describe("Why, in the user's words (10 characters or more); recorded.");

/** An object's or field's API name; also what makes it safe in a path and in SOQL. */
export const apiName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,79}$/, "an API name");
