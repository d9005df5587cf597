/**
 * What Clari sends, as far as it is used here. Clari's published specification and what clients in
 * production receive differ in their envelopes; both are accepted, everywhere, without a switch.
 */
import { z } from "zod";

const text = z.string().nullish();
const number = z.number().nullish();
const count = z.number().default(0);

const jobId = z.string().regex(/^[\w-]{1,64}$/);

export const submittedAnswer = z.object({ jobId });

const job = z.object({
  jobId,
  /** SCHEDULED, STARTED; DONE; FAILED, CANCELLED, ABORTED. */
  status: z.string(),
  module: text,
  /** Epoch milliseconds, as all times here. */
  startTime: number,
  endTime: number,
  /** `clari_export_<forecastId>_<timePeriod>…` */
  fileName: text,
  rowsTruncated: z.boolean().nullish(),
  cellsTruncated: z.boolean().nullish(),
});
export type Job = z.output<typeof job>;

/** `{ job: {…} }` from the live service, the bare object in the specification. */
export const jobAnswer = z.union([z.object({ job }).transform((answer) => answer.job), job]);
export const jobsAnswer = z.union([
  z.array(job),
  z.object({ jobs: z.array(job) }).transform(({ jobs }) => jobs),
]);

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

/** Which values an entry has depends on the types asked for; the key of `crm_closed` is not documented. */
const entry = z.looseObject({
  userId: z.string(),
  fieldId: z.string(),
  timePeriodId: z.string(),
  timeFrameId: z.string(),
  forecastValue: number,
  quotaValue: number,
  adjustmentValue: number,
  aggregationTotal: number,
  currency: z.union([z.string(), z.object({ code: text })]).nullish(),
  isUpdated: z.boolean().nullish(),
  updatedOn: number,
});
export type Entry = z.output<typeof entry>;

/** One person in one role; a person with two roles is two users. */
const user = z.object({
  /** `<clari user id>:<role id>` */
  userId: z.string(),
  name: text,
  email: text,
  crmId: text,
  /** `{ userId, userType }`, the same as a JSON string, or `1905::MGR`. */
  scopeId: z.unknown(),
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

export const forecastFile = z.object({
  entries: z.array(entry),
  users: z.array(user),
  fields: z.array(field),
  timePeriods: z.array(timePeriod).min(1),
  timeFrames: z.array(timeFrame),
});
export type ForecastFile = z.output<typeof forecastFile>;

// --- opportunities ---------------------------------------------------------------------------------

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const time = z.union([z.number(), z.string()]);

const opportunity = z.object({
  id: z.string(),
  crmScore: z.object({ score: number, message: text }).nullish(),
  fields: z
    .array(
      z.object({
        /** `amount` or `opportunity.amount`: a lower-cased Salesforce field name. */
        id: z.string(),
        alias: text,
        value: value.optional().catch(undefined),
        trendHistory: z
          .array(z.object({ oldValue: value.optional(), newValue: value.optional(), date: time }))
          .nullish(),
      }),
    )
    .nullish()
    .transform((fields) => fields ?? []),
});
export type Opportunity = z.output<typeof opportunity>;

export const opportunitiesAnswer = z.union([
  z.array(opportunity),
  z.object({ opportunities: z.array(opportunity) }).transform(({ opportunities }) => opportunities),
]);
