/** Calls and adjustments: what people called, and what was adjusted, between two snapshots of the same forecast. */

import type { Call } from "#connector";
import type { Clari } from "../clari.ts";
import type { Entry } from "../forecast/forecast-entry.ts";
import type { Snapshot, SnapshotPair } from "../forecast/snapshots.ts";
import {
  type Change,
  endOf,
  failed,
  type Kind,
  nothing,
  type Range,
  startOf,
  type Told,
  type Value,
} from "./changes.ts";

/** Asks nobody: snapshots are in the state folder. */
export const snapshotsTold = async ({ from, to }: Range, { api, clock }: Call<Clari>): Promise<Told> => {
  try {
    const pairs = await api.snapshots.between(startOf(from), Math.min(endOf(to), clock.now()));
    if (pairs.length === 0) return nothing(NONE);
    return {
      changes: pairs.flatMap(changesBetween),
      unreadable: 0,
      ...(!pairs.every(areWhole) && { missing: UNEQUAL }),
    };
  } catch (error) {
    return failed(error);
  }
};

const NONE =
  "this hub keeps no two snapshots of one forecast from these days; each clari_get_forecast keeps one.";

const UNEQUAL =
  "a reading was too large or cut short and lacks values: only what both of two readings have was compared.";

const VALUES = {
  forecast: ({ forecastValue }: Entry) => forecastValue,
  adjustment: ({ adjustmentValue }: Entry) => adjustmentValue,
} as const satisfies Partial<Record<Kind, unknown>>;

/** What one of two readings lacks may have been there all the same. */
const areWhole = ({ before, after }: SnapshotPair): boolean =>
  [before, after].every(({ truncated, reading }) => !truncated && !reading.onlyFigures);

/** Of the latest week of each. Whoever is in one of them only has changed nothing: Clari leaves people out. */
const changesBetween = (pair: SnapshotPair): Change[] => {
  const { before, after } = pair;
  const { users, fields, weeks } = after.reading;
  const earlier = latestOf(before);
  const names = new Map(users.map(({ userId, name }) => [userId, name ?? null]));
  const labels = new Map(fields.map(({ fieldId, fieldName }) => [fieldId, fieldName ?? fieldId]));
  const known = new Set(before.reading.users.map(({ userId }) => userId));
  const isWhole = areWhole(pair);
  const isSameWeek = before.reading.weeks.at(-1)?.timeFrameId === weeks.at(-1)?.timeFrameId;

  return [...latestOf(after)].flatMap(([key, entry]) => {
    const { userId, fieldId, updatedOn } = entry;
    const old = earlier.get(key);
    if (!known.has(userId)) return [];
    return (["forecast", "adjustment"] as const).flatMap((kind): Change[] => {
      const from: Value = (old && VALUES[kind](old)) ?? null;
      const to: Value = VALUES[kind](entry) ?? null;
      // A new week begins with nothing; that takes nothing back.
      if (from === to || (to === null && !isSameWeek)) return [];
      if (!isWhole && (from === null || to === null)) return [];
      const isTimed = kind === "forecast" && updatedOn !== undefined;
      const isBetween = isTimed && before.asOf < updatedOn && updatedOn <= after.asOf;
      return [
        {
          kind,
          at: isBetween ? updatedOn : after.asOf,
          since: before.asOf,
          deal: null,
          caller: { id: userId.split(":")[0] || userId, name: names.get(userId) ?? null },
          fieldId,
          label: `${after.forecastId} ${after.period.timePeriodId}: ${labels.get(fieldId) ?? fieldId}`,
          from,
          to,
          person: null,
          tellers: ["snapshots"],
        },
      ];
    });
  });
};

const latestOf = ({ reading: { entries, weeks } }: Snapshot): ReadonlyMap<string, Entry> => {
  const latest = weeks.at(-1)?.timeFrameId;
  return new Map(
    entries
      .filter(({ timeFrameId }) => timeFrameId === latest)
      .map((entry) => [`${entry.userId} ${entry.fieldId}`, entry]),
  );
};
