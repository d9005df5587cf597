import type { CalendarEvent } from "#sandbox/company/types.ts";
import { DAY, dateOfTime } from "../calendar.ts";
import { extra, fieldsOf } from "../schema/field.ts";
import { sobject, systemFields, wholeSeconds } from "../schema/sobject.ts";
import { accountOfActivity, isArchived, WHAT, WHO } from "./activity.ts";

const rowId = ({ id }: CalendarEvent) => id;
const field = fieldsOf<CalendarEvent>(rowId);
const endAt = (event: CalendarEvent) => wholeSeconds(event.startAt + event.durationMinutes * 60_000);

/** Meetings are put in the calendar a week ahead; none lies in the future of the org. */
const createdAt = (event: CalendarEvent, madeAt: number) => Math.min(event.startAt - 7 * DAY, madeAt);

export const eventObject = sobject<CalendarEvent>({
  name: "Event",
  label: "Event",
  labelPlural: "Events",
  keyPrefix: "00U",
  fields: [
    field.id("id"),
    field.reference("WhoId", "Contact/Lead ID", WHO, "whoId", {
      children: { Contact: "Events", Lead: "Events" },
    }),
    field.reference("WhatId", "Opportunity/Account ID", WHAT, "whatId", {
      children: { Account: "Events", Opportunity: "Events" },
    }),
    field.text("Subject", "Subject", 255, "subject", { nameField: true }),
    field.text("Location", "Location", 255, extra()),
    field.flag("IsAllDayEvent", "All-Day Event", () => false, { defaulted: true }),
    field.dateTime("ActivityDateTime", "Due Date Time", (event) => wholeSeconds(event.startAt)),
    field.date("ActivityDate", "Due Date Only", "activityDate", { writable: "never" }),
    field.integer("DurationInMinutes", "Duration", "durationMinutes"),
    field.dateTime("StartDateTime", "Start Date Time", "startAt", { required: true }),
    field.dateTime("EndDateTime", "End Date Time", endAt),
    field.date("EndDate", "End Date", (event) => dateOfTime(endAt(event))),
    field.textarea("Description", "Description", 32_000, "description"),
    field.reference("AccountId", "Account ID", "Account", "accountId", { writable: "never" }),
    field.reference("OwnerId", "Assigned To ID", ["User"], "ownerId", { defaulted: true }),
    field.picklist("ShowAs", "Show Time As", ["Busy", "OutOfOffice", "Free"], extra("Busy")),
    field.flag("IsPrivate", "Private", () => false, { defaulted: true }),
    field.flag("IsChild", "Is Child", () => false, { defaulted: true }),
    field.flag("IsArchived", "Archived", (event, world) => isArchived(event.activityDate, world), {
      defaulted: true,
    }),
    field.picklist("EventSubtype", "Event Subtype", ["Event"], () => "Event"),
    ...systemFields(rowId, {
      createdAt: (event, world) => createdAt(event, world.company.madeAt),
      createdBy: (event) => event.ownerId,
      modifiedAt: (event, world) =>
        Number(world.extra(event.id, "LastModifiedDate") ?? createdAt(event, world.company.madeAt)),
      modifiedBy: (event, world) => String(world.extra(event.id, "LastModifiedById") ?? event.ownerId),
    }),
  ],
  rows: (world) => world.company.events,
  create: (world, id, byId) => {
    const startAt = world.now();
    const row: CalendarEvent = {
      id,
      subject: "",
      ownerId: byId,
      whoId: null,
      whatId: null,
      accountId: null,
      activityDate: dateOfTime(startAt),
      startAt,
      durationMinutes: 60,
      description: null,
    };
    world.push(world.company.events, row);
    return row;
  },
  saved: (row, _changed, byId, world) => {
    world.assign<CalendarEvent>(row, {
      activityDate: dateOfTime(row.startAt),
      accountId: accountOfActivity(row, world),
    });
    world.setExtra(row.id, "LastModifiedDate", world.now());
    world.setExtra(row.id, "LastModifiedById", byId);
  },
  archived: (row, world) => isArchived(row.activityDate, world),
});
