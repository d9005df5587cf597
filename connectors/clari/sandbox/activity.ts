/** Meetings and mails: the one documented way to learn which accounts and deals there are. */
import { createHash } from "node:crypto";
import type { CalendarEvent, Company, Person, Task } from "#sandbox/company/types.ts";
import { jsonObject } from "./json.ts";
import { clariError } from "./refusals.ts";
import type { Switches } from "./switches.ts";
import type { Call } from "./tenant.ts";

const ACTIVITY_TYPES = ["MEETING", "EMAIL_SENT", "EMAIL_RECEIVED", "ATTACHMENT_SENT", "ATTACHMENT_RECEIVED"];
const DAY = 86_400_000;

export interface ActivityRequest {
  readonly types: ReadonlySet<string>;
  /** First and last moment, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Body of `POST /export/activity`. Of a timestamp, only its date and offset count. */
export const activityRequest = (call: Call): ActivityRequest => {
  const body = jsonObject(call.request.body);
  if (!body) throw badRequest(call, "The request body is malformed.");
  const { activityTypes, startDate, endDate, exportFormat = "JSON" } = body;
  const isKnown = (type: unknown) => ACTIVITY_TYPES.includes(String(type));
  if (!Array.isArray(activityTypes) || activityTypes.length === 0 || !activityTypes.every(isKnown))
    throw badRequest(call, `activityTypes must be any of ${ACTIVITY_TYPES.join(", ")}.`);
  const from = startOfDay(startDate);
  const to = startOfDay(endDate);
  if (from === undefined) throw badRequest(call, "startDate is invalid.");
  if (to === undefined || to < from) throw badRequest(call, "endDate is invalid.");
  if (exportFormat !== "JSON") throw badRequest(call, "exportFormat must be JSON.");
  return { types: new Set(activityTypes), from, to: to + DAY - 1 };
};

const startOfDay = (value: unknown): number | undefined => {
  const [, date, offset] = /^(\d{4}-\d\d-\d\d)(?:T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.exec(String(value)) ?? [];
  const time = Date.parse(`${date}T00:00:00${offset ?? "Z"}`);
  return Number.isNaN(time) ? undefined : time;
};

const badRequest = ({ tenant, caller }: Call, message: string) =>
  clariError(tenant, 400, "activity", "Bad request", message, { userId: caller.clariId });

/** The company logs meetings as events and mails as closed tasks; it knows no received mail and no files. */
export const activitiesBetween = (
  company: Company,
  { types, from, to }: ActivityRequest,
  { activityDate }: Pick<Switches, "activityDate">,
) => {
  const view = activityView(company);
  const meetings = company.events.map((event) => view("MEETING", event, event.startAt));
  const mails = company.tasks
    .filter(({ isClosed, subject }) => isClosed && subject.startsWith("Email"))
    .map((task) => view("EMAIL_SENT", task, Date.parse(task.activityDate ?? "") || task.createdAt));
  return [...meetings, ...mails]
    .filter(({ activityType, date }) => types.has(activityType) && from <= date && date <= to)
    .sort((a, b) => a.date - b.date)
    .map((one) => (activityDate === "text" ? { ...one, date: String(one.date) } : one));
};

const activityView = (company: Company) => {
  const people = new Map<string, Person>(company.people.map((person) => [person.id, person]));
  const accounts = new Map(company.accounts.map((account) => [account.id, account]));
  const deals = new Map(company.deals.filter((deal) => deal.inClari).map((deal) => [deal.id, deal]));
  const contacts = new Map(company.contacts.map((contact) => [contact.id, contact]));

  return (activityType: string, done: CalendarEvent | Task, date: number) => {
    const account = accounts.get(done.accountId ?? "");
    const deal = deals.get(done.whatId ?? "");
    const owner = people.get(done.ownerId)!;
    const contact = contacts.get(done.whoId ?? "");
    return {
      activityId: createHash("md5").update(done.id).digest("hex"),
      activityType,
      activityOwnerId: owner.id,
      activityOrganiserId: owner.id,
      subject: done.subject,
      date,
      accounts: account
        ? [{ accountId: account.id, accountName: account.name, accountOwnerId: account.ownerId }]
        : [],
      opportunities: deal
        ? [{ opportunityId: deal.id, opportunityName: deal.name, opportunityOwnerId: deal.ownerId }]
        : [],
      participants: [
        { name: owner.name, email: owner.email, sfdcUserId: owner.id, isInternal: true },
        ...(contact
          ? [
              {
                name: [contact.firstName, contact.lastName].filter(Boolean).join(" "),
                email: contact.email ?? "",
                sfdcUserId: "",
                isInternal: false,
              },
            ]
          : []),
      ],
    };
  };
};
