/** How the forecasts we know by id stand with Clari, as far as exports have shown; nothing is asked for it. */
import type { Job } from "../answers.ts";
import type { Clari } from "../clari.ts";
import { FORECAST_ID } from "../settings.ts";
import type { ForecastRefusal } from "./known.ts";

export interface ForecastStanding {
  /** By the config; null: only ever asked for by its id. */
  readonly name: string | null;
  readonly id: string;
  /** Undefined: not asked for yet. */
  readonly state: "read" | ForecastRefusal | undefined;
  /** When it was asked for, epoch milliseconds. */
  readonly at: number | undefined;
}

/** The configured ones, then others that were asked for. */
export const forecastStandings = async ({
  settings,
  known,
}: Pick<Clari, "settings" | "known">): Promise<ForecastStanding[]> => {
  const seen = new Map((await known.forecasts()).map((one) => [one.id, one]));
  const standing = (name: string | null, id: string): ForecastStanding => {
    const one = seen.get(id);
    return { name, id, state: one && (one.refusal ?? "read"), at: one?.at };
  };
  const configured = Object.entries(settings.forecasts);
  const ids = new Set(configured.map(([, id]) => id));
  return [
    ...configured.map(([name, id]) => standing(name, id)),
    ...[...seen.keys()].filter((id) => !ids.has(id)).map((id) => standing(null, id)),
  ];
};

/** By the names of files that were finished, which begin with forecast and quarter: when each was last exported. */
export const lastExports = (jobs: readonly Job[]): Map<string, number> => {
  const exported = new Map<string, number>();
  for (const { status, fileName, endTime } of jobs) {
    const id = /^clari_export_(.+?)_\d{4}_Q[1-4]/.exec(fileName ?? "")?.[1];
    if (status === "DONE" && endTime !== undefined && id !== undefined && FORECAST_ID.test(id))
      exported.set(id, Math.max(endTime, exported.get(id) ?? 0));
  }
  return exported;
};
