import { STAGES } from "#sandbox/company/types.ts";
import { makeId } from "../ids.ts";
import { fieldsOf } from "../schema/field.ts";
import { sobject } from "../schema/sobject.ts";
import { FORECAST_CATEGORY } from "./opportunity.ts";

interface StageRow {
  readonly id: string;
  readonly stage: (typeof STAGES)[number];
  readonly order: number;
}

const field = fieldsOf<StageRow>(({ id }) => id);

export const opportunityStageObject = sobject<StageRow>({
  name: "OpportunityStage",
  label: "Opportunity Stage",
  labelPlural: "Opportunity Stages",
  keyPrefix: "01J",
  fields: [
    field.id((row) => row.id),
    field.text("MasterLabel", "Master Label", 255, ({ stage }) => stage.name, { nameField: true }),
    field.text("ApiName", "API Name", 255, ({ stage }) => stage.name),
    field.flag("IsActive", "Is Active", () => true),
    field.integer("SortOrder", "Sort Order", (row) => row.order),
    field.flag("IsClosed", "Closed", ({ stage }) => stage.closed),
    field.flag("IsWon", "Won", ({ stage }) => stage.won),
    field.picklist(
      "ForecastCategory",
      "Forecast Category",
      Object.values(FORECAST_CATEGORY),
      ({ stage }) => FORECAST_CATEGORY[stage.category]!,
    ),
    field.picklist(
      "ForecastCategoryName",
      "Forecast Category Name",
      Object.keys(FORECAST_CATEGORY),
      ({ stage }) => stage.category,
    ),
    field.percent("DefaultProbability", "Probability (%)", ({ stage }) => stage.probability),
  ],
  rows: (world) =>
    world.derive("OpportunityStage", () =>
      STAGES.map((stage, index) => ({ id: makeId("01J", index + 1), stage, order: index + 1 })),
    ),
});
