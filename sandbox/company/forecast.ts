/** What people called, week by week, and what they were asked for. */
import { type Book, byLevelUpwards, keepBooks, reportsOf } from "./books.ts";
import { CURRENT, DAY, HOUR, parseDay, type QuarterSpan, workDays, workTime } from "./calendar.ts";
import type { Seat } from "./people.ts";
import type { Random } from "./random.ts";
import { leavingDay, type Setting } from "./setting.ts";
import type { Deal, ForecastId, Level, Quota, Submission } from "./types.ts";

/** How far a call may lie from where the quarter ends: in its first week, and in its last. */
const FIRST_ERROR = 0.25;
const LAST_ERROR = 0.03;
/** The one who disagrees with the CRM calls so much of it. */
const DISAGREEMENT = 1.8;

/** Quotas of a team add up to so many times its manager's. */
const OVERASSIGNMENT: Readonly<Record<Level, number>> = { 0: 1, 1: 1.03, 2: 1.05, 3: 1.1, 4: 1 };
const RENEWALS_SHARE = 0.2;

/** Every week that has begun, of every quarter. */
export const makeSubmissions = (setting: Setting, random: Random, deals: readonly Deal[]): Submission[] => {
  const netArr = callEveryone(setting, random, deals, "net_arr");
  return [
    ...netArr,
    ...callEveryone(setting, random, deals, "renewals"),
    // The same calls, shown by month.
    ...netArr.map((submission): Submission => ({ ...submission, forecastId: "net_arr_monthly" })),
  ];
};

const callEveryone = (
  setting: Setting,
  random: Random,
  deals: readonly Deal[],
  forecastId: ForecastId,
): Submission[] => {
  const { seats } = setting.team;
  const books = keepBooks(setting, deals, forecastId);
  const calls = new Map<Seat, Submission[][]>();

  for (const seat of byLevelUpwards(seats)) {
    const reports = reportsOf(seats, seat).map((report) => calls.get(report)!);
    // Some are always too hopeful, some too careful.
    const leaning = random.between(-1, 1);
    const quarters = setting.quarters.map((span) => {
      const book = books.get(seat)![span.index]!;
      const below = reports.map((report) => report[span.index]!);
      return callQuarter(setting, random, forecastId, seat, span, book, below, leaning);
    });
    calls.set(seat, quarters);
  }
  return seats.flatMap((seat) => calls.get(seat)!.flat());
};

/** `below`: what the reports called in the same quarter; empty for account executives. */
const callQuarter = (
  setting: Setting,
  random: Random,
  forecastId: ForecastId,
  seat: Seat,
  span: QuarterSpan,
  book: Book,
  below: readonly (readonly Submission[])[],
  leaning: number,
): Submission[] => {
  const weeks = span.quarter.weeks.filter(({ start }) => worked(setting, seat, parseDay(start)));
  const calls: Submission[] = [];
  weeks.forEach((week, n) => {
    const submittedAt = submissionTime(setting, random, parseDay(week.start));
    const previous = calls.at(-1);
    const isUpdated = submittedAt !== null && (previous === undefined || random.chance(0.86));
    const done = weeks.length > 1 ? n / (weeks.length - 1) : 1;
    const error =
      (FIRST_ERROR + (LAST_ERROR - FIRST_ERROR) * done) * (0.6 * leaning + random.between(-0.4, 0.4));
    const closed = book.closed[n]!;
    const pipeline = book.pipeline[n]!;
    const fresh =
      seat.person.level === 4 ? ownCall(setting, seat, span, book, n, error) : teamCall(below, n, error);
    // Whoever does not update leaves last week's call standing.
    const commit = isUpdated || previous === undefined ? fresh : previous.commit;
    const upside = Math.max(0, pipeline - Math.max(0, commit - closed)) * random.between(0.2, 0.4);
    const bestCase = isUpdated || previous === undefined ? roundTo(commit + upside, 500) : previous.bestCase;
    calls.push({
      forecastId,
      personId: seat.person.id,
      roleId: seat.role.id,
      quarterId: span.quarter.id,
      weekStart: week.start,
      commit,
      bestCase: Math.max(commit, bestCase),
      crmPipeline: toCents(pipeline),
      crmClosed: toCents(closed),
      isUpdated,
      updatedAt: isUpdated ? submittedAt : null,
      updatedById: isUpdated ? seat.person.id : null,
    });
  });
  return calls;
};

const worked = (setting: Setting, seat: Seat, monday: number): boolean =>
  monday <= setting.today && (seat.person.isActive || monday <= leavingDay(setting));

/** What is won, and what is left of the way to the landing, misjudged. */
const ownCall = (
  setting: Setting,
  seat: Seat,
  span: QuarterSpan,
  book: Book,
  week: number,
  error: number,
): number => {
  if (seat.person === setting.team.disagreeing && span.index === CURRENT) {
    return roundTo(book.landing * (DISAGREEMENT + error / 2), 500);
  }
  const closed = book.closed[week]!;
  return roundTo(closed + (book.landing - closed) * (1 + error), 500);
};

/** The reports' calls, with a manager's judgement on top: never their plain sum. */
const teamCall = (below: readonly (readonly Submission[])[], week: number, error: number): number =>
  roundTo(below.reduce((sum, calls) => sum + (calls[week]?.commit ?? 0), 0) * (1 + error / 3), 1000);

/** Some time in the week; null if the week is too young for anyone to have submitted. */
const submissionTime = (setting: Setting, random: Random, monday: number): number | null => {
  const planned = workTime(workDays(monday) + random.between(0.3, 4.9));
  if (planned <= setting.now) return planned;
  const opens = monday * DAY + 7 * HOUR;
  return setting.now > opens ? Math.floor(random.between(opens, setting.now)) : null;
};

/** For every quarter, the next included. */
export const makeQuotas = (setting: Setting, random: Random): Quota[] => {
  const { seats } = setting.team;
  const values = new Map<Seat, number[]>();
  for (const seat of byLevelUpwards(seats)) {
    const { person, role } = seat;
    if (person.level === 4) {
      const share = role === person.role ? 1 : 0.4;
      const base = random.between(160_000, 280_000) * share;
      values.set(
        seat,
        setting.quarters.map(({ index }) => roundTo(base * (1 + 0.02 * index), 5000)),
      );
      continue;
    }
    const reports = reportsOf(seats, seat).filter((report) => report.person.isActive);
    values.set(
      seat,
      setting.quarters.map(({ index }) => {
        const sum = reports.reduce((total, report) => total + values.get(report)![index]!, 0);
        return Math.floor(sum / OVERASSIGNMENT[person.level] / 1000) * 1000;
      }),
    );
  }
  return seats.flatMap((seat) =>
    setting.quarters.flatMap((span) => quotasOf(setting, seat, span, values.get(seat)!)),
  );
};

const quotasOf = (setting: Setting, seat: Seat, span: QuarterSpan, values: readonly number[]): Quota[] => {
  if (!seat.person.isActive && span.startDay > leavingDay(setting)) return [];
  const value = values[span.index]!;
  const quota = (forecastId: ForecastId, amount: number): Quota => ({
    forecastId,
    personId: seat.person.id,
    roleId: seat.role.id,
    quarterId: span.quarter.id,
    value: amount,
  });
  return [
    quota("net_arr", value),
    quota("renewals", roundTo(value * RENEWALS_SHARE, 1000)),
    quota("net_arr_monthly", value),
  ];
};

const roundTo = (amount: number, step: number): number => Math.round(amount / step) * step;

const toCents = (amount: number): number => Math.round(amount * 100) / 100;
