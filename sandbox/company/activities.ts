/** Events and tasks: what the plans say was done and is planned, and some that hang on accounts only. */
import { dayOfWork, isoDate, workDays, workTime } from "./calendar.ts";
import type { DealPlan } from "./deal-plan.ts";
import { idSequence } from "./ids.ts";
import type { Random } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Account, CalendarEvent, Contact, Deal, Task } from "./types.ts";

const MEETINGS = ["Discovery call", "Product demo", "Pricing call", "Executive briefing", "Contract review"];
const UPCOMING = ["Negotiation call", "Signature call", "Steering committee", "Procurement meeting"];
const DONE = ["Email: proposal sent", "Call: follow-up", "Email: security answers", "Call: left voicemail"];
const OPEN_TASKS = ["Prepare the order form", "Send the reference list", "Update the close plan"];
const ACCOUNT_MEETINGS = ["Quarterly business review", "Account planning", "Support review"];

export interface Activities {
  readonly events: CalendarEvent[];
  readonly tasks: Task[];
}

/** `deals[n]` is the record of `plans[n]`; only `accounts` get events of their own. */
export const makeActivities = (
  setting: Setting,
  random: Random,
  plans: readonly DealPlan[],
  deals: readonly Deal[],
  contacts: readonly Contact[],
  accounts: readonly Account[],
): Activities => {
  const nextEventId = idSequence("00U");
  const nextTaskId = idSequence("00T");
  const contactsOf = Map.groupBy(contacts, (contact) => contact.accountId);
  const events: CalendarEvent[] = [];
  const tasks: Task[] = [];

  const addEvent = (about: About, subject: string, work: number) => {
    events.push({
      ...about,
      id: nextEventId(),
      subject,
      activityDate: isoDate(dayOfWork(work)),
      startAt: workTime(work),
      durationMinutes: random.pick([30, 30, 45, 60]),
      description: random.chance(0.1) ? "Agenda: open points, timeline, next steps." : null,
    });
  };
  const addTask = (about: About, subject: string, due: number | null, isClosed: boolean, created: number) => {
    const status = isClosed ? "Completed" : random.pick(["Not Started", "In Progress"] as const);
    const activityDate = due === null ? null : isoDate(dayOfWork(due));
    tasks.push({
      ...about,
      id: nextTaskId(),
      subject,
      activityDate,
      status,
      isClosed,
      createdAt: workTime(created),
    });
  };

  plans.forEach((plan, n) => {
    const deal = deals[n]!;
    const people = plan.account === null ? [] : (contactsOf.get(plan.account.id) ?? []);
    const about = (): About => ({
      ownerId: deal.ownerId,
      whoId: people.length > 0 && random.chance(0.8) ? random.pick(people).id : null,
      whatId: deal.id,
      accountId: deal.accountId,
    });
    for (const at of plan.touches) {
      if (random.chance(0.55)) addEvent(about(), random.pick(MEETINGS), at);
      else addTask(about(), random.pick(DONE), at, true, Math.max(plan.created, at - random.between(0, 3)));
    }
    for (const at of plan.meetings) addEvent(about(), random.pick(UPCOMING), at);
    if (plan.meetings.length > 0 && random.chance(0.3)) {
      const due = random.chance(0.8) ? workDays(setting.today) + random.between(-3, 8) : null;
      addTask(about(), random.pick(OPEN_TASKS), due, false, plan.created + 0.5);
    }
  });

  for (const account of accounts) {
    if (!random.chance(0.2)) continue;
    const contact = random.pick(contactsOf.get(account.id)!);
    // Some are tied to the account through the contact alone.
    const whatId = random.chance(0.7) ? account.id : null;
    const whoId = whatId === null || random.chance(0.5) ? contact.id : null;
    const at = workDays(setting.today) + random.pick([-1, 1]) * random.between(1, 30);
    addEvent(
      { ownerId: account.ownerId, whoId, whatId, accountId: account.id },
      random.pick(ACCOUNT_MEETINGS),
      at,
    );
  }
  for (const manager of setting.team.people.filter((person) => person.level === 3)) {
    const monday = workDays(setting.today + 7) - (workDays(setting.today + 7) % 5);
    const about = { ownerId: manager.id, whoId: null, whatId: null, accountId: null };
    addEvent(about, "Forecast call", monday + 0.1);
    addEvent(about, "Forecast call", monday - 9.9);
  }
  return { events, tasks };
};

interface About {
  readonly ownerId: string;
  readonly whoId: string | null;
  readonly whatId: string | null;
  readonly accountId: string | null;
}
