/** A connector that asks for the same again, to see what the host makes of it: of others, and of an address. */

import { z } from "zod";
import { defineConnector, defineToolsOn, type Fetch } from "#connector";

interface Joiner {
  readonly fetch: Fetch;
  /** How often its own dataset was read. */
  readonly count: { terms: number };
}

const tool = defineToolsOn<Joiner>();
const closeFrom = z.string().describe("Deals that close from this day on.");

const joinDeals = tool({
  name: "joiner_get_deals",
  title: "Join deals",
  description: "Asks for the same deals twice at once, then through another dataset, then once more.",
  effect: "read",
  input: z.strictObject({ closeFrom, other: closeFrom.optional() }),
  output: z.object({ counts: z.array(z.int()), terms: z.int(), missing: z.array(z.string()) }),
  async handle({ closeFrom, other }, { datasets, api }) {
    const [one, two, terms] = await Promise.all([
      datasets.read("deals", { closeFrom, open: true }),
      datasets.read("deals", { open: true, closeFrom, ownerId: undefined }),
      datasets.read("terms", {}),
    ]);
    await datasets.read("terms", {});
    const last = await datasets.read("deals", { closeFrom: other ?? closeFrom, open: true });
    return {
      counts: [one, two, last].map(({ rows }) => rows.length).concat(terms.rows.length),
      terms: api.count.terms,
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

export default defineConnector({
  name: "joiner",
  title: "Joiner",
  config: z.strictObject({}),
  start: ({ fetch }): Joiner => ({ fetch, count: { terms: 0 } }),
  health: async () => ({ summary: "ready" }),
  tools: [joinDeals, getPage],
  datasets: {
    terms: {
      plan: () => [],
      // A dataset that reads another one, which the tool reads as well.
      async read(_, { datasets, clock, api }) {
        api.count.terms += 1;
        const { rows } = await datasets.read("deals", { closeFrom: "2026-10-01", open: true });
        return {
          rows: rows.map(({ name }) => ({ term: name, meaning: "A deal.", field: null })),
          asOf: new Date(clock.now()).toISOString(),
        };
      },
    },
  },
});
