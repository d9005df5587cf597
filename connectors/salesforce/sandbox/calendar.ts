/**
 * Dates and times as Salesforce writes them. The org's and every user's time zone is GMT and the
 * fiscal year is the calendar year, so a day is a UTC day.
 */
export const DAY = 86_400_000;

/** Days since 1970 of `YYYY-MM-DD`. */
export const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY;

export const dateOfDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

export const dateOfTime = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** `2026-10-11T09:15:00.000+0000` */
export const formatDateTime = (time: number): string => new Date(time).toISOString().replace("Z", "+0000");

/** RFC 1123, as in Last-Modified and If-Unmodified-Since; undefined for anything else. */
export const parseHttpDate = (text: string): number | undefined => {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC|[+-]\d{4})$/.test(text))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

/** A calendar day that exists, as `YYYY-MM-DD`. */
export const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dateOfTime(time) === text;
};

/** An ISO date-time with an offset, in epoch milliseconds. */
export const parseDateTime = (text: string): number | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})$/i.exec(text);
  if (!match || !isDate(match[1]!)) return undefined;
  const offset = match[3]!.toUpperCase() === "Z" ? "Z" : match[3]!.replace(/^(.\d{2}):?/, "$1:");
  const time = Date.parse(`${match[1]}T${match[2]}${offset}`);
  return Number.isNaN(time) ? undefined : time;
};
