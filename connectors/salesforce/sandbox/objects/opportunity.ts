import { type Deal, STAGES } from "#sandbox/company/types.ts";
import { dateOfTime } from "../calendar.ts";
import { recordTypeIdOf } from "../record-types.ts";
import { extra, fieldsOf } from "../schema/field.ts";
import { type SavedChange, sobject, systemFields } from "../schema/sobject.ts";
import type { World } from "../world.ts";
import { LEAD_SOURCES } from "./imported.ts";

/** ForecastCategoryName is what people see; ForecastCategory is the enum behind it: Commit is `Forecast`. */
export const FORECAST_CATEGORY: Readonly<Record<string, string>> = {
  Omitted: "Omitted",
  Pipeline: "Pipeline",
  "Best Case": "BestCase",
  Commit: "Forecast",
  Closed: "Closed",
};

const STAGE = new Map(STAGES.map((stage) => [stage.name as string, stage]));
const stageOf = (deal: Deal) => STAGE.get(deal.stage) ?? STAGES[0];
const dealId = ({ id }: Deal) => id;

/** Deals keep only their present owner; the history knows the first. */
const firstOwner = (deal: Deal, world: World): string =>
  world
    .derive("Opportunity.CreatedById", () => {
      const first = new Map<string, string>();
      for (const { dealId: id, field, oldValue } of world.company.fieldChanges)
        if (field === "OwnerId" && oldValue !== null && !first.has(id)) first.set(id, String(oldValue));
      return first;
    })
    .get(deal.id) ?? deal.ownerId;

/** How often the close date moved into a later month. */
const pushCount = (deal: Deal, world: World): number =>
  world
    .derive("Opportunity.PushCount", () => {
      const pushes = new Map<string, number>();
      for (const { dealId: id, field, oldValue, newValue } of world.company.fieldChanges)
        if (field === "CloseDate" && String(newValue).slice(0, 7) > String(oldValue).slice(0, 7))
          pushes.set(id, (pushes.get(id) ?? 0) + 1);
      return pushes;
    })
    .get(deal.id) ?? 0;

const openTasks = (world: World) =>
  world.derive("Opportunity.openTasks", () => {
    const today = dateOfTime(world.now());
    const open = new Set<string>();
    const overdue = new Set<string>();
    for (const task of world.company.tasks) {
      if (task.isClosed || !task.whatId) continue;
      open.add(task.whatId);
      if (task.activityDate && task.activityDate < today) overdue.add(task.whatId);
    }
    for (const event of world.company.events)
      if (event.whatId && event.activityDate >= today) open.add(event.whatId);
    return { open, overdue };
  });

const probability = (deal: Deal, world: World) =>
  Number(world.extra(deal.id, "Probability") ?? stageOf(deal).probability);
const categoryName = (deal: Deal, world: World) =>
  String(world.extra(deal.id, "ForecastCategoryName") ?? stageOf(deal).category);
const quarterOf = (date: string) => Math.ceil(Number(date.slice(5, 7)) / 3);

const opportunity = fieldsOf<Deal>(dealId);

/** Company field of each tracked Salesforce field: Salesforce writes history for these. */
const TRACKED = {
  StageName: "StageName",
  Amount: "Amount",
  CloseDate: "CloseDate",
  OwnerId: "OwnerId",
  NextStep: "NextStep",
} as const;

const saved = (deal: Deal, changed: readonly SavedChange[], byId: string, world: World) => {
  const at = world.now();
  world.assign(deal, { lastModifiedAt: at, lastModifiedById: byId });
  for (const { field, before, after } of changed) {
    const tracked = TRACKED[field as keyof typeof TRACKED];
    if (tracked)
      world.push(world.company.fieldChanges, {
        id: world.newId("017"),
        dealId: deal.id,
        field: tracked,
        oldValue: before as string | number | null,
        newValue: after as string | number | null,
        at,
        byId,
      });
  }
  if (!changed.some(({ field }) => field === "StageName")) return;
  world.assign(deal, { lastStageChangeAt: at });
  // A new stage brings its own probability and forecast category, unless the same write set them.
  for (const field of ["Probability", "ForecastCategoryName"])
    if (!changed.some((change) => change.field === field)) world.setExtra(deal.id, field, undefined);
};

export const opportunityObject = sobject<Deal>({
  name: "Opportunity",
  label: "Opportunity",
  labelPlural: "Opportunities",
  keyPrefix: "006",
  fields: [
    opportunity.id("id"),
    opportunity.reference("AccountId", "Account ID", "Account", "accountId", {
      children: { Account: "Opportunities" },
    }),
    opportunity.flag("IsPrivate", "Private", extra(false), { defaulted: true }),
    opportunity.text("Name", "Name", 120, "name", { required: true, nameField: true }),
    opportunity.textarea("Description", "Description", 32_000, "description"),
    opportunity.picklist(
      "StageName",
      "Stage",
      STAGES.map(({ name }) => name),
      "stage",
      {
        required: true,
        restricted: true,
      },
    ),
    opportunity.money("Amount", "Amount", "amount", {
      help: "First-year recurring revenue, without services.",
    }),
    opportunity.percent(
      "Probability",
      "Probability (%)",
      extra((deal) => stageOf(deal).probability),
    ),
    opportunity.money("ExpectedRevenue", "Expected Amount", (deal, world) =>
      deal.amount === null ? null : (deal.amount * probability(deal, world)) / 100,
    ),
    opportunity.date("CloseDate", "Close Date", "closeDate", { required: true }),
    opportunity.picklist(
      "Type",
      "Opportunity Type",
      ["New Business", "Existing Business", "Renewal", "Expansion"],
      "type",
    ),
    opportunity.text("NextStep", "Next Step", 255, "nextStep", {
      help: "What the customer does next, and by when. Update it after every meeting.",
    }),
    opportunity.picklist("LeadSource", "Lead Source", LEAD_SOURCES, "leadSource"),
    opportunity.flag("IsClosed", "Closed", (deal) => stageOf(deal).closed, { defaulted: true }),
    opportunity.flag("IsWon", "Won", (deal) => stageOf(deal).won, { defaulted: true }),
    opportunity.picklist(
      "ForecastCategory",
      "Forecast Category",
      Object.values(FORECAST_CATEGORY),
      (deal, world) => FORECAST_CATEGORY[categoryName(deal, world)] ?? "Pipeline",
      { restricted: true },
    ),
    opportunity.picklist(
      "ForecastCategoryName",
      "Forecast Category",
      Object.keys(FORECAST_CATEGORY),
      extra((deal) => stageOf(deal).category),
      { restricted: true },
    ),
    opportunity.reference("OwnerId", "Owner ID", "User", "ownerId", { defaulted: true }),
    opportunity.picklist("Competitors__c", "Competitors", ["Gong", "HubSpot", "Incumbent", "None"], extra(), {
      multi: true,
    }),
    opportunity.date("LastActivityDate", "Last Activity", "lastActivityDate", { writable: "never" }),
    opportunity.integer("PushCount", "Push Count", pushCount),
    opportunity.dateTime("LastStageChangeDate", "Last Stage Change Date", (deal) =>
      deal.lastStageChangeAt === null ? null : Math.floor(deal.lastStageChangeAt / 1000) * 1000,
    ),
    opportunity.integer("FiscalQuarter", "Fiscal Quarter", (deal) => quarterOf(deal.closeDate)),
    opportunity.integer("FiscalYear", "Fiscal Year", (deal) => Number(deal.closeDate.slice(0, 4))),
    opportunity.text(
      "Fiscal",
      "Fiscal Period",
      6,
      (deal) => `${deal.closeDate.slice(0, 4)} ${quarterOf(deal.closeDate)}`,
    ),
    opportunity.flag("HasOpenActivity", "Has Open Activity", (deal, world) =>
      openTasks(world).open.has(deal.id),
    ),
    opportunity.flag("HasOverdueTask", "Has Overdue Task", (deal, world) =>
      openTasks(world).overdue.has(deal.id),
    ),
    opportunity.reference("RecordTypeId", "Record Type ID", "RecordType", recordTypeIdOf, {
      defaulted: true,
    }),
    opportunity.text("CurrencyIsoCode", "Opportunity Currency", 3, "currency"),
    ...systemFields(dealId, {
      createdAt: (deal) => deal.createdAt,
      createdBy: firstOwner,
      modifiedAt: (deal) => deal.lastModifiedAt,
      modifiedBy: (deal) => deal.lastModifiedById,
    }),
  ],
  rows: (world) => world.company.deals,
  create: (world, id, byId) => {
    const at = world.now();
    const row: Deal = {
      id,
      name: "",
      accountId: null,
      ownerId: byId,
      stage: "Prospecting",
      amount: null,
      currency: world.company.currency,
      closeDate: dateOfTime(at),
      type: null,
      leadSource: null,
      nextStep: null,
      description: null,
      createdAt: at,
      lastModifiedAt: at,
      lastModifiedById: byId,
      lastStageChangeAt: null,
      lastActivityDate: null,
      // Clari learns of it with its next sync and scores it later.
      inClari: true,
      score: null,
      scoreMessage: null,
    };
    world.push(world.company.deals, row);
    return row;
  },
  saved,
});
