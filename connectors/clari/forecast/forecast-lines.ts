/** The default forecast in the terms of other systems: who calls what. */
import {
  type Call,
  type DatasetProvider,
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

/** Provides the `forecastLines` dataset, of the latest week; the past from what this hub has read. */
export const forecastLines: DatasetProvider<Clari, "forecastLines"> = {
  async read({ period, asOf }, call) {
    const question = questionOf(period);
    if (isPast(asOf, call.clock.now())) return linesOf(await pastForecast(asOf, question, call.api), call);
    const read = await readForecastOf(forecastOrder(call.api, question), call);
    if ("reading" in read) return linesOf(read, call);
    throw new HubError("deadline_exceeded", "Clari is still making the export of this forecast.", {
      hint: "Ask again: it goes on with the same export.",
      facts: { job_id: read.jobId },
    });
  },
  plan: ({ period, asOf }, { api, clock }) =>
    isPast(asOf, clock.now()) ? [] : api.exports.plan(forecastOrder(api, questionOf(period))),
};

const questionOf = (time_period: string | undefined): ForecastQuestion => ({
  view: "summary",
  ...(time_period && { time_period }),
});

/** Today is asked of Clari. */
const isPast = (asOf: string | undefined, now: number): asOf is string =>
  asOf !== undefined && asOf !== dayIn("UTC", now);

const linesOf = (forecast: ReadForecast, { api, notice }: Call<Clari>) => {
  const { reading, period, asOf: at, reduced, truncated } = forecast;
  if (reduced) notice("This Clari does not export CRM totals: pipeline and closed are missing.");
  if (truncated) notice("Clari cut its export: the forecast is incomplete.");
  const asOf = new Date(at).toISOString();
  const week = reading.weeks.at(-1);
  const entries = reading.entries.filter(({ timeFrameId }) => timeFrameId === week?.timeFrameId);
  const { fields } = findFields(reading.entries, reading.fields, api.settings.fields);
  const users = new Map(reading.users.map((user) => [user.userId, user]));
  const managerOf = managers(reading.users);

  const rows = entries.flatMap((entry): ForecastLine[] => {
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
      week: firstDay(week!),
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
  });
  return { rows, asOf };
};

type User = ReadForecast["reading"]["users"][number];

const idOf = (user: User | undefined): string | null => (user?.crmId && toId18(user.crmId)) || null;

const managers = (users: readonly User[]) => {
  const { reportsOf } = hierarchyOf(users);
  const managers = new Map(users.flatMap((user) => reportsOf(user).map((report) => [report, user])));
  return (user: User) => managers.get(user);
};
