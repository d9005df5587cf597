/** What may be written at all: by object, by field, by value. What is not listed is not writable. */
import { z } from "zod";
import { daysBetween, HubError } from "#connector";
import { apiName } from "../params.ts";
import type { FieldDescribe } from "../shapes.ts";
import { type FieldValue, fittingValue } from "./field-value.ts";

const fieldPolicy = z.strictObject({
  maxShiftDays: z
    .int()
    .nonnegative()
    .optional()
    .describe("Dates: how many days earlier or later than the old value."),
  maxChangePercent: z
    .number()
    .nonnegative()
    .optional()
    .describe("Numbers: how much more or less than the old value, in percent of it."),
  allow: z.array(z.string()).optional().describe("Only these values may be written."),
  forbid: z.array(z.string()).optional().describe("These values are never written: Closed Won."),
  confirm: z
    .literal("required")
    .optional()
    .describe("A person must agree, also where writes.confirm is auto or off."),
});

export type FieldPolicy = z.output<typeof fieldPolicy>;

export const writePolicy = z
  .record(apiName, z.record(apiName, fieldPolicy))
  .describe(
    "Fields that may be changed, by object and spelled as in Salesforce, each with its limits ({} for none). Anything not listed is not writable; stages and forecast categories, which decide what counts as closed or committed, are listed only on purpose.",
  );

export type WritePolicy = z.output<typeof writePolicy>;

export const DEFAULT_WRITE_POLICY: WritePolicy = {
  Opportunity: {
    NextStep: {},
    CloseDate: { maxShiftDays: 90 },
    Amount: { maxChangePercent: 25, confirm: "required" },
  },
};

/** @throws HubError `forbidden` with the policy under `writable` when the field is not listed */
export const policyOf = (policy: WritePolicy, object: string, field: string): FieldPolicy => {
  const fields = Object.hasOwn(policy, object) ? policy[object] : undefined;
  if (fields && Object.hasOwn(fields, field)) return fields[field]!;
  throw new HubError("forbidden", `${object}.${field} is not writable through this hub.`, {
    hint: fields
      ? "What is writable, and how far, stands under `writable`."
      : "Writable objects stand under `writable`; names are spelled as there.",
    facts: { writable: fields ?? Object.keys(policy) },
  });
};

/**
 * What of a change goes beyond the policy of its field, in words; undefined when nothing does.
 *
 * @param distance false: how far the value moves does not matter
 */
export const beyondPolicy = (
  policy: FieldPolicy,
  described: FieldDescribe,
  { before, after }: { readonly before: FieldValue; readonly after: FieldValue },
  distance = true,
): string | undefined => {
  const isOneOf = (values: readonly string[]) => {
    const known = new Set(values.map((value) => comparable(value, described)));
    return partsOf(after, described).map((part) => known.has(comparable(part, described)));
  };
  if (policy.forbid && isOneOf(policy.forbid).includes(true)) return "become this value";
  if (policy.allow && isOneOf(policy.allow).includes(false)) return "become another value than those allowed";
  if (!distance) return undefined;

  const { maxShiftDays, maxChangePercent } = policy;
  const days = shiftInDays(before, after);
  if (maxShiftDays !== undefined && days !== undefined && days > maxShiftDays)
    return `move by ${days} days; ${maxShiftDays} are allowed`;
  const percent = changeInPercent(before, after);
  if (maxChangePercent !== undefined && percent !== undefined && percent > maxChangePercent + ROUNDING)
    return `change by ${Math.ceil(percent)} %; ${maxChangePercent} % are allowed`;
  return undefined;
};

/** @throws HubError `forbidden` with the field's policy when the change goes beyond it */
export const refuseBeyondPolicy = (
  policy: FieldPolicy,
  described: FieldDescribe,
  change: { readonly before: FieldValue; readonly after: FieldValue },
): void => {
  const why = beyondPolicy(policy, described, change);
  if (why === undefined) return;
  throw new HubError("forbidden", `The hub's policy does not let ${described.name} ${why}.`, {
    hint: "Nothing was sent. The limits stand under `policy`; a person can make this change in Salesforce.",
    facts: { policy },
  });
};

/** Because the policy says so, or because there is no old value from which a limit could be measured. */
export const needsPerson = (
  { confirm, maxShiftDays, maxChangePercent }: FieldPolicy,
  { before, after }: { readonly before: FieldValue; readonly after: FieldValue },
): boolean =>
  confirm === "required" ||
  (maxShiftDays !== undefined && shiftInDays(before, after) === undefined) ||
  (maxChangePercent !== undefined && changeInPercent(before, after) === undefined);

/** A policy's value as Salesforce would store it, without regard to case; as written where it fits no such field. */
const comparable = (value: string, described: FieldDescribe): string => {
  try {
    return String(fittingValue({ ...described, picklistValues: null }, value)).toLowerCase();
  } catch {
    return value.trim().toLowerCase();
  }
};

/** Of a multi-select each value counts; nothing is the empty text. */
const partsOf = (value: FieldValue, { type }: FieldDescribe): readonly string[] =>
  type === "multipicklist" && typeof value === "string" ? value.split(";") : [String(value ?? "")];

/** 88.2 to 110.25 is 25 %, whatever binary fractions make of it. */
const ROUNDING = 1e-9;

/** Undefined unless both are dates or times. */
const shiftInDays = (before: FieldValue, after: FieldValue): number | undefined => {
  if (typeof before !== "string" || typeof after !== "string") return undefined;
  const days = Math.abs(daysBetween(before.slice(0, 10), after.slice(0, 10)));
  return Number.isNaN(days) ? undefined : days;
};

/** Undefined unless both are numbers and the old one is not 0. */
const changeInPercent = (before: FieldValue, after: FieldValue): number | undefined =>
  typeof before === "number" && typeof after === "number" && before !== 0
    ? (Math.abs(after - before) / Math.abs(before)) * 100
    : undefined;
