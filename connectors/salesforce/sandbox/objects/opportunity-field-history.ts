import type { FieldChange } from "#sandbox/company/types.ts";
import { toId18 } from "../ids.ts";
import { fieldsOf } from "../schema/field.ts";
import { sobject, wholeSeconds } from "../schema/sobject.ts";

interface HistoryRow {
  readonly id: string;
  readonly change: FieldChange;
  readonly before: string | number | null;
  readonly after: string | number | null;
}

const DATA_TYPE: Readonly<Record<FieldChange["field"], string>> = {
  StageName: "DynamicEnum",
  Amount: "Currency",
  CloseDate: "DateOnly",
  OwnerId: "EntityId",
  NextStep: "Text",
};

const field = fieldsOf<HistoryRow>(({ id }) => id);

/** History of the tracked fields. Rows cannot be filtered by their values, and never change. */
export const opportunityFieldHistoryObject = sobject<HistoryRow>({
  name: "OpportunityFieldHistory",
  label: "Opportunity Field History",
  labelPlural: "Opportunity Field History",
  keyPrefix: "017",
  fields: [
    field.id("id"),
    field.flag("IsDeleted", "Deleted", () => false, { defaulted: true }),
    field.reference("OpportunityId", "Opportunity ID", "Opportunity", ({ change }) => change.dealId, {
      defaulted: true,
      children: { Opportunity: "Histories" },
    }),
    field.reference("CreatedById", "Created By ID", "User", ({ change }) => change.byId, { defaulted: true }),
    field.dateTime("CreatedDate", "Created Date", ({ change }) => wholeSeconds(change.at), {
      defaulted: true,
    }),
    // A change of owner is filed under the relationship's name.
    field.picklist(
      "Field",
      "Changed Field",
      ["StageName", "Amount", "CloseDate", "Owner", "NextStep"],
      ({ change }) => (change.field === "OwnerId" ? "Owner" : change.field),
    ),
    field.text("DataType", "Data Type", 40, ({ change }) => DATA_TYPE[change.field]),
    field.any("OldValue", "Old Value", (row) => row.before),
    field.any("NewValue", "New Value", (row) => row.after),
  ],
  rows: (world) =>
    world.derive("OpportunityFieldHistory", () => {
      const names = new Map(world.company.people.map(({ id, name }) => [id, name]));
      const nameOf = (id: string | number | null) => (id === null ? null : (names.get(String(id)) ?? null));
      return world.company.fieldChanges.flatMap((change) => {
        const row = { id: change.id, change, before: change.oldValue, after: change.newValue };
        if (change.field !== "OwnerId") return [row];
        // Salesforce writes a change of a lookup twice: once with the names, once with the ids.
        const named = { ...row, id: twinOf(change.id), before: nameOf(row.before), after: nameOf(row.after) };
        return [named, row];
      });
    }),
});

/** The id of the row with the names: as the row with the ids, on another instance. */
const twinOf = (id: string): string => toId18(`017Kx00002${id.slice(10, 15)}`) ?? id;
