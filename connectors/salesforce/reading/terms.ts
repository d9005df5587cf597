/** The `terms` dataset: what Commit, the categories and the fields of deals mean in this org, in its own words. */
import type { DatasetProvider, Term } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { Settings } from "../config.ts";
import type { FieldDescribe, ObjectDescribe } from "../shapes.ts";
import { categoryOf } from "./forecast-category.ts";

const LONGEST = 300;

/** Fields that answers are made of, and what of a deal they tell. */
const FIELDS: Readonly<Record<string, string>> = {
  Amount: "What a deal is worth.",
  CloseDate: "Day on which a deal is expected to close.",
  StageName: "How far a deal has come.",
  ForecastCategoryName: "With what certainty a deal is forecast.",
  OwnerId: "Who answers for a deal.",
  NextStep: "What happens next in a deal.",
  LastActivityDate: "Latest day of an event or a finished task.",
  LastStageChangeDate: "Since when a deal stands in its stage.",
};

export const terms: DatasetProvider<SalesforceApi, "terms"> = {
  plan: (_, { api }) =>
    !knowsDeals(api) || api.described("Opportunity")
      ? []
      : [api.planned(api.requests.describe("Opportunity"), "kept for an hour")],

  async read(_, { api, clock }) {
    const { settings } = api;
    const describe = knowsDeals(api) ? await api.describe("Opportunity") : undefined;
    const fields = (describe?.fields ?? []).filter(
      ({ name }) => FIELDS[name] !== undefined && api.mayRead("Opportunity", name),
    );
    const rows = [
      commitTerm(settings),
      currencyTerm(describe, settings),
      ...fields.map(fieldTerm),
      ...fields
        .filter(({ name }) => name === "ForecastCategoryName")
        .flatMap((one) => categoryTerms(one, settings)),
    ];
    const at = describe ? api.describedAt("Opportunity") : undefined;
    return { rows: rows.map(short), asOf: new Date(at ?? clock.now()).toISOString() };
  },
};

const knowsDeals = (api: SalesforceApi): boolean => api.mayRead("Opportunity", "Id");

const commitTerm = ({ commitStageName }: Settings): Term =>
  commitStageName === undefined
    ? {
        term: "Commit",
        meaning: "Deals whose forecast category is Commit.",
        field: "Opportunity.ForecastCategoryName",
      }
    : { term: "Commit", meaning: `Deals in the stage ${commitStageName}.`, field: "Opportunity.StageName" };

/** Salesforce tells the currency of deals only where there are several. */
const currencyTerm = (describe: ObjectDescribe | undefined, { currency }: Settings): Term => {
  const hasSeveral = describe?.fields.some(({ name }) => name === "CurrencyIsoCode") === true;
  const corporate = currency === undefined ? "the org's corporate currency" : currency;
  return {
    term: "Currency",
    meaning: hasSeveral
      ? `Each deal has its own; sums over several are in ${corporate}.`
      : `Amounts are in ${corporate}.`,
    field: hasSeveral ? "Opportunity.CurrencyIsoCode" : null,
  };
};

const fieldTerm = (field: FieldDescribe): Term => ({
  term: field.label || field.name,
  meaning: [
    FIELDS[field.name],
    field.inlineHelpText,
    field.name === "StageName" ? `Stages: ${valuesOf(field).join(", ")}.` : undefined,
  ]
    .filter((part) => part)
    .join(" "),
  field: `Opportunity.${field.name}`,
});

const categoryTerms = (field: FieldDescribe, settings: Settings): Term[] =>
  valuesOf(field).map((word) => ({
    term: word,
    meaning: `Forecast category; in answers ${categoryOf("", word, settings)}.`,
    field: "Opportunity.ForecastCategoryName",
  }));

const valuesOf = ({ picklistValues }: FieldDescribe): string[] =>
  (picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value);

const short = ({ term, meaning, field }: Term): Term => ({ term: cut(term), meaning: cut(meaning), field });

const cut = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
