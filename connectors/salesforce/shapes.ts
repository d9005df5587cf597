/** What we read of Salesforce's answers, checked; everything else in them is ignored. */

import { z } from "zod";
import { HubError } from "#connector";

/** Checked and not copied: pages hold thousands. */
const record = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object",
);

export const queryAnswer = z.object({
  /** Rows of the query, with its LIMIT; for COUNT() the count. */
  totalSize: z.int(),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(record),
});

export const compositeAnswer = z.object({
  compositeResponse: z.array(
    z.object({ referenceId: z.string(), httpStatusCode: z.int(), body: z.unknown() }),
  ),
});

const fieldDescribe = z.object({
  name: z.string(),
  type: z.string(),
  /** Characters; 0 for types without a length. */
  length: z.int(),
  /** All digits of a number, and those after the point. */
  precision: z.int(),
  scale: z.int(),
  nillable: z.boolean(),
  createable: z.boolean(),
  updateable: z.boolean(),
  picklistValues: z.array(z.object({ active: z.boolean(), value: z.string() })).nullish(),
  label: z.string().nullish(),
  /** What an administrator wrote for people who fill it in. */
  inlineHelpText: z.string().nullish(),
  defaultedOnCreate: z.boolean().optional(),
  filterable: z.boolean().optional(),
  calculated: z.boolean().optional(),
  unique: z.boolean().optional(),
  externalId: z.boolean().optional(),
  /** Whether other values than those listed are refused. */
  restrictedPicklist: z.boolean().optional(),
  referenceTo: z.array(z.string()).nullish(),
  relationshipName: z.string().nullish(),
});

const childRelationship = z.object({
  childSObject: z.string(),
  field: z.string(),
  relationshipName: z.string().nullable(),
});

const recordTypeInfo = z.object({
  recordTypeId: z.string(),
  name: z.string(),
  developerName: z.string().nullish(),
  active: z.boolean(),
  available: z.boolean(),
  master: z.boolean(),
});

/** Fields hidden from the user are absent, as Salesforce leaves them out. */
export const objectDescribe = z.object({
  name: z.string(),
  keyPrefix: z.string().nullable(),
  createable: z.boolean(),
  updateable: z.boolean(),
  deletable: z.boolean(),
  fields: z.array(fieldDescribe),
  label: z.string().nullish(),
  childRelationships: z.array(childRelationship).optional(),
  recordTypeInfos: z.array(recordTypeInfo).optional(),
});

export const picklistAnswer = z.object({ values: z.array(z.object({ value: z.string() })) });
export const versionsAnswer = z.array(z.object({ version: z.string().regex(/^\d{1,3}\.\d$/) }));
export const recordAnswer = record;
export const createAnswer = z.object({ id: z.string() });
export const userInfoAnswer = z.object({ preferred_username: z.string() });

export type QueryAnswer = z.output<typeof queryAnswer>;
export type FieldDescribe = z.output<typeof fieldDescribe>;
export type ObjectDescribe = z.output<typeof objectDescribe>;
export type SalesforceRecord = z.output<typeof record>;

/** Throws `vendor_malformed` for an answer of another shape, and says where it differs. */
export const shaped = <S extends z.ZodType>(schema: S, answer: unknown): z.output<S> => {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HubError(
    "vendor_malformed",
    "Salesforce sent an answer of an unknown shape; nothing of it was used.",
    {
      cause: new Error(`${issue?.path.join(".")}: ${issue?.message}`),
    },
  );
};
