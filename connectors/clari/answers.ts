/**
 * What Clari sends, as far as it is used here. Clari's published specification and what clients in
 * production receive differ in their envelopes; both are accepted, everywhere, without a switch.
 */
import { z } from "zod";
import type { Entry } from "./forecast/forecast-entry.ts";
import { timeOf } from "./values.ts";

const text = z.string().nullish();
const count = z.number();
/** Epoch milliseconds; what is no time that can be is as good as absent. */
const time = z.unknown().optional().transform(timeOf);

/** Clari numbers its users; as text. Undefined if it is neither. */
const id = z
  .unknown()
  .optional()
  .transform((sent) => (typeof sent === "number" || typeof sent === "string" ? String(sent) : undefined));

const jobId = z.string().regex(/^[\w-]{1,64}$/);

export const submittedAnswer = z.object({ jobId });

const job = z.object({
  jobId,
  /** SCHEDULED, STARTED; DONE; FAILED, CANCELLED, ABORTED. */
  status: z.string(),
  /** May be absent while the job is queued, and the end until there is one. */
  startTime: time,
  endTime: time,
  /** `clari_export_<forecastId>_<timePeriod>…` */
  fileName: text,
  /** `JSON` or `CSV`. */
  fileType: text,
  currency: text,
  /** Whose job it is: the user of the token that submitted it. */
  userId: id,
  orgId: id,
  rowsTruncated: z.boolean().nullish(),
  cellsTruncated: z.boolean().nullish(),
  title: text,
  /** FORECAST; of other exports not documented. */
  module: text,
  /** After it there is no result any more: thirty days from the end. */
  expiredTime: time,
});
export type Job = z.output<typeof job>;

/** `{ job: {…} }` from the live service, the bare object in the specification. */
export const jobAnswer = z.union([z.object({ job }).transform((answer) => answer.job), job]);
/** An array in the specification; wrapped like a single job, perhaps. What cannot be read is left out and counted. */
export const jobsAnswer = z
  .union([z.array(z.unknown()), z.object({ jobs: z.array(z.unknown()) }).transform(({ jobs }) => jobs)])
  .transform((all) => {
    const jobs = all.flatMap((one) => job.safeParse(one).data ?? []);
    return { jobs, unreadable: all.length - jobs.length };
  });
export type Jobs = z.output<typeof jobsAnswer>;

export const limitsAnswer = z
  .object({
    jobs: z.object({
      concurrentLimit: count,
      /** Exports in 30 rolling days, of the whole organisation. */
      monthlyQuota: count,
      availableConcurrentLimit: count,
      availableMonthlyQuota: count,
      /** Absent when nothing runs. */
      runningJobIds: z
        .array(z.string())
        .nullish()
        .transform((ids) => ids ?? []),
    }),
  })
  .transform(({ jobs }) => jobs);
export type Limits = z.output<typeof limitsAnswer>;

// --- a forecast's file: five tables ----------------------------------------------------------------

/** One person in one role; a person with two roles is two users. */
const user = z.object({
  /** `<clari user id>:<role id>` */
  userId: z.string(),
  name: text,
  email: text,
  crmId: text,
  /** `{ userId, userType }`, the same as a JSON string, or `1905::MGR`. */
  scopeId: z.unknown().optional(),
  hierarchyId: text,
  hierarchyName: text,
  parentHierarchyId: text,
});
export type ForecastUser = z.output<typeof user>;

const field = z.object({ fieldId: z.string(), fieldName: text, fieldType: text });
export type ForecastField = z.output<typeof field>;

const timePeriod = z.object({ timePeriodId: z.string(), startDate: text, endDate: text });
export type TimePeriod = z.output<typeof timePeriod>;

const timeFrame = z.object({ timeFrameId: z.string(), startDate: text, endDate: text });
export type TimeFrame = z.output<typeof timeFrame>;

/** The tables of the file, by name; the entries are read apart. */
export const FORECAST_TABLES = { users: user, fields: field, timePeriods: timePeriod, timeFrames: timeFrame };

export interface ForecastFile {
  readonly entries: readonly Entry[];
  readonly users: readonly ForecastUser[];
  readonly fields: readonly ForecastField[];
  /** At least one. */
  readonly timePeriods: readonly TimePeriod[];
  readonly timeFrames: readonly TimeFrame[];
}
