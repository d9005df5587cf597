/** How long won deals stood in each stage. */
import { type Call, type DatasetQuery, parseQuarter, type StageAge } from "#connector";
import type { Revops } from "./settings.ts";

type Medians = ReadonlyMap<string, StageAge>;

/** Deals won since the same quarter of last year began: the question stays the same for a quarter. */
export const stageAgesQuery = (today: string, fiscalYearStartMonth: number): DatasetQuery<"stageAges"> => {
  const { start } = parseQuarter("current", today, fiscalYearStartMonth);
  return { since: `${Number(start.slice(0, 4)) - 1}${start.slice(4)}` };
};

/** Undefined when no system answers, which the answer then says. */
export const readStageAges = async (today: string, call: Call<Revops>): Promise<Medians | undefined> => {
  const { settings } = call.api;
  const { rows, systems, missing } = await call.datasets.read(
    "stageAges",
    stageAgesQuery(today, settings.fiscalYearStartMonth),
  );
  for (const { system, reason } of missing)
    call.notice(`Partial answer: stage age is not judged (${system}): ${reason}`);
  if (systems.length === 0) return undefined;
  return new Map(rows.map((age) => [age.stage, age]));
};
