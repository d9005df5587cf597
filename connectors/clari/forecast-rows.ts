/** A forecast entry by entry: one row for each person's role, field, week and kind of value. */
import type { Entry } from "./answers.ts";
import { type ForecastReading, firstDay } from "./forecast-reading.ts";

export type ForecastRow = {
  readonly name: string;
  readonly role: string | null;
  readonly field: string;
  readonly kind: "forecast" | "quota" | "crmTotal" | "crmClosed";
  /** Null where a manager adjusted what nobody called. */
  readonly value: number | null;
  readonly adjustment: number | null;
  readonly updatedAt: string | null;
  /** First day; null when all rows are of one week. */
  readonly week: string | null;
  /** Null when all rows are in one. */
  readonly currency: string | null;
};

/** In the order of people, then of weeks, then of fields. */
export const forecastRows = (reading: ForecastReading): ForecastRow[] => {
  const { entries, weeks } = reading;
  const users = new Map(reading.users.map((user, place) => [user.userId, { user, place }]));
  const fields = new Map(reading.fields.map(({ fieldId, fieldName }) => [fieldId, fieldName ?? fieldId]));
  const weekPlaces = new Map(weeks.map(({ timeFrameId }, place) => [timeFrameId, place]));
  const fieldPlaces = new Map(reading.fields.map(({ fieldId }, place) => [fieldId, place]));
  const areSeveralCurrencies = new Set(entries.flatMap(({ currency }) => currency ?? [])).size > 1;
  const place = ({ userId, timeFrameId, fieldId }: Entry) =>
    ((users.get(userId)?.place ?? users.size) * (weeks.length + 1) +
      (weekPlaces.get(timeFrameId) ?? weeks.length)) *
      (fieldPlaces.size + 1) +
    (fieldPlaces.get(fieldId) ?? fieldPlaces.size);

  return entries
    .toSorted((a, b) => place(a) - place(b))
    .flatMap((entry) => {
      const user = users.get(entry.userId)?.user;
      const week = weeks[weekPlaces.get(entry.timeFrameId) ?? -1];
      return valuesOf(entry).map(([kind, value], n) => ({
        name: user?.name ?? entry.userId,
        role: user?.hierarchyName ?? null,
        field: fields.get(entry.fieldId) ?? entry.fieldId,
        kind,
        value,
        adjustment: n === 0 ? (entry.adjustmentValue ?? null) : null,
        updatedAt: n === 0 && entry.updatedOn !== undefined ? new Date(entry.updatedOn).toISOString() : null,
        week: weeks.length > 1 && week ? firstDay(week) : null,
        currency: areSeveralCurrencies ? (entry.currency ?? null) : null,
      }));
    });
};

const valuesOf = (entry: Entry): [ForecastRow["kind"], number | null][] => {
  const { forecastValue, quotaValue, aggregationTotal, closedValue, adjustmentValue } = entry;
  const values = [
    ["forecast", forecastValue ?? (adjustmentValue === undefined ? undefined : null)],
    ["quota", quotaValue],
    ["crmTotal", aggregationTotal],
    ["crmClosed", closedValue],
  ] as const;
  return values.flatMap(([kind, value]) => (value === undefined ? [] : [[kind, value]]));
};
