/** How long won deals stood in each stage: read by who looks at every deal, kept a day for who may not ask more. */
import { type Call, type DatasetQuery, parseQuarter, type StageAge } from "#connector";
import type { Revops } from "./settings.ts";

const KEPT_MS = 24 * 60 * 60_000;

interface Kept {
  readonly at: string;
  readonly ages: readonly StageAge[];
}

type Medians = ReadonlyMap<string, StageAge>;

/** Deals won since the same quarter of last year began: the question stays the same for a quarter. */
export const stageAgesQuery = (today: string, fiscalYearStartMonth: number): DatasetQuery<"stageAges"> => {
  const { start } = parseQuarter("current", today, fiscalYearStartMonth);
  return { since: `${Number(start.slice(0, 4)) - 1}${start.slice(4)}` };
};

/** Undefined when no system answers, which the answer then says. */
export const readStageAges = async (today: string, call: Call<Revops>): Promise<Medians | undefined> => {
  const { settings, store } = call.api;
  const { rows, systems, missing, asOf } = await call.datasets.read(
    "stageAges",
    stageAgesQuery(today, settings.fiscalYearStartMonth),
  );
  for (const { system, reason } of missing)
    call.notice(`Partial answer: stage age is not judged (${system}): ${reason}`);
  if (systems.length === 0 || asOf === null) return undefined;
  await store
    .put(keyFor(call), { at: asOf, ages: rows } satisfies Kept, { expiresAt: Date.parse(asOf) + KEPT_MS })
    .catch((error: unknown) => call.log.warn({ err: error }, "the stage ages could not be kept"));
  return byStage(rows);
};

/** Those read within a day for the same person; none when nobody asked. Sends no request. */
export const keptStageAges = async (call: Call<Revops>): Promise<Medians> => {
  const kept = await call.api.store.get<Kept>(keyFor(call));
  if (kept) call.source({ reference: { stageAges: kept.at } });
  return byStage(kept?.ages ?? []);
};

const keyFor = ({ principal }: Call<Revops>) => `stage ages ${principal.id}`;

const byStage = (ages: readonly StageAge[]): Medians => new Map(ages.map((age) => [age.stage, age]));
