/** Numbers, times and days as Clari sends them: as such, in digits, or as people write them. */

/** In milliseconds. */
export const DAY = 86_400_000;

/** Further off than any forecast; beyond it a number is no time, and may be none that a Date can hold. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2100, 0);

/** Epoch milliseconds; undefined for what is no time between 2000 and 2100. Text without a zone is UTC. */
export const timeOf = (value: unknown): number | undefined => {
  const ms = typeof value === "string" ? timeIn(value.trim()) : value;
  return typeof ms === "number" && ms >= EARLIEST && ms < LATEST ? ms : undefined;
};

const timeIn = (text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (american) return Date.UTC(Number(american[3]), Number(american[1]) - 1, Number(american[2]));
  return Date.parse(/^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(text) ? `${text}Z` : text);
};

/** `2026-12-31`, UTC; undefined as with {@link timeOf}. */
export const dayOf = (value: unknown): string | undefined => {
  const time = timeOf(value);
  if (time === undefined) return undefined;
  // Text that begins with a day means that day, whatever its zone.
  return typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value)
    ? value.slice(0, 10)
    : new Date(time).toISOString().slice(0, 10);
};

/** Days from one ISO day to another; null where either is none. */
export const daysFrom = (from: unknown, to: unknown): number | null => {
  const days = (Date.parse(String(to)) - Date.parse(String(from))) / DAY;
  return Number.isFinite(days) ? Math.round(days) : null;
};

const AMOUNT =
  /^(?<before>-?)(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})?\s*(?<after>-?)(?<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:\p{Sc}|[A-Z]{3})?$/u;

/** `200000` also from "200000" and "$200,000.00"; undefined for other text, such as "200K". */
export const amountOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const { before, after, digits } = (typeof value === "string" && AMOUNT.exec(value.trim())?.groups) || {};
  if (digits === undefined) return undefined;
  return Number(digits.replaceAll(",", "")) * (before || after ? -1 : 1);
};
