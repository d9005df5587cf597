/** A forecast week by week: what the top called in each, and how its commit moved. */
import type { TimeFrame } from "../answers.ts";
import type { FigureFields } from "./forecast-figures.ts";
import { type ForecastReading, firstDay } from "./forecast-reading.ts";
import { type Figures, summarise } from "./forecast-summary.ts";

export type TrendRow = {
  /** First day. */
  readonly week: string;
  /** Null where one person stands at the top. */
  readonly name: string | null;
  readonly role: string | null;
  readonly currency: string | null;
} & Figures & {
    /** Against the week before it in this answer. */
    readonly commitChange: number | null;
  };

export interface ForecastTrend {
  /** Of the latest week, as in a summary. */
  readonly totals: Figures | undefined;
  readonly rows: readonly TrendRow[];
  readonly notices: readonly string[];
}

/** Oldest week first; `weeks`: the latest so many. */
export const forecastTrend = (
  reading: ForecastReading,
  fields: FigureFields,
  {
    weeks = Number.POSITIVE_INFINITY,
    scope_id,
  }: { weeks?: number | undefined; scope_id?: string | undefined },
): ForecastTrend => {
  const ofWeek = Map.groupBy(reading.entries, ({ timeFrameId }) => timeFrameId);
  const summaryOf = ({ timeFrameId }: TimeFrame) =>
    summarise({ users: reading.users, entries: ofWeek.get(timeFrameId) ?? [], fields, scope_id });
  const latest = reading.weeks.slice(-weeks).map((week) => ({ week, summary: summaryOf(week) }));

  const lines = latest.flatMap(({ week, summary: { totals, rows } }): Omit<TrendRow, "commitChange">[] =>
    totals
      ? [{ week: firstDay(week), name: null, role: null, currency: null, ...totals }]
      : rows
          .filter(({ level }) => level === 1)
          .map(({ scope_id: _, level: __, reports: ___, ...row }) => ({ week: firstDay(week), ...row })),
  );
  const before = new Map<string, number | null>();
  const rows = lines.map((line): TrendRow => {
    const who = `${line.name} ${line.role} ${line.currency}`;
    const last = before.get(who) ?? null;
    before.set(who, line.commit);
    const moved = last === null || line.commit === null ? null : line.commit - last;
    return { ...line, commitChange: moved === null ? null : Math.round(moved * 100) / 100 };
  });
  return {
    totals: latest.at(-1)?.summary.totals,
    rows,
    notices: [...new Set(latest.flatMap(({ summary }) => summary.notices))],
  };
};
