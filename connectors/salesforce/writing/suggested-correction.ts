/** Which call of our own tools would correct one value of a deal; the answer to `DatasetReading.correct`. */
import { type Correction, type Deal, isHubError, type SuggestedCall } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { wordFor } from "../reading/forecast-category.ts";
import type { FieldDescribe } from "../shapes.ts";
import { type FieldValue, fittingValue } from "./field-value.ts";
import { beyondPolicy, policyOf } from "./write-policy.ts";

const FIELDS: Partial<Readonly<Record<keyof Deal, string>>> = {
  amount: "Amount",
  closeDate: "CloseDate",
  nextStep: "NextStep",
  stage: "StageName",
  category: "ForecastCategoryName",
  ownerId: "OwnerId",
};

interface Wanted {
  readonly field: string;
  /** Undefined: only a person knows. */
  readonly value: FieldValue | undefined;
}

/**
 * Undefined where there is no such column to write, the write policy or the user's rights forbid it, the value
 * does not fit the field, or is there already.
 */
export const suggestedCorrection = (
  deal: Deal,
  correction: Correction<"deals">,
  api: SalesforceApi,
): SuggestedCall | undefined => {
  const wanted = wantedFor(deal, correction, api);
  const field = wanted && fieldOf(wanted.field, api);
  if (!wanted || !field) return undefined;
  const value = writable(deal, wanted, field, api);
  if (value === "refused") return undefined;
  return {
    tool: "salesforce_update_field",
    arguments: {
      object_type: "Opportunity",
      object_id: deal.id,
      field_name: wanted.field,
      ...(value !== undefined && { new_value: value.after }),
      justification: correction.reason,
    },
  };
};

const wantedFor = (
  deal: Deal,
  { column, value }: Correction<"deals">,
  api: SalesforceApi,
): Wanted | undefined => {
  const field = FIELDS[column];
  if (field === undefined) return undefined;
  return column === "category" ? categoryChange(deal, value, api) : { field, value };
};

/**
 * Where a stage means Commit, a deal enters and leaves Commit by its stage; which stage it leaves to, and whether
 * it closed as won, nobody can know from the category.
 */
const categoryChange = (
  deal: Deal,
  category: Correction<"deals">["value"],
  api: SalesforceApi,
): Wanted | undefined => {
  if (category === deal.category) return undefined;
  const { commitStageName } = api.settings;
  if (category === "commit" && commitStageName !== undefined)
    return { field: "StageName", value: commitStageName };
  if (category === "closed" || (deal.category === "commit" && commitStageName !== undefined))
    return { field: "StageName", value: undefined };
  if (category === undefined) return { field: "ForecastCategoryName", value: undefined };
  const words = fieldOf("ForecastCategoryName", api)?.picklistValues ?? [];
  const word = wordFor(
    String(category),
    words.filter(({ active }) => active).map(({ value }) => value),
  );
  return word === undefined ? undefined : { field: "ForecastCategoryName", value: word };
};

/** By what was read with the deals; undefined where the user may not change it. */
const fieldOf = (field: string, api: SalesforceApi): FieldDescribe | undefined => {
  const object = api.described("Opportunity");
  if (!object?.updateable) return undefined;
  return object.fields.find(({ name, updateable }) => name === field && updateable);
};

const writable = (
  deal: Deal,
  { field, value }: Wanted,
  described: FieldDescribe,
  api: SalesforceApi,
): { readonly after: FieldValue } | undefined | "refused" => {
  try {
    const policy = policyOf(api.settings.writable, "Opportunity", field);
    if (value === undefined) return undefined;
    const before = valueIn(deal, field);
    const after = fittingValue(described, value);
    if (after === before) return "refused";
    return beyondPolicy(policy, described, { before: before ?? null, after }) === undefined
      ? { after }
      : "refused";
  } catch (error) {
    if (isHubError(error) && ["forbidden", "invalid_input"].includes(error.code)) return "refused";
    throw error;
  }
};

/** Undefined for the forecast category, whose own word the deal does not keep. */
const valueIn = (deal: Deal, field: string): FieldValue | undefined => {
  const column = (Object.keys(FIELDS) as (keyof Deal)[]).find((name) => FIELDS[name] === field);
  return column === undefined || column === "category" ? undefined : (deal[column] as FieldValue);
};
