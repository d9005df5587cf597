/** What a forecast call is prepared from. All that can be asked at once is. */
import type {
  Call,
  DatasetAnswer,
  DatasetPlans,
  Deal,
  ForecastLine,
  Person,
  Plan,
  Quarter,
} from "#connector";
import { eventsQuery, type Joined, readJoined } from "../commits/joined.ts";
import { noteLacks } from "../lacks.ts";
import { distinctRequests } from "../plans.ts";
import type { Revops } from "../settings.ts";
import { type PipelinePast, planPipelinePast, quarterQuery, readPipelinePast } from "../waterfall/reading.ts";
import { linesQuery, readLines } from "./lines.ts";

export interface CallReading {
  /** Every week of the quarter so far; none when nobody answered. */
  readonly lines: readonly ForecastLine[];
  readonly lineSystems: DatasetAnswer<"forecastLines">;
  readonly people: readonly Person[];
  /** Of the quarter, open and closed. */
  readonly deals: DatasetAnswer<"deals">;
  readonly past: PipelinePast;
  /** Of the open Commit deals. */
  readonly joined: Joined;
}

/** @param start instant since which changes are told */
export const readForCall = async (
  quarter: Quarter,
  start: number,
  call: Call<Revops>,
): Promise<CallReading> => {
  const { datasets } = call;
  const deals = datasets.read("deals", quarterQuery(quarter));
  const [lines, people, own, past, joined] = await Promise.all([
    readLines(quarter, linesQuery(quarter), call),
    datasets.read("people", {}),
    deals,
    readPipelinePast(quarter, deals, start, call),
    deals.then(({ rows, missing }) => {
      const commits = rows.filter(isOpenCommit);
      call.progress(`reading risk and meetings of ${commits.length} Commit deals`);
      const silent = missing.map(({ system }) => system);
      return readJoined(commits, silent, call);
    }),
  ]);
  noteLacks(
    [
      { what: "the calls", missing: lines.missing },
      {
        what: "what moved and whom to ask about; closed and openPipeline are as the forecasting system last saw them",
        missing: own.missing,
      },
      {
        what: past.changes ? "some of what moved since the last call" : "what moved since the last call",
        missing: past.missing,
      },
      ...joined.lacks,
    ],
    call,
  );
  // The forecast's own hierarchy does without them.
  return { lines: lines.rows, lineSystems: lines, people: people.rows, deals: own, past, joined };
};

export const isOpenCommit = ({ isClosed, category }: Deal): boolean => !isClosed && category === "commit";

export const planForCall = async (
  quarter: Quarter,
  start: number,
  now: number,
  datasets: DatasetPlans,
): Promise<Plan> => {
  const plans = [
    datasets.plan("forecastLines", linesQuery(quarter)),
    datasets.plan("people", {}),
    planPipelinePast(quarter, start, now, datasets),
    datasets.plan("dealRisks", { ids: ["<ids of the open Commit deals>"] }),
    datasets.plan("dealEvents", eventsQuery([])),
  ];
  return distinctRequests((await Promise.all(plans)).flat());
};
