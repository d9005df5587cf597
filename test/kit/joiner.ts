/** A connector that asks for the same again, to see what the host makes of it: of others, and of an address. */

import { z } from "zod";
import { defineConnector, defineToolsOn, type Fetch } from "#connector";

interface Joiner {
  readonly fetch: Fetch;
  /** How often its own dataset was read. */
  readonly count: { risks: number };
}

const tool = defineToolsOn<Joiner>();
const closeFrom = z.string().describe("Deals that close from this day on.");

const joinDeals = tool({
  name: "joiner_get_deals",
  title: "Join deals",
  description: "Asks for the same deals twice at once, then through another dataset, then once more.",
  effect: "read",
  input: z.strictObject({ closeFrom, other: closeFrom.optional() }),
  output: z.object({ counts: z.array(z.int()), risks: z.int(), missing: z.array(z.string()) }),
  async handle({ closeFrom, other }, { datasets, api }) {
    const [one, two, risks] = await Promise.all([
      datasets.read("deals", { closeFrom, open: true }),
      datasets.read("deals", { open: true, closeFrom, ownerId: undefined }),
      datasets.read("dealRisks", { ids: [] }),
    ]);
    await datasets.read("dealRisks", { ids: [] });
    const last = await datasets.read("deals", { closeFrom: other ?? closeFrom, open: true });
    return {
      counts: [one, two, last].map(({ rows }) => rows.length).concat(risks.rows.length),
      risks: api.count.risks,
      missing: one.missing.map(({ code }) => code),
    };
  },
});

const getPage = tool({
  name: "joiner_get_page",
  title: "Get a page",
  description: "Asks an address for the same, twice at once and then once more.",
  effect: "read",
  input: z.strictObject({ url: z.string().describe("The address.") }),
  output: z.object({ statuses: z.array(z.int()) }),
  async handle({ url }, { api }) {
    const get = async () => api.fetch({ method: "GET", url, origin: new URL(url).origin });
    const answers = [...(await Promise.all([get(), get()])), await get()];
    return { statuses: answers.map(({ status }) => status) };
  },
});

const NEVER_SEEN = { stage: null, amount: null, closeDate: null };

export default defineConnector({
  name: "joiner",
  title: "Joiner",
  config: z.strictObject({}),
  start: ({ fetch }): Joiner => ({ fetch, count: { risks: 0 } }),
  health: async () => ({ summary: "ready" }),
  tools: [joinDeals, getPage],
  datasets: {
    dealRisks: {
      plan: () => [],
      // A dataset that reads another one, which the tool reads as well.
      async read(_, { datasets, clock, api }) {
        api.count.risks += 1;
        const { rows } = await datasets.read("deals", { closeFrom: "2026-10-01", open: true });
        return {
          rows: rows.map(({ id }) => ({ id, score: null, message: null, moves: [], seen: NEVER_SEEN })),
          asOf: new Date(clock.now()).toISOString(),
        };
      },
    },
  },
});
