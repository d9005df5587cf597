/** Results as big as a large organisation's, without the memory of one. */
import type { Entry, ForecastField, ForecastResult, StreamedForecast } from "./forecast-result.ts";

/**
 * The same result with further forecast fields, all zero, until its JSON has at least `bytes` bytes.
 * The added entries are made one at a time, each under keys of its own, so no total changes.
 */
export const padded = (result: ForecastResult, bytes: number): StreamedForecast => {
  const missing = bytes - JSON.stringify(result).length;
  const filler = (fieldId: string) => fillers(result, fieldId);
  const perField = [...filler("fc_custom_0")].reduce((sum, entry) => sum + JSON.stringify(entry).length, 0);
  const count = perField === 0 ? 0 : Math.max(0, Math.ceil(missing / perField));
  const added: ForecastField[] = Array.from({ length: count }, (_, n) => ({
    fieldId: `fc_custom_${n}`,
    fieldName: `Custom ${n}`,
    fieldType: "FORECAST",
  }));
  return {
    ...result,
    fields: [...result.fields, ...added],
    entries: {
      *[Symbol.iterator]() {
        yield* result.entries;
        for (const { fieldId } of added) yield* filler(fieldId);
      },
    },
  };
};

function* fillers(result: ForecastResult, fieldId: string): Iterable<Entry> {
  const [first] = result.entries;
  if (!first) return;
  const { timePeriodId, currency } = first;
  for (const { timeFrameId } of result.timeFrames)
    for (const { userId } of result.users)
      yield { userId, fieldId, timePeriodId, timeFrameId, forecastValue: 0, currency };
}
