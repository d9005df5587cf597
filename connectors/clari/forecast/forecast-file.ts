/**
 * A forecast's file, read item by item. A large organisation has thousands of fields of its own; of a file
 * with too many entries only those of the figures are kept, and since which fields these are is known only at
 * its end, it is then read a second time. A download costs no quota.
 */
import { HubError } from "#connector";
import { FORECAST_TABLES, type ForecastFile } from "../answers.ts";
import { type FileReader, shaped } from "../api.ts";
import type { Settings } from "../settings.ts";
import { type Entry, fieldIn, KINDS, kindsIn, readEntry } from "./forecast-entry.ts";
import { findFields } from "./forecast-figures.ts";

/** Some hundred people with all their fields and weeks: about ten megabytes in memory. */
const MOST_ENTRIES = 20_000;
/** Of the figures alone: several thousand people in every week of a quarter. */
const MOST_FIGURES = 400_000;

export interface ReadFile extends ForecastFile {
  /** The file was so large that entries of other fields were left out. */
  readonly onlyFigures: boolean;
}

type Tables = { -readonly [T in keyof ForecastFile]: ForecastFile[T][number][] };

/** `wanted`: the ids of the only fields to keep, the second time. */
export const readForecastFile = (
  configured: Settings["fields"],
  wanted?: ReadonlySet<string>,
): FileReader<ReadFile> => {
  const tables: Tables = { entries: [], users: [], fields: [], timePeriods: [], timeFrames: [] };
  const once = interned();
  /** The kinds of values seen in each field, as bits; kept when the entries are not. */
  const kinds = new Map<string, number>();
  let count = 0;

  const takeEntry = (sent: unknown) => {
    if (wanted) {
      if (!wanted.has(fieldIn(sent))) return;
      if (tables.entries.length === MOST_FIGURES) throw tooMany();
      tables.entries.push(readEntry(sent, once, count));
      return;
    }
    const field = fieldIn(sent);
    const seen = kinds.get(field) ?? 0;
    const all = seen | kindsIn(sent);
    if (all !== seen) kinds.set(once(field), all);
    // What is not kept is not even made: it would lie where only a full collection finds it.
    if (count < MOST_ENTRIES) tables.entries.push(readEntry(sent, once, count));
    else if (count === MOST_ENTRIES) tables.entries = [];
  };

  return {
    item(list, value) {
      if (list === "entries") {
        takeEntry(value);
        count += 1;
      } else if (Object.hasOwn(FORECAST_TABLES, list)) {
        const name = list as keyof typeof FORECAST_TABLES;
        const place = `${name}.${tables[name].length}`;
        (tables[name] as unknown[]).push(shaped(FORECAST_TABLES[name], value, place));
      }
    },
    end(lists) {
      const missing = Object.keys(tables).find((name) => !lists.has(name));
      if (missing ?? tables.timePeriods.length === 0)
        throw new HubError(
          "vendor_malformed",
          "Clari sent a forecast that lacks one of its tables; nothing of it was used.",
          { facts: { at: missing ?? "timePeriods" } },
        );
      if (wanted || count <= MOST_ENTRIES)
        return { content: { ...tables, onlyFigures: wanted !== undefined } };
      const { fields } = findFields(examplesOf(kinds), tables.fields, configured);
      return { again: () => readForecastFile(configured, new Set(Object.values(fields))) };
    },
  };
};

/** An entry for each field, with every kind of value that there is in it. */
const examplesOf = (kinds: ReadonlyMap<string, number>): Entry[] =>
  [...kinds].map(([fieldId, bits]) => ({
    ...{ fieldId, userId: "", timePeriodId: "", timeFrameId: "" },
    ...Object.fromEntries(KINDS.filter((_, n) => bits & (1 << n)).map((kind) => [kind, 0])),
  }));

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
    `This forecast has more than ${MOST_FIGURES} figures, more than are read; nothing of it was used.`,
    { hint: "Ask for one team with scope_id." },
  );
