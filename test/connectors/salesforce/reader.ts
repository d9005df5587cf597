/** A connector that only asks the host for deals, as the joining connectors do. */
import { z } from "zod";
import { DATASETS, defineConnector, defineToolsOn, table } from "#connector";

const listDeals = defineToolsOn<object>()({
  name: "reader_list_deals",
  title: "List deals",
  description: "Deals as the host knows them.",
  effect: "read",
  input: DATASETS.deals.query.unwrap().strict(),
  output: z.object({
    rows: table(DATASETS.deals.row.unwrap().shape),
    missing: z.array(z.string()),
    unreadable: z.array(z.string()),
  }),
  plan: (query, { datasets }) => datasets.plan("deals", query),
  async handle(query, { datasets }) {
    const { rows, missing, unreadable } = await datasets.read("deals", query);
    return {
      rows: { rows: [...rows], total: rows.length },
      missing: missing.map(({ reason }) => reason),
      unreadable: [...unreadable],
    };
  },
});

export default defineConnector({
  name: "reader",
  title: "Reader",
  config: z.strictObject({}),
  start: () => ({}),
  health: async () => ({ summary: "ready" }),
  tools: [listDeals],
});
