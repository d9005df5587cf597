import type { DatasetQuery } from "#connector";

const DAYS_AHEAD = 365;

/** The last close date that is looked at: what lies further off is a plan, not a forecast. */
export const closingUntil = (today: string): string =>
  new Date(Date.parse(`${today}T00:00:00Z`) + DAYS_AHEAD * 86_400_000).toISOString().slice(0, 10);

/** However late they are. */
export const openQuery = (today: string, ownerId?: string): DatasetQuery<"deals"> => ({
  open: true,
  closeTo: closingUntil(today),
  ...(ownerId && { ownerId }),
});
