/**
 * Whether an export whose submission was lost answers a question, told from what is in it: Clari's list of
 * jobs shows neither scope nor weeks nor types, and somebody else with the same token may have asked for others.
 */
import { daysBetween } from "#connector";
import type { Clari } from "../clari.ts";
import type { Recognise } from "../exports/submission.ts";
import { type Entry, KINDS } from "./forecast-entry.ts";
import { type ForecastReading, firstDay } from "./forecast-reading.ts";
import { hierarchyOf, scopeIdOf } from "./hierarchy.ts";

export interface Sought {
  readonly forecastId: string;
  readonly scopeId: string | undefined;
  readonly currency: string | undefined;
  readonly everyWeek: boolean;
}

/**
 * A team says who it is; the whole does not, and is known by those at the top of the last one that was read.
 * Undefined where none was read: a second export costs less than a team's numbers under the company's name.
 */
export const recogniseForecast = async (
  { forecastId, scopeId, currency, everyWeek }: Sought,
  { snapshots, clock }: Pick<Clari, "snapshots" | "clock">,
): Promise<Recognise<ForecastReading> | undefined> => {
  const whole = await snapshots.newest({ forecastId }, clock.now());
  if (!scopeId && !whole) return undefined;
  const top = whole && topIn(whole.reading);
  return (reading, reduced) =>
    (scopeId ? isTeamOf(scopeId, reading) : top !== "" && topIn(reading) === top) &&
    (everyWeek ? hasEveryWeek(reading) : reading.weeks.length <= 1) &&
    (!currency || reading.entries.every((entry) => entry.currency === currency)) &&
    hasAllTypes(reading, (!scopeId && whole?.reading.entries) || [], reduced);
};

const topIn = ({ users }: ForecastReading): string =>
  hierarchyOf(users)
    .roots.map(({ userId }) => userId)
    .sort()
    .join(" ");

const isTeamOf = (scopeId: string, { users }: ForecastReading): boolean => {
  const { roots } = hierarchyOf(users);
  return roots.length > 0 && roots.every((user) => scopeIdOf(user.scopeId) === scopeId);
};

/** In a quarter's first week there is no more than that one. */
const hasEveryWeek = ({ weeks, period }: ForecastReading): boolean => {
  const [first] = weeks;
  return (
    weeks.length > 1 || (!!first && !!period?.startDate && daysBetween(period.startDate, firstDay(first)) < 7)
  );
};

type Kind = (typeof KINDS)[number];

const ALWAYS: readonly Kind[] = ["forecastValue", "quotaValue", "aggregationTotal"];
/** Of the types that a Clari may refuse. */
const OF_CRM: ReadonlySet<Kind> = new Set<Kind>(["aggregationTotal", "closedValue"]);

/** Every kind of value that the forecast is known to have. */
const hasAllTypes = ({ entries }: ForecastReading, known: readonly Entry[], reduced: boolean): boolean => {
  const there = new Set(kindsIn(entries));
  return [...ALWAYS, ...kindsIn(known)].every((kind) => there.has(kind) || (reduced && OF_CRM.has(kind)));
};

const kindsIn = (entries: readonly Entry[]): readonly Kind[] =>
  KINDS.filter((kind) => entries.some((entry) => entry[kind] !== undefined));
