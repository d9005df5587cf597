/** What the waterfall is made from: the deals that are or were of the quarter, and what changed in them. */
import {
  type Call,
  type DatasetAnswer,
  type DatasetPlans,
  type DatasetQuery,
  type Deal,
  type DealChange,
  dayIn,
  type Plan,
  type Quarter,
} from "#connector";
import { dayAfter } from "../calendar.ts";
import { distinctRequests } from "../plans.ts";
import type { Revops } from "../settings.ts";

export interface PipelinePast {
  /** Of the quarter, and those that moved out of it; as they are now. */
  readonly deals: readonly Deal[];
  /** From the day of the first instant up to now; undefined: no system tells of any. */
  readonly changes: readonly DealChange[] | undefined;
  /** Why there are none, or not all. */
  readonly missing: DatasetAnswer<"dealChanges">["missing"];
}

/** Open and closed: what was won was open before. */
export const quarterQuery = ({ start, end }: Quarter): DatasetQuery<"deals"> => ({
  closeFrom: start,
  closeTo: end,
});

/** Datasets count days in UTC; states are followed back from now, so changes are asked up to now. */
const daysSince = (start: number, now: number) => ({ from: dayIn("UTC", start), to: dayIn("UTC", now) });

const queriesFor = (quarter: Quarter, start: number, now: number) => {
  const days = daysSince(start, now);
  const later = days.to > quarter.end ? days.to : quarter.end;
  return {
    /** Closed before their date, and perhaps moved out before that. */
    closedAhead: { open: false, closeFrom: dayAfter(later, 1) },
    changes: days,
  } satisfies Record<string, DatasetQuery<"deals"> | DatasetQuery<"dealChanges">>;
};

export const planPipelinePast = async (
  quarter: Quarter,
  start: number,
  now: number,
  datasets: DatasetPlans,
): Promise<Plan> => {
  const { closedAhead, changes } = queriesFor(quarter, start, now);
  const plans = [
    datasets.plan("deals", quarterQuery(quarter)),
    datasets.plan("deals", closedAhead),
    datasets.plan("dealChanges", changes),
    // Those that moved out of the quarter.
    datasets.plan("deals", { ids: [] }),
  ];
  return distinctRequests((await Promise.all(plans)).flat());
};

/**
 * @param reading of {@link quarterQuery}; the caller says what is missing, in it and in the answer
 * @param start instant (epoch milliseconds) from which changes are wanted
 */
export const readPipelinePast = async (
  quarter: Quarter,
  reading: Promise<DatasetAnswer<"deals">>,
  start: number,
  call: Call<Revops>,
): Promise<PipelinePast> => {
  const { datasets, clock } = call;
  const { closedAhead, changes: days } = queriesFor(quarter, start, clock.now());
  const [own, ahead, told] = await Promise.all([
    reading,
    datasets.read("deals", closedAhead),
    datasets.read("dealChanges", days),
  ]);
  const { missing } = told;
  const deals = byId([...own.rows, ...ahead.rows]);
  if (own.systems.length === 0 || told.systems.length === 0)
    return { deals: own.rows, changes: undefined, missing };

  // Whoever lists changes of all deals looks at those that are open, or closed in these days.
  const unasked = [...deals.values()].filter(
    ({ isClosed, closeDate, lastStageChangeAt }) =>
      isClosed &&
      (closeDate < days.from || closeDate > days.to) &&
      (lastStageChangeAt === null || Date.parse(lastStageChangeAt) >= start),
  );
  const isOfQuarter = (value: DealChange["from"]) =>
    typeof value !== "string" || (quarter.start <= value && value <= quarter.end);
  const movedOut = new Set(
    told.rows
      .filter(
        ({ id, kind, from, to }) => kind === "close_date" && !deals.has(id) && [from, to].some(isOfQuarter),
      )
      .map(({ id }) => id),
  );
  const [more, gone] = await Promise.all([
    unasked.length > 0
      ? datasets.read("dealChanges", { ...days, ids: unasked.map(({ id }) => id) })
      : undefined,
    movedOut.size > 0 ? datasets.read("deals", { ids: [...movedOut] }) : undefined,
  ]);
  return {
    deals: [...byId([...deals.values(), ...(gone?.rows ?? [])]).values()],
    changes: distinct([...told.rows, ...(more?.rows ?? [])]),
    missing: [...ahead.missing, ...missing, ...(more?.missing ?? []), ...(gone?.missing ?? [])],
  };
};

const byId = (deals: readonly Deal[]): Map<string, Deal> => new Map(deals.map((deal) => [deal.id, deal]));

/** Of a deal that both questions were about. */
const distinct = (changes: readonly DealChange[]): DealChange[] => [
  ...new Map(
    changes.map((change) => [
      JSON.stringify([change.id, change.kind, change.at, change.from, change.to]),
      change,
    ]),
  ).values(),
];
