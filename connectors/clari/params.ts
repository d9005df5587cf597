/**
 * Arguments that tools share, described for the model that fills them in. What is checked by `refine`
 * stays out of the schema that every session pays for; the refusal says what was expected.
 */
import { z } from "zod";
import { QUARTER_FORMS } from "#connector";
import { FORECAST_ID } from "./settings.ts";

const textThat = (fits: (text: string) => boolean, expected: string) =>
  z.string().refine(fits, `expected ${expected}`);

export const forecastId = textThat(
  (text) => text.length > 0 && text.length <= 100,
  `a configured name, or a Clari forecast id such as net_arr (${FORECAST_ID.source})`,
).describe("Configured name or Clari id.");

export const timePeriod = z.string().max(20).describe(`${QUARTER_FORMS}; default current.`);

export const scopeId = textThat(
  (text) => /^[\w-]{1,40}::[A-Za-z_]{1,20}$/.test(text),
  "a scope_id of an earlier answer, such as 1905::MGR",
).describe("One team: a scope_id of an earlier answer.");

export const currency = textThat((text) => /^[A-Za-z]{3}$/.test(text), "an ISO code such as USD").describe(
  "ISO code.",
);

/** How many an answer has where nobody asks for more or fewer; the rest is held. */
export const ROWS_PER_ANSWER = 50;

/** Part of a name, in any case, or a CRM user id. */
export const owner = z.string().min(1).max(100).describe("Part of a name, or CRM user id.");

export const oppIds = z.array(z.string()).min(1).describe("CRM opportunity ids.");

/** A day or a time of our times, in ISO form. */
export const moment = textThat(
  (text) =>
    /^20\d\d-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) &&
    !Number.isNaN(Date.parse(text)),
  "a day such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z",
);

const isDay = (text: string) => z.iso.date().safeParse(text).success;

export const startDate = textThat(isDay, "a calendar day such as 2026-11-16").describe(
  "First day: 2026-11-16.",
);
export const endDate = textThat(isDay, "a calendar day such as 2026-11-22").describe("Last day.");

export const weeks = z.int().min(1).max(60).describe("Of a trend: the latest n.");

export const asOf = textThat(isDay, "a day such as 2026-11-07").describe(
  "ISO day: as called then, from this hub's own readings.",
);

export const jobId = textThat(
  (text) => /^[\w-]{1,64}$/.test(text),
  "the job_id of an earlier answer",
).describe("Of an earlier answer.");
