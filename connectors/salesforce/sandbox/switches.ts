/** How a test bends the org: `POST /__sandbox/config`. A reset puts every switch back. */
import { z } from "zod";

const fieldNames = z.array(z.string().regex(/^\w+\.\w+$/, "Object.Field"));

const switchesSchema = z.strictObject({
  /** Fields each user's profile hides: `Opportunity.Amount`. */
  hiddenFields: z
    .strictObject({ integration: fieldNames, restricted: fieldNames, noAudit: fieldNames })
    .partial(),
  /** Objects that the integration user may not see: `OpportunityFieldHistory`. */
  hiddenObjects: z.array(z.string()),
  /** Accept WITH SECURITY_ENFORCED and USER_MODE; what the real REST API does is not documented. */
  acceptWithClause: z.boolean(),
  /** Whether the org has Cleanup_Audit__c. */
  auditObject: z.boolean(),
  /** Whether it has the fields that an audit object may have beyond what it must. */
  auditOptionalFields: z.boolean(),
  /** What the integration user may do with audit rows; `full` adds edit and delete. */
  auditAccess: z.enum(["create-read", "create-read-edit", "create-read-delete", "full", "none"]),
  /** Every insert of an audit row is refused by a validation rule. */
  failAuditInsert: z.boolean(),
  /** Every write to this object is refused so. */
  rejectWrites: z
    .strictObject({
      object: z.string(),
      errorCode: z.string(),
      message: z.string(),
      fields: z.array(z.string()).default([]),
    })
    .nullable(),
  /** What Sforce-Limit-Info counts; used ≥ limit refuses every call. */
  apiUsage: z.strictObject({ used: z.int().min(0), limit: z.int().min(1) }),
  /** What it counts for the client's app beside the org; null: nothing. */
  perAppUsage: z
    .strictObject({ used: z.int().min(0), limit: z.int().min(1), app: z.string().min(1) })
    .nullable(),
  /** Rows per page of /query; a client can only ask for fewer. Real orgs never go below 200 when asked. */
  batchSize: z.int().min(1).max(2000),
  /** Runs members of a composite last to first, where none uses another's answer: API 67 promises no order. */
  reorderSubrequests: z.boolean(),
  /** Whether opportunities are of record types, with values of their own for picklists. */
  recordTypes: z.boolean(),
  /** Whether CurrencyIsoCode exists. */
  multiCurrency: z.boolean(),
  /** Whether Notes are enabled in Setup; without, there is no ContentNote. */
  notes: z.boolean(),
  /** Every call is answered with 401, whatever its token. */
  refuseSessions: z.boolean(),
  /** Every token request is refused so: `{ error: "invalid_grant", description: "…" }`. */
  refuseTokens: z.strictObject({ error: z.string(), description: z.string() }).nullable(),
  /** The callback registered for the client app; `*` stands for any port. */
  callbackUrl: z
    .string()
    .regex(/^https?:\/\/[^*]+(:\*\/[^*]*)?$/, "a URL, with * for its port if any will do"),
  /** The person at the authorization page clicks Deny. */
  denyAuthorization: z.boolean(),
  /** Whether each refresh gives a new refresh token and kills the old one. */
  tokenRotation: z.boolean(),
  /** Seconds an access token from the token endpoint lives; null: for ever. */
  accessTokenTtl: z.number().positive().nullable(),
  /** Whether a run-as user is set for client_credentials. */
  clientCredentialsUser: z.boolean(),
  /** PEM of the certificate's public key for JWT bearer; null: none is registered. */
  jwtPublicKey: z.string().nullable(),
});

export type Switches = z.output<typeof switchesSchema>;

export const DEFAULT_SWITCHES: Switches = {
  hiddenFields: { restricted: ["Opportunity.Amount", "Opportunity.ExpectedRevenue", "Account.Industry"] },
  hiddenObjects: [],
  acceptWithClause: false,
  auditObject: true,
  auditOptionalFields: true,
  auditAccess: "create-read",
  failAuditInsert: false,
  rejectWrites: null,
  apiUsage: { used: 0, limit: 15_000 },
  perAppUsage: null,
  batchSize: 2000,
  reorderSubrequests: false,
  recordTypes: false,
  multiCurrency: false,
  notes: true,
  refuseSessions: false,
  refuseTokens: null,
  callbackUrl: "http://localhost:*/callback",
  denyAuthorization: false,
  tokenRotation: false,
  accessTokenTtl: null,
  clientCredentialsUser: true,
  jwtPublicKey: null,
};

/** Throws a RangeError that names what it does not know. */
export const readSwitches = (input: Record<string, unknown>): Partial<Switches> => {
  const read = switchesSchema.partial().safeParse(input);
  if (read.success) return read.data as Partial<Switches>;
  throw new RangeError(
    read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
};
