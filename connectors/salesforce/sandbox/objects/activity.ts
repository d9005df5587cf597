/** What events and tasks share. */
import { DAY, dateOfTime } from "../calendar.ts";
import type { World } from "../world.ts";

export const WHO = ["Contact", "Lead"];
export const WHAT = ["Account", "Opportunity"];

/** Activities older than a year are archived: only /queryAll returns them. */
export const isArchived = (activityDate: string | null, world: World): boolean =>
  activityDate !== null &&
  activityDate < world.derive("last archived day", () => dateOfTime(world.now() - 365 * DAY));

/** Salesforce derives the account from what the activity is about, else from the contact. */
export const accountOfActivity = (
  row: { readonly whoId: string | null; readonly whatId: string | null },
  { company }: World,
): string | null => {
  if (row.whatId?.startsWith("001")) return row.whatId;
  if (row.whatId) return company.deals.find(({ id }) => id === row.whatId)?.accountId ?? null;
  return company.contacts.find(({ id }) => id === row.whoId)?.accountId ?? null;
};
