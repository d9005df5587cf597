import type { DatasetQuery } from "#connector";
import { dayAfter } from "../calendar.ts";

const DAYS_AHEAD = 365;

/** The last close date that is looked at: what lies further off is a plan, not a forecast. */
export const closingUntil = (today: string): string => dayAfter(today, DAYS_AHEAD);

/** However late they are. */
export const openQuery = (today: string, ownerId?: string): DatasetQuery<"deals"> => ({
  open: true,
  closeTo: closingUntil(today),
  ...(ownerId && { ownerId }),
});
