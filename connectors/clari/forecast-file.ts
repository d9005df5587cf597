/** A forecast's file, read item by item into as little memory as its figures take. */
import { HubError } from "#connector";
import { type Entry, FORECAST_TABLES, type ForecastFile } from "./answers.ts";
import { type FileReader, shaped } from "./api.ts";

/** About sixty megabytes in memory: a file several times as large. */
const MOST_ENTRIES = 400_000;

type Tables = { -readonly [T in keyof ForecastFile]: ForecastFile[T][number][] };

export const readForecastFile = (): FileReader<ForecastFile> => {
  const tables: Tables = { entries: [], users: [], fields: [], timePeriods: [], timeFrames: [] };
  const once = interned();

  return {
    item(list, value) {
      if (!Object.hasOwn(tables, list)) return;
      const name = list as keyof Tables;
      const { length } = tables[name];
      const item = shaped(FORECAST_TABLES[name], value, `${name}.${length}`);
      if (name !== "entries") return void (tables[name] as unknown[]).push(item);
      if (length === MOST_ENTRIES) throw tooMany();
      tables.entries.push(compact(item as Entry, once));
    },
    end(lists) {
      const missing = Object.keys(tables).find((name) => !lists.has(name));
      if (missing ?? tables.timePeriods.length === 0)
        throw new HubError(
          "vendor_malformed",
          "Clari sent a forecast that lacks one of its tables; nothing of it was used.",
          { facts: { at: missing ?? "timePeriods" } },
        );
      return tables;
    },
  };
};

const compact = (entry: Entry, once: (text: string) => string): Entry => ({
  ...entry,
  userId: once(entry.userId),
  fieldId: once(entry.fieldId),
  timePeriodId: once(entry.timePeriodId),
  timeFrameId: once(entry.timeFrameId),
  ...(entry.currency && { currency: once(entry.currency) }),
});

/** One copy of each text, which holds nothing else: a part of a text keeps the whole of it in memory. */
const interned = () => {
  const known = new Map<string, string>();
  return (text: string): string => {
    const seen = known.get(text);
    if (seen !== undefined) return seen;
    const copy = Buffer.from(text).toString();
    known.set(copy, copy);
    return copy;
  };
};

const tooMany = (): HubError =>
  new HubError(
    "vendor_malformed",
    `This forecast has more than ${MOST_ENTRIES} values, more than are read; nothing of it was used.`,
    { hint: "Ask for one team with scope_id." },
  );
