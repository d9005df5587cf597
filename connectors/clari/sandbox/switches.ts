/** How this Clari behaves. Its published specification and the clients in production disagree: both are here. */
import { z } from "zod";

const positive = z.number().int().min(1);
const natural = z.number().int().min(0);

const switchesSchema = z.strictObject({
  /** `{"job":{…}}` as clients see it, or the bare object of the specification. */
  jobEnvelope: z.enum(["job", "bare"]),
  /** The specification shows a bare array; a wrapped list is possible by analogy. */
  jobListEnvelope: z.enum(["bare", "jobs"]),
  opportunityEnvelope: z.enum(["opportunities", "bare"]),
  /** `amount`, or `opportunity.amount` as in the specification's example. */
  opportunityFieldIds: z.enum(["plain", "prefixed"]),
  /** Leaves crmScore out, so that only the field `clari.score` says how a deal is doing. */
  omitCrmScore: z.boolean(),
  eventTimestamp: z.enum(["epoch", "iso"]),
  /** The order of audit events is not documented; `none` mixes them. */
  auditOrder: z.enum(["newest-first", "none"]),
  /** Milliseconds as in the specification's schema, or text as in its example. */
  activityDate: z.enum(["number", "text"]),
  /** Whether exports take `crm_total` and `crm_closed`. */
  crmTypes: z.enum(["accept", "type_not_supported"]),
  /** The synchronous `GET /forecast/{id}`, in use but no longer documented. */
  legacyForecastGet: z.boolean(),
  /** Whether a 429 carries Retry-After; `sometimes` is every second one, the first without. */
  retryAfter: z.enum(["always", "sometimes", "never"]),
  /** Requests one token may make in one second; null: any number. */
  requestsPerSecond: positive.nullable(),
  /** Adds the pipeline events that third-party documents promise and no known Clari has sent. */
  sourceDocumentEventNames: z.boolean(),
  /** Other names for audit events, by the name the company data has. Only `api.accessed` is attested. */
  eventNames: z.record(z.string(), z.string()),
  /** Serves `/v5/*` as `/v4/*`. */
  serveV5Alias: z.boolean(),
  limits: z.strictObject({ concurrentLimit: natural, monthlyQuota: natural }),
  /** Milliseconds in SCHEDULED (when the job has to wait) and in STARTED. */
  jobDurationMs: z.strictObject({ scheduled: natural, started: natural }),
  /** False: also a job that meets nobody passes through SCHEDULED. */
  startAtOnce: z.boolean(),
  /** What becomes of the next job submitted; used up by it. */
  nextJob: z.enum(["fail", "stall", "truncate", "truncate-cells"]).nullable(),
  /** Shows the token's user, who calls nothing, in forecasts of the whole company: above or beside its top. */
  integrationUser: z.enum(["above", "beside"]).nullable(),
  /** Leaves the table of weeks in forecast results empty. */
  omitTimeFrames: z.boolean(),
  /** Fills forecast results with further fields up to so many bytes, and streams them. Null: not. */
  padEntriesTo: positive.nullable(),
});

export type Switches = z.output<typeof switchesSchema>;
export type Dialect = "live" | "spec";

const COMMON = {
  jobListEnvelope: "bare",
  auditOrder: "newest-first",
  omitCrmScore: false,
  requestsPerSecond: null,
  sourceDocumentEventNames: false,
  eventNames: {},
  serveV5Alias: false,
  limits: { concurrentLimit: 3, monthlyQuota: 1000 },
  jobDurationMs: { scheduled: 1000, started: 5000 },
  startAtOnce: true,
  nextJob: null,
  integrationUser: null,
  omitTimeFrames: false,
  padEntriesTo: null,
} as const;

const DIALECTS = {
  live: {
    jobEnvelope: "job",
    opportunityEnvelope: "opportunities",
    opportunityFieldIds: "plain",
    eventTimestamp: "epoch",
    activityDate: "number",
    crmTypes: "accept",
    legacyForecastGet: true,
    retryAfter: "sometimes",
  },
  spec: {
    jobEnvelope: "bare",
    opportunityEnvelope: "bare",
    opportunityFieldIds: "prefixed",
    eventTimestamp: "iso",
    activityDate: "text",
    crmTypes: "type_not_supported",
    legacyForecastGet: false,
    retryAfter: "never",
  },
} as const;

export const initialSwitches = (): Switches => ({ ...COMMON, ...DIALECTS.live });

const inputSchema = switchesSchema.partial().extend({
  dialect: z.enum(["live", "spec"]).optional(),
  limits: switchesSchema.shape.limits.partial().optional(),
  jobDurationMs: switchesSchema.shape.jobDurationMs.partial().optional(),
});

/**
 * The switches after `input`: first the dialect, if one is named, then each switch given.
 * @throws RangeError that names what is unknown or out of range
 */
export const switchesAfter = (now: Switches, input: Record<string, unknown>): Switches => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) throw new RangeError(z.prettifyError(parsed.error));
  const { dialect, limits, jobDurationMs, ...rest } = parsed.data;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return switchesSchema.parse({
    ...now,
    ...(dialect && DIALECTS[dialect]),
    ...given,
    limits: { ...now.limits, ...limits },
    jobDurationMs: { ...now.jobDurationMs, ...jobDurationMs },
  });
};
