/** The default forecast in the terms of other systems: who calls what. */
import {
  type Call,
  type DatasetProvider,
  type DatasetQuery,
  dayIn,
  type ForecastFigure,
  type ForecastLine,
  HubError,
  toId18,
} from "#connector";
import type { Clari } from "../clari.ts";
import { dayOf } from "../values.ts";
import { type ForecastQuestion, forecastOrder } from "./forecast.ts";
import type { ReadForecast } from "./forecast-answer.ts";
import type { Entry } from "./forecast-entry.ts";
import { FIGURES, type Figure, figureOf, findFields } from "./forecast-figures.ts";
import { pastForecast } from "./forecast-past.ts";
import { readForecastOf } from "./forecast-read.ts";
import { firstDay } from "./forecast-reading.ts";
import { hierarchyOf } from "./hierarchy.ts";

const NAMES: Readonly<Record<Figure, ForecastFigure>> = {
  quota: "quota",
  commit: "commit",
  bestCase: "best_case",
  crmPipeline: "pipeline",
  crmClosed: "closed",
};

/** Provides the `forecastLines` dataset; the past from what this hub has read. */
export const forecastLines: DatasetProvider<Clari, "forecastLines"> = {
  async read(query, call) {
    const { asOf } = query;
    const question = questionOf(query);
    if (isPast(asOf, call.clock.now()))
      return linesOf(await pastForecast(asOf, question, call.api), query, call);
    const read = await readForecastOf(forecastOrder(call.api, question), call);
    if ("reading" in read) return linesOf(read, query, call);
    throw new HubError("deadline_exceeded", "Clari is still making the export of this forecast.", {
      hint: "Ask again: it goes on with the same export.",
      facts: { job_id: read.jobId },
    });
  },
  plan: (query, { api, clock }) =>
    isPast(query.asOf, clock.now()) ? [] : api.exports.plan(forecastOrder(api, questionOf(query))),
};

type Query = DatasetQuery<"forecastLines">;

const questionOf = ({ period, everyWeek }: Query): ForecastQuestion => ({
  // Only the trend's export has the weeks before the latest.
  view: everyWeek ? "trend" : "summary",
  ...(period && { time_period: period }),
});

/** Today is asked of Clari. */
const isPast = (asOf: string | undefined, now: number): asOf is string =>
  asOf !== undefined && asOf !== dayIn("UTC", now);

const linesOf = (forecast: ReadForecast, { everyWeek }: Query, { api, notice, source }: Call<Clari>) => {
  const { reading, period, asOf: at, reduced, truncated } = forecast;
  if (reduced) notice("This Clari does not export CRM totals: pipeline and closed are missing.");
  if (truncated) notice("Clari cut its export: the forecast is incomplete.");
  const asOf = new Date(at).toISOString();
  source({ asOf, cached: forecast.cached });
  const weeks = new Map(
    (everyWeek ? reading.weeks : reading.weeks.slice(-1)).map((week) => [week.timeFrameId, firstDay(week)]),
  );
  const { fields } = findFields(reading.entries, reading.fields, api.settings.fields);
  const users = new Map(reading.users.map((user) => [user.userId, user]));
  const managerOf = managers(reading.users);

  const linesIn = (entry: Entry, week: string): ForecastLine[] => {
    const user = users.get(entry.userId);
    const manager = user && managerOf(user);
    const line = (figure: ForecastFigure, value: number, isCalled: boolean): ForecastLine => ({
      personId: idOf(user),
      personName: user?.name ?? entry.userId,
      role: user?.hierarchyName ?? null,
      managerId: idOf(manager),
      managerName: manager?.name ?? null,
      period: period.timePeriodId,
      periodStart: dayOf(period.startDate) ?? null,
      periodEnd: dayOf(period.endDate) ?? null,
      week,
      figure,
      value,
      currency: entry.currency ?? null,
      updatedAt: isCalled && entry.updatedOn !== undefined ? new Date(entry.updatedOn).toISOString() : null,
      asOf,
      syncedAt: null,
    });
    const called = FIGURES.flatMap((figure) => {
      const value = fields[figure] === entry.fieldId ? figureOf(figure, entry) : null;
      return value === null ? [] : [line(NAMES[figure], value, figure === "commit" || figure === "bestCase")];
    });
    const { adjustmentValue } = entry;
    const isAdjusted = adjustmentValue !== undefined && fields.commit === entry.fieldId;
    return isAdjusted ? [...called, line("adjusted", adjustmentValue, false)] : called;
  };
  const ofWeek = Map.groupBy(reading.entries, ({ timeFrameId }) => timeFrameId);
  const rows = [...weeks].flatMap(([id, week]) =>
    (ofWeek.get(id) ?? []).flatMap((entry) => linesIn(entry, week)),
  );
  return { rows, asOf };
};

type User = ReadForecast["reading"]["users"][number];

const idOf = (user: User | undefined): string | null => (user?.crmId && toId18(user.crmId)) || null;

const managers = (users: readonly User[]) => {
  const { reportsOf } = hierarchyOf(users);
  const managers = new Map(users.flatMap((user) => reportsOf(user).map((report) => [report, user])));
  return (user: User) => managers.get(user);
};
