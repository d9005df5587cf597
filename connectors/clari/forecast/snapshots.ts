/**
 * Forecasts as they were read. Clari's own past cannot be had again: values are edited afterwards, and
 * whoever leaves vanishes from every quarter. So each reading is kept, for the Clari user who made it.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Clock, KeyedStore } from "#connector";
import type { TimePeriod } from "../answers.ts";
import { ticketKey } from "../exports/tickets.ts";
import { DAY } from "../values.ts";
import type { ForecastReading } from "./forecast-reading.ts";
import type { Viewer } from "./viewer.ts";

/** Which forecast: equal ones are snapshots of one thing at different times. */
export interface SnapshotSubject {
  readonly forecastId: string;
  /** As asked for; undefined: all that the token's user sees. */
  readonly scopeId?: string;
  /** As asked for; undefined: the organisation's. */
  readonly currency?: string;
}

export interface SnapshotHead extends SnapshotSubject {
  readonly period: TimePeriod;
  /** When Clari had finished the export, epoch milliseconds. */
  readonly asOf: number;
  /** Every week of the quarter up to then, not the latest alone. */
  readonly everyWeek: boolean;
  /** Without CRM totals, which this Clari did not export. */
  readonly reduced: boolean;
  /** Clari had left rows out. */
  readonly truncated: boolean;
}

export interface Snapshot extends SnapshotHead {
  readonly reading: ForecastReading;
}

/** The same forecast at two times, `before` being the older. */
export interface SnapshotPair {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

export interface SnapshotQuery extends SnapshotSubject {
  /** Undefined: the quarter that held the day of the moment asked for. */
  readonly periodId?: string;
  readonly everyWeek?: true;
}

export interface Snapshots {
  /** False if it is too large to keep, or nothing is kept at all. */
  keep(snapshot: Snapshot): Promise<boolean>;
  /** The newest at or before `at` (epoch milliseconds). */
  newest(query: SnapshotQuery, at: number): Promise<Snapshot | undefined>;
  /** When the oldest that there is was taken, whatever its quarter if none is named. */
  oldest(query: SnapshotQuery): Promise<number | undefined>;
  /**
   * Each forecast and quarter as it stood at two moments (epoch milliseconds): the newest at or before each
   * of them, or the first after `from`. Teams are left out where the whole is there; one of
   * which there is one snapshot only is no pair.
   */
  between(from: number, to: number): Promise<readonly SnapshotPair[]>;
}

/** A company of a thousand people in all weeks of a quarter; about half a megabyte once compressed. */
export const MOST_ENTRIES_KEPT = 60_000;
/** Younger ones are all kept, older ones one a day. */
const ALL_KEPT_MS = 2 * DAY;

/** By its head, a process that has long been running finds what it has to delete from disk. */
const HEADS_OUTLIVE_MS = 30 * DAY;

/** Of a key's last part. */
const TIME_LENGTH = "2026-11-21T09:00:00.000Z".length;

type Kept = { readonly key: string; readonly value: SnapshotHead };

export const createSnapshots = (options: {
  readonly store: KeyedStore;
  readonly clock: Clock;
  readonly viewer: Viewer;
  readonly keepDays: number;
}): Snapshots => {
  const { store, clock, viewer, keepDays } = options;
  const keptMs = keepDays * DAY;

  const isTooOld = ({ value }: Kept): boolean => keepDays === 0 || clock.now() - value.asOf > keptMs;

  const everyones = async (whose = ""): Promise<readonly Kept[]> =>
    (await store.list<SnapshotHead>(`snapshot ${whose}`)).toSorted((a, b) => a.value.asOf - b.value.asOf);
  /** What expires by itself was written under the days then configured. */
  const heads = async (): Promise<readonly Kept[]> =>
    (await everyones(`${await viewer.current()} `)).filter((one) => !isTooOld(one));
  const read = async ({ key, value }: Kept): Promise<Snapshot | undefined> => {
    const body = await store.get<string>(bodyKey(key));
    return body === undefined ? undefined : { ...value, reading: await unpacked(body) };
  };

  /** One a day of what is older than a few days, and nothing that is too old, whoever read it. */
  const thin = async () => {
    const now = clock.now();
    const lastOfDay = new Map<string, Kept>();
    for (const one of await everyones()) {
      const { asOf } = one.value;
      const day = `${one.key.slice(0, -TIME_LENGTH)}${dayOf(asOf)}`;
      const earlier = lastOfDay.get(day);
      lastOfDay.set(day, one);
      if (earlier && now - earlier.value.asOf > ALL_KEPT_MS) await drop(earlier);
      if (isTooOld(one)) await drop(one);
    }
  };
  const drop = async ({ key }: Kept) => {
    await store.delete(key);
    await store.delete(bodyKey(key));
  };

  const keep = async ({ reading, ...head }: Snapshot): Promise<boolean> => {
    await thin();
    if (keepDays === 0 || reading.entries.length > MOST_ENTRIES_KEPT) return false;
    const { forecastId, scopeId, currency, period, everyWeek } = head;
    const subject = ticketKey(forecastId, scopeId, currency, period.timePeriodId, everyWeek);
    const key = `snapshot ${await viewer.current()} ${subject} ${new Date(head.asOf).toISOString()}`;
    // The figures first: a head promises that they are there.
    const expiresAt = head.asOf + keptMs;
    await store.put(bodyKey(key), await packed(reading), { expiresAt });
    await store.put(key, head, { expiresAt: expiresAt + HEADS_OUTLIVE_MS });
    return true;
  };
  /** Callers that share one result keep it once. */
  const keeping = new WeakMap<ForecastReading, Promise<boolean>>();

  return {
    keep(snapshot) {
      const { reading } = snapshot;
      const kept = keeping.get(reading) ?? keep(snapshot);
      keeping.set(reading, kept);
      return kept;
    },

    async newest(query, at) {
      const day = dayOf(at);
      const fits = (await heads()).filter(
        ({ value }) =>
          value.asOf <= at &&
          isAbout(value, query) &&
          (query.periodId !== undefined || holds(value.period, day)),
      );
      const last = fits.at(-1);
      return last && read(last);
    },

    async oldest(query) {
      return (await heads()).find(({ value }) => isAbout(value, query))?.value.asOf;
    },

    async between(from, to) {
      const known = (await heads()).filter(({ value }) => value.asOf <= to);
      const subjects = [...Map.groupBy(known, ({ value }) => subjectOf(value)).values()].filter(
        ([first]) => !first!.value.scopeId || !known.some(({ value }) => isWholeOf(value, first!.value)),
      );
      const pairs = await Promise.all(
        subjects.map(async (kept): Promise<SnapshotPair[]> => {
          const first = kept.findLast(({ value }) => value.asOf <= from) ?? kept[0]!;
          const last = kept.at(-1)!;
          if (first.value.asOf >= last.value.asOf) return [];
          const [before, after] = await Promise.all([read(first), read(last)]);
          return before && after ? [{ before, after }] : [];
        }),
      );
      return pairs.flat();
    },
  };
};

const bodyKey = (key: string): string => `figures${key.slice("snapshot".length)}`;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const subjectOf = ({ forecastId, scopeId = "", currency = "", period }: SnapshotHead): string =>
  [forecastId, period.timePeriodId, scopeId, currency].join(" ");

const isWholeOf = (whole: SnapshotHead, team: SnapshotHead): boolean =>
  !whole.scopeId && subjectOf(whole) === subjectOf({ ...team, scopeId: "" });

const isAbout = (head: SnapshotHead, query: SnapshotQuery): boolean =>
  head.forecastId === query.forecastId &&
  head.scopeId === query.scopeId &&
  head.currency === query.currency &&
  (query.periodId === undefined || head.period.timePeriodId === query.periodId) &&
  (!query.everyWeek || head.everyWeek);

const holds = ({ startDate, endDate }: TimePeriod, day: string): boolean =>
  !!startDate && !!endDate && startDate <= day && day <= endDate;

// --- on disk ---------------------------------------------------------------------------------------

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Addresses of people are nobody's figure. */
const packed = async (reading: ForecastReading): Promise<string> => {
  const users = reading.users.map(({ email: _, ...user }) => user);
  return (await zip(JSON.stringify({ ...reading, users }))).toString("base64");
};

const unpacked = async (body: string): Promise<ForecastReading> =>
  JSON.parse((await unzip(Buffer.from(body, "base64"))).toString("utf8"));
