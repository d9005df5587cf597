/**
 * What Clari sends, as far as it is used here. Clari's published specification and what clients in
 * production receive differ in their envelopes; both are accepted, everywhere, without a switch.
 */
import { z } from "zod";
import { timeOf } from "./values.ts";

const text = z.string().nullish();
const number = z.number().nullish();
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

/** What one person calls in one field and week; which values there are depends on the types asked for. */
export interface Entry {
  readonly userId: string;
  readonly fieldId: string;
  readonly timePeriodId: string;
  readonly timeFrameId: string;
  readonly forecastValue?: number;
  readonly quotaValue?: number;
  readonly adjustmentValue?: number;
  readonly aggregationTotal?: number;
  /** Under a key that is not documented. */
  readonly closedValue?: number;
  /** ISO code of the amounts. */
  readonly currency?: string;
  readonly updatedOn?: number;
}

/** `aggregationClosed` or `crmClosed`, but not `closedOn` or `closedBy`. */
const CLOSED = /closed$|^aggregation.*closed/i;

const closedIn = (values: Readonly<Record<string, unknown>>): number | undefined => {
  for (const [key, value] of Object.entries(values))
    if (CLOSED.test(key) && typeof value === "number") return value;
  return undefined;
};

const entry = z
  .looseObject({
    userId: z.string(),
    fieldId: z.string(),
    timePeriodId: z.string(),
    timeFrameId: z.string(),
    forecastValue: number,
    quotaValue: number,
    adjustmentValue: number,
    aggregationTotal: number,
    currency: z.union([z.string(), z.object({ code: text })]).nullish(),
    updatedOn: time,
  })
  .transform((sent): Entry => {
    const { userId, fieldId, timePeriodId, timeFrameId, currency, updatedOn } = sent;
    const closedValue = closedIn(sent);
    const code = typeof currency === "string" ? currency : currency?.code;
    return {
      userId,
      fieldId,
      timePeriodId,
      timeFrameId,
      ...(typeof sent.forecastValue === "number" && { forecastValue: sent.forecastValue }),
      ...(typeof sent.quotaValue === "number" && { quotaValue: sent.quotaValue }),
      ...(typeof sent.adjustmentValue === "number" && { adjustmentValue: sent.adjustmentValue }),
      ...(typeof sent.aggregationTotal === "number" && { aggregationTotal: sent.aggregationTotal }),
      ...(closedValue !== undefined && { closedValue }),
      ...(code && { currency: code }),
      ...(updatedOn !== undefined && { updatedOn }),
    };
  });

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

/** The tables of the file, by name. */
export const FORECAST_TABLES = {
  entries: entry,
  users: user,
  fields: field,
  timePeriods: timePeriod,
  timeFrames: timeFrame,
};

export interface ForecastFile {
  readonly entries: readonly Entry[];
  readonly users: readonly ForecastUser[];
  readonly fields: readonly ForecastField[];
  /** At least one. */
  readonly timePeriods: readonly TimePeriod[];
  readonly timeFrames: readonly TimeFrame[];
}
