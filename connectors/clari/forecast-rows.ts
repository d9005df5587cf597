/** A forecast entry by entry: one row for each person's role, field, week and kind of value. */
import type { Entry, ForecastUser } from "./answers.ts";
import { type ForecastReading, firstDay } from "./forecast.ts";
import { closedValue } from "./forecast-figures.ts";

export type ForecastRow = {
  readonly name: string;
  readonly role: string | null;
  readonly field: string;
  readonly kind: "forecast" | "quota" | "crmTotal" | "crmClosed";
  readonly value: number;
  readonly adjustment: number | null;
  readonly updatedAt: string | null;
  /** First day; null when all rows are of one week. */
  readonly week: string | null;
};

/** In the order of people, then of weeks, then of fields. */
export const forecastRows = ({ entries, weeks, file }: ForecastReading): ForecastRow[] => {
  const users = new Map(file.users.map((user, place) => [user.userId, { user, place }]));
  const fields = new Map(file.fields.map(({ fieldId, fieldName }) => [fieldId, fieldName ?? fieldId]));
  const weekPlaces = new Map(weeks.map(({ timeFrameId }, place) => [timeFrameId, place]));
  const fieldPlaces = new Map(file.fields.map(({ fieldId }, place) => [fieldId, place]));
  const place = ({ userId, timeFrameId, fieldId }: Entry) =>
    ((users.get(userId)?.place ?? users.size) * (weeks.length + 1) +
      (weekPlaces.get(timeFrameId) ?? weeks.length)) *
      (fieldPlaces.size + 1) +
    (fieldPlaces.get(fieldId) ?? fieldPlaces.size);

  return entries
    .toSorted((a, b) => place(a) - place(b))
    .flatMap((entry) => {
      const user: ForecastUser | undefined = users.get(entry.userId)?.user;
      const week = weeks[weekPlaces.get(entry.timeFrameId) ?? -1];
      return valuesOf(entry).map(([kind, value], n) => ({
        name: user?.name ?? entry.userId,
        role: user?.hierarchyName ?? null,
        field: fields.get(entry.fieldId) ?? entry.fieldId,
        kind,
        value,
        adjustment: n === 0 ? (entry.adjustmentValue ?? null) : null,
        updatedAt: n === 0 && entry.updatedOn ? new Date(entry.updatedOn).toISOString() : null,
        week: weeks.length > 1 && week ? firstDay(week) : null,
      }));
    });
};

const valuesOf = (entry: Entry): [ForecastRow["kind"], number][] => {
  const { forecastValue, quotaValue, aggregationTotal } = entry;
  const values = [
    ["forecast", forecastValue],
    ["quota", quotaValue],
    ["crmTotal", aggregationTotal],
    ["crmClosed", closedValue(entry)],
  ] as const;
  return values.flatMap(([kind, value]) => (typeof value === "number" ? [[kind, value]] : []));
};
