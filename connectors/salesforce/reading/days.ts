/** Calendar days as text, `2026-11-21`, in UTC. */
import { type Clock, dayIn } from "#connector";

const DAY_MS = 86_400_000;

export const today = (clock: Clock): string => dayIn("UTC", clock.now());

/** The day so many days later; earlier when negative. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
