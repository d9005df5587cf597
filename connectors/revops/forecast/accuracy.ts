/** How near past calls came to what was won, as far as this hub kept the calls. */
import {
  type Call,
  type DatasetPlans,
  type DatasetQuery,
  type Deal,
  dayIn,
  daysBetween,
  type ForecastLine,
  type Plan,
  parseQuarter,
  type Quarter,
} from "#connector";
import { dayAfter } from "../calendar.ts";
import type { Revops, Settings } from "../settings.ts";
import { sumOf } from "../sums.ts";
import { calledWeeks, linesOf, weeksOf } from "./calls.ts";
import { type By, differenceOf } from "./comparison.ts";
import { dealCurrency } from "./currency.ts";
import { hierarchyOf, type Member } from "./hierarchy.ts";
import { readLines } from "./lines.ts";

/** One call of the past beside what was won in the end. */
export interface Accuracy {
  readonly member: Member;
  readonly quarter: string;
  /** ISO day on which the call was read. */
  readonly readOn: string;
  readonly currency: string | null;
  readonly call: number;
  readonly won: number;
  /** Call less won, of what was won. */
  readonly percent: number | null;
}

/** The quarters before this one, latest first. */
const quartersBefore = (
  { start }: Quarter,
  { accuracyQuarters, fiscalYearStartMonth }: Settings,
): Quarter[] => {
  const quarters: Quarter[] = [];
  let first = start;
  while (quarters.length < accuracyQuarters) {
    const quarter = parseQuarter("previous", first, fiscalYearStartMonth);
    quarters.push(quarter);
    first = quarter.start;
  }
  return quarters;
};

/** Latest first, then largest error first. Kept calls cost no request; won deals only where there are some. */
export const readAccuracy = async (by: By, today: Quarter, call: Call<Revops>): Promise<Accuracy[]> => {
  const quarters = quartersBefore(today, call.api.settings);
  const found = await Promise.all(quarters.map((quarter) => accuracyIn(by, quarter, call)));
  return found.flat();
};

const wonQuery = ({ start, end }: Quarter): DatasetQuery<"deals"> => ({
  closeFrom: start,
  closeTo: end,
  open: false,
});

export const planAccuracy = async (
  today: Quarter,
  settings: Settings,
  datasets: DatasetPlans,
): Promise<Plan> => {
  const plans = quartersBefore(today, settings).map((quarter) => datasets.plan("deals", wonQuery(quarter)));
  const note = "only where calls of that quarter are kept";
  return (await Promise.all(plans)).flat().map((request) => ({ ...request, note }));
};

const accuracyIn = async (by: By, quarter: Quarter, call: Call<Revops>): Promise<Accuracy[]> => {
  const { datasets, notice } = call;
  const middleDay = dayAfter(quarter.start, Math.floor(daysBetween(quarter.start, quarter.end) / 2));
  const read = (asOf: string) => readLines(quarter, { period: quarter.id, asOf }, call);
  const [middle, end] = await Promise.all([read(middleDay), read(quarter.end)]);
  if (end.rows.length === 0) {
    const isNoneKept = end.missing.length > 0 && end.missing.every(({ code }) => code === "not_found");
    const why = end.missing.map(({ reason }) => reason);
    if (isNoneKept) why.push("Each forecast that is read is kept from then on.");
    notice(`How near the calls of ${quarter.id} came to what was won is not known. ${why.join(" ")}`);
    return [];
  }
  const deals = await datasets.read("deals", { closeFrom: quarter.start, closeTo: quarter.end, open: false });
  if (deals.systems.length === 0 || deals.unreadable.includes("amount")) {
    notice(`What was won in ${quarter.id} cannot be read, so its calls are compared with nothing.`);
    return [];
  }
  const won = deals.rows.filter(({ isWon }) => isWon).map(dealCurrency(deals.unreadable, end.rows, call));
  // Where nothing was read in between, both days have the same calls.
  const readings = middle.asOf === end.asOf ? [end.rows] : [end.rows, middle.rows];
  return readings.flatMap((lines) => accuracyOf(by, quarter, lines, won, call.api.settings));
};

const accuracyOf = (
  by: By,
  quarter: Quarter,
  lines: readonly ForecastLine[],
  won: readonly Deal[],
  { timeZone }: Settings,
): Accuracy[] => {
  const hierarchy = hierarchyOf(lines, [], won);
  const linesFor = linesOf(lines);
  return hierarchy.members
    .flatMap((member): Accuracy[] => {
      if (member.id === null) return [];
      if (hierarchy.isManager(member.id) !== (by === "manager")) return [];
      const team = hierarchy.teamOf(member.id);
      const own = linesFor(member);
      const latest = calledWeeks(weeksOf(own)).at(-1);
      const called = latest?.figures.get("commit");
      if (!latest || called === undefined) return [];
      const { currency } = latest;
      const sum = sumOf(
        won
          .filter((deal) => team.has(deal.ownerId) && deal.currency === currency)
          .map(({ amount }) => amount),
      );
      const readOn = dayIn(timeZone, Date.parse(own[0]!.asOf));
      return [
        {
          member,
          quarter: quarter.id,
          readOn,
          currency,
          call: called,
          won: sum,
          percent: differenceOf(called, sum).percent,
        },
      ];
    })
    .sort((a, b) => errorOf(b) - errorOf(a) || Math.abs(b.call - b.won) - Math.abs(a.call - a.won));
};

/** A call of which nothing came in is the farthest off. */
const errorOf = ({ percent, call, won }: Accuracy): number =>
  percent === null ? (call === won ? 0 : Number.MAX_VALUE) : Math.abs(percent);
