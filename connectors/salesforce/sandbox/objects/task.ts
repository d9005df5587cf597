import type { Task } from "#sandbox/company/types.ts";
import { extra, fieldsOf } from "../schema/field.ts";
import { sobject, systemFields } from "../schema/sobject.ts";
import { accountOfActivity, isArchived, WHAT, WHO } from "./activity.ts";

const STATUSES = ["Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"];

const rowId = ({ id }: Task) => id;
const field = fieldsOf<Task>(rowId);

export const taskObject = sobject<Task>({
  name: "Task",
  label: "Task",
  labelPlural: "Tasks",
  keyPrefix: "00T",
  fields: [
    field.id("id"),
    field.reference("WhoId", "Contact/Lead ID", WHO, "whoId", {
      children: { Contact: "Tasks", Lead: "Tasks" },
    }),
    field.reference("WhatId", "Opportunity/Account ID", WHAT, "whatId", {
      children: { Account: "Tasks", Opportunity: "Tasks" },
    }),
    field.text("Subject", "Subject", 255, "subject", { nameField: true }),
    field.date("ActivityDate", "Due Date Only", "activityDate"),
    field.picklist("Status", "Status", STATUSES, "status", { defaulted: true }),
    field.picklist("Priority", "Priority", ["High", "Normal", "Low"], extra("Normal"), { defaulted: true }),
    field.flag("IsClosed", "Closed", "isClosed", { defaulted: true, writable: "never" }),
    field.textarea("Description", "Description", 32_000, extra()),
    field.reference("AccountId", "Account ID", "Account", "accountId", { writable: "never" }),
    field.reference("OwnerId", "Assigned To ID", ["Group", "User"], "ownerId", { defaulted: true }),
    field.picklist("TaskSubtype", "Task Subtype", ["Task", "Email", "Call"], () => "Task"),
    field.flag(
      "IsArchived",
      "Archived",
      (task, world) => task.isClosed && isArchived(task.activityDate, world),
      { defaulted: true },
    ),
    ...systemFields(rowId, {
      createdAt: (task) => task.createdAt,
      createdBy: (task) => task.ownerId,
      modifiedAt: (task, world) => Number(world.extra(task.id, "LastModifiedDate") ?? task.createdAt),
      modifiedBy: (task, world) => String(world.extra(task.id, "LastModifiedById") ?? task.ownerId),
    }),
  ],
  rows: (world) => world.company.tasks,
  create: (world, id, byId) => {
    const row: Task = {
      id,
      subject: "",
      ownerId: byId,
      whoId: null,
      whatId: null,
      accountId: null,
      activityDate: null,
      status: "Not Started",
      isClosed: false,
      createdAt: world.now(),
    };
    world.push(world.company.tasks, row);
    return row;
  },
  saved: (row, _changed, byId, world) => {
    world.assign<Task>(row, {
      isClosed: row.status === "Completed",
      accountId: accountOfActivity(row, world),
    });
    world.setExtra(row.id, "LastModifiedDate", world.now());
    world.setExtra(row.id, "LastModifiedById", byId);
  },
  archived: (row, world) => row.isClosed && isArchived(row.activityDate, world),
});
