/** A connector that asks for a dataset and shows what came, as an answer that joins systems would see it. */
import { z } from "zod";
import { type Correction, type DatasetName, defineConnector, defineToolsOn } from "#connector";

const read = defineToolsOn<null>()({
  name: "asker_get_dataset",
  title: "Read a dataset",
  description: "Shows the rows that the loaded connectors provide.",
  effect: "read",
  input: z.strictObject({
    dataset: z.string(),
    query: z.record(z.string(), z.unknown()),
    /** What to ask `correct` for, one after another. */
    corrections: z.array(z.record(z.string(), z.unknown())).default([]),
  }),
  output: z.object({
    rows: z.array(z.unknown()),
    missing: z.array(z.unknown()),
    unreadable: z.array(z.string()),
    asOf: z.string().nullable(),
    corrections: z.array(z.unknown()),
  }),
  plan: ({ dataset, query }, { datasets }) => datasets.plan(dataset as DatasetName, query as never),
  async handle({ dataset, query, corrections }, { datasets }) {
    const answer = await datasets.read(dataset as DatasetName, query as never);
    const { rows, missing, unreadable, asOf } = answer;
    return {
      rows: [...rows],
      missing: [...missing],
      unreadable: [...unreadable],
      asOf,
      corrections: corrections.map((one) => answer.correct(one as unknown as Correction<never>) ?? null),
    };
  },
});

export default defineConnector({
  name: "asker",
  title: "Asker",
  config: z.strictObject({}),
  start: () => null,
  health: async () => ({ summary: "asks" }),
  tools: [read],
});
