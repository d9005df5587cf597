/** Reads a dataset from every connector that provides it, and names those that could not answer. */
import { z } from "zod";
import { HubError, toHubError } from "../errors.ts";
import { canonical } from "../trail/canonical.ts";
import type { Call, Clock, DatasetAnswer, DatasetPlans, DatasetProvider, Datasets } from "./contract.ts";
import {
  type Correction,
  DATASETS,
  type DatasetName,
  type DatasetQuery,
  type DatasetRow,
  REFERENCE_DATASETS,
  type SuggestedCall,
} from "./datasets.ts";
import { oldest } from "./quarter.ts";
import type { Supervised } from "./supervise.ts";

export interface JoinOptions {
  /** Whether the kill switch is on for this connector. */
  readonly refuse: (connector: string) => boolean;
  /** Whether the call was cancelled or its time is up. */
  readonly isOver: () => boolean;
  readonly warn: (system: string, dataset: DatasetName, error: HubError) => void;
  /** As clients see it, the name of a tool of this system; undefined when the principal may not use it. */
  readonly shownName: (system: string, declared: string) => string | undefined;
  /** Runs one provider's reading within its share of the call's time. */
  readonly read: <T>(connector: Supervised, work: (call: Call<unknown>) => Promise<T>) => Promise<T>;
}

interface Answered<D extends DatasetName> {
  readonly system: string;
  readonly rows: readonly DatasetRow<D>[];
  readonly asOf: string;
  readonly unreadable: readonly string[];
  readonly correct: (correction: Correction<D>) => SuggestedCall | undefined;
}

type Missing = DatasetAnswer<DatasetName>["missing"][number];

export const readDatasets = (
  supervised: readonly Supervised[],
  { refuse, read, isOver, warn, shownName }: JoinOptions,
): Datasets => ({
  async read<D extends DatasetName>(dataset: D, query: DatasetQuery<D>): Promise<DatasetAnswer<D>> {
    const providers = providersOf(supervised, dataset);
    const readings = await Promise.all(
      providers.map(async (connector): Promise<Answered<D> | Missing> => {
        const system = connector.name;
        try {
          if (connector.failure) throw connector.failure;
          if (refuse(system)) throw new HubError("killed", `The kill switch is on for ${system}.`);
          return await read(connector, async (call) => {
            const reading = await providerOf(connector, dataset).read(query, call);
            const { rows, asOf, unreadable = [], correct = () => undefined } = reading;
            call.source(REFERENCE_DATASETS.has(dataset) ? { reference: { [dataset]: asOf } } : { asOf });
            return { system, rows: checkedRows(dataset, rows, system), asOf, unreadable, correct };
          });
        } catch (thrown) {
          const error = toHubError(thrown);
          // The call itself is over: that is no failure of this system.
          if (isOver()) throw error;
          warn(system, dataset, error);
          return { system, code: error.code, reason: error.message };
        }
      }),
    );
    const answered = readings.filter((reading) => "rows" in reading);
    const missing = readings.filter((reading) => "reason" in reading);
    if (providers.length === 0)
      missing.push({
        system: dataset,
        code: "config",
        reason: `No connector in this hub provides ${dataset}.`,
      });
    // Made when first a correction is asked for; then there may be one for each row.
    let owners: ReadonlyMap<string, Answered<D>> | undefined;
    return {
      rows: answered.flatMap(({ rows }) => rows),
      unreadable: [...new Set(answered.flatMap(({ unreadable }) => unreadable))],
      systems: answered.map(({ system }) => system),
      asOf: oldest(answered.map(({ asOf }) => asOf)) ?? null,
      missing,
      correct(correction) {
        owners ??= ownersOf(answered);
        const owner = owners.get(correction.id);
        const suggested = owner?.correct(correction);
        if (!owner || !suggested) return undefined;
        const tool = shownName(owner.system, suggested.tool);
        return tool === undefined ? undefined : { ...suggested, tool };
      },
    };
  },
});

/** By the id of each row; of an id that two systems have, the first. */
const ownersOf = <D extends DatasetName>(answered: readonly Answered<D>[]) => {
  const owners = new Map<string, Answered<D>>();
  for (const one of answered)
    for (const row of one.rows)
      if ("id" in row && typeof row.id === "string" && !owners.has(row.id)) owners.set(row.id, one);
  return owners;
};

/** @param behind the questions that are being planned, for none of which itself may be asked */
export const planDatasets = (
  supervised: readonly Supervised[],
  clock: Clock,
  behind: readonly string[] = [],
): DatasetPlans => ({
  async plan(dataset, query) {
    const question = questionOf(dataset, query);
    if (behind.includes(question)) throw askedForItself(dataset);
    const ready = providersOf(supervised, dataset).filter(({ failure }) => !failure);
    const datasets = planDatasets(supervised, clock, [...behind, question]);
    const plans = ready.map(async (one) =>
      providerOf(one, dataset).plan(query, { api: one.api, clock, datasets }),
    );
    return (await Promise.all(plans)).flat();
  },
});

/** The same for equal queries, in whatever order their terms stand. */
export const questionOf = <D extends DatasetName>(dataset: D, query: DatasetQuery<D>): string =>
  `${dataset} ${canonical(query)}`;

/** Otherwise it would wait for its own answer. */
export const askedForItself = (dataset: DatasetName): HubError =>
  new HubError("internal", `A connector asks for ${dataset} in order to answer ${dataset}.`, {
    hint: "Its author must correct this.",
  });

const providersOf = (supervised: readonly Supervised[], dataset: DatasetName) =>
  supervised.filter(({ connector }) => connector?.datasets?.[dataset]);

const providerOf = <D extends DatasetName>({ connector }: Supervised, dataset: D) =>
  connector?.datasets?.[dataset] as unknown as DatasetProvider<unknown, D>;

/** A connector may be someone else's: rows that do not fit the contract are not joined with rows that do. */
const checkedRows = <D extends DatasetName>(dataset: D, rows: readonly DatasetRow<D>[], system: string) => {
  const result = z.array(DATASETS[dataset].row as unknown as z.ZodType<DatasetRow<D>>).safeParse(rows);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new HubError(
    "vendor_malformed",
    `${system} provides ${dataset} that do not fit (${path.join(".")}: ${message}).`,
  );
};
