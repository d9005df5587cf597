/** What is called for a quarter, where the forecasting system means the same days by its name. */
import {
  type Call,
  type DatasetAnswer,
  type DatasetQuery,
  daysBetween,
  type ForecastLine,
  type Quarter,
} from "#connector";
import type { Revops } from "../settings.ts";

type Query = DatasetQuery<"forecastLines">;

export const linesQuery = ({ id }: Quarter): Query => ({ period: id, everyWeek: true });

/** Of a calendar from a retail one, whose quarters are of whole weeks. */
const CALENDARS_DIFFER_DAYS = 16;

/** Those of a quarter that has the name but other days are left out, and the answer says so. */
export const readLines = async (
  quarter: Quarter,
  query: Query,
  { datasets, notice }: Call<Revops>,
): Promise<DatasetAnswer<"forecastLines">> => {
  const answer = await datasets.read("forecastLines", query);
  const isOfQuarter = ({ periodStart }: ForecastLine) =>
    periodStart === null || Math.abs(daysBetween(periodStart, quarter.start)) <= CALENDARS_DIFFER_DAYS;
  const other = answer.rows.find((line) => !isOfQuarter(line));
  if (!other) return answer;
  notice(
    `The calls of ${quarter.id} are left out: where they are made that quarter begins on ${other.periodStart}, here on ${quarter.start}. The setting fiscalYearStartMonth of revops must be that of the forecast.`,
  );
  return { ...answer, rows: answer.rows.filter(isOfQuarter) };
};
