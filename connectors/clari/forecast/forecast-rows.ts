/** A week of a forecast entry by entry: one row for each person's role, field and kind of value. */
import type { Entry } from "./forecast-entry.ts";
import type { ForecastReading } from "./forecast-reading.ts";

export type ForecastRow = {
  readonly name: string;
  readonly role: string | null;
  readonly field: string;
  readonly kind: "forecast" | "quota" | "crmTotal" | "crmClosed";
  /** Null where a manager adjusted what nobody called. */
  readonly value: number | null;
  readonly adjustment: number | null;
  readonly updatedAt: string | null;
  /** Null when all rows are in one. */
  readonly currency: string | null;
};

/** Of one week; in the order of people, then of fields: the first `most`, and how many there are. */
export const forecastRows = (
  { entries, ...reading }: Pick<ForecastReading, "entries" | "users" | "fields">,
  most: number,
): { readonly rows: ForecastRow[]; readonly total: number } => {
  const users = new Map(reading.users.map((user, place) => [user.userId, { user, place }]));
  const fields = new Map(reading.fields.map(({ fieldId, fieldName }) => [fieldId, fieldName ?? fieldId]));
  const fieldPlaces = new Map(reading.fields.map(({ fieldId }, place) => [fieldId, place]));
  const areSeveralCurrencies = new Set(entries.flatMap(({ currency }) => currency ?? [])).size > 1;
  const place = ({ userId, fieldId }: Entry) =>
    (users.get(userId)?.place ?? users.size) * (fieldPlaces.size + 1) +
    (fieldPlaces.get(fieldId) ?? fieldPlaces.size);

  const values = entries
    .toSorted((a, b) => place(a) - place(b))
    .flatMap((entry) => valuesOf(entry).map(([kind, value], n) => ({ entry, kind, value, n })));
  const rows = values.slice(0, most).map(({ entry, kind, value, n }): ForecastRow => {
    const user = users.get(entry.userId)?.user;
    return {
      name: user?.name ?? entry.userId,
      role: user?.hierarchyName ?? null,
      field: fields.get(entry.fieldId) ?? entry.fieldId,
      kind,
      value,
      adjustment: n === 0 ? (entry.adjustmentValue ?? null) : null,
      updatedAt: n === 0 && entry.updatedOn !== undefined ? new Date(entry.updatedOn).toISOString() : null,
      currency: areSeveralCurrencies ? (entry.currency ?? null) : null,
    };
  });
  return { rows, total: values.length };
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
