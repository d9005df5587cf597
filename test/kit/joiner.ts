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

const joinInCircles = tool({
  name: "joiner_get_circle",
  title: "Ask in circles",
  description: "Asks for two datasets, each of which asks for the other one.",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({ missing: z.array(z.string()) }),
  plan: (_, { datasets }) => datasets.plan("terms", {}),
  async handle(_, { datasets }) {
    const answers = await Promise.all([datasets.read("forecastLines", {}), datasets.read("terms", {})]);
    return { missing: answers.flatMap(({ missing }) => missing.map(({ reason }) => reason)) };
  },
});

const getPeople = tool({
  name: "joiner_get_people",
  title: "Get people",
  description: "Asks for what is kept, and says of itself that it is as old as two times.",
  effect: "read",
  input: z.strictObject({ times: z.array(z.string()) }),
  output: z.object({ people: z.int() }),
  async handle({ times }, { datasets, source }) {
    for (const asOf of times) source({ asOf });
    return { people: (await datasets.read("people", {})).rows.length };
  },
});

const suggestCalls = tool({
  name: "joiner_suggest_calls",
  title: "Suggest calls",
  description: "The calls that would correct a score, by what the dataset suggests.",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({ tools: z.array(z.string().nullable()) }),
  async handle(_, { datasets }) {
    const { rows, correct } = await datasets.read("dealRisks", { ids: [] });
    const [first] = rows;
    const tools = ["joiner_get_page", "salesforce_update_field", "joiner_no_such_tool"].map(
      (value) =>
        correct({ id: first?.id ?? "", column: "message", value, reason: "a test of it" })?.tool ?? null,
    );
    return { tools };
  },
});

const NEVER_SEEN = { stage: null, amount: null, closeDate: null };

export default defineConnector({
  name: "joiner",
  title: "Joiner",
  config: z.strictObject({}),
  start: ({ fetch }): Joiner => ({ fetch, count: { risks: 0 } }),
  health: async () => ({ summary: "ready" }),
  tools: [joinDeals, getPage, joinInCircles, getPeople, suggestCalls],
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
          correct: ({ value }) => ({ tool: String(value), arguments: {} }),
        };
      },
    },
    forecastLines: {
      plan: (_, { datasets }) => datasets.plan("terms", {}),
      async read(_, { datasets, clock }) {
        await datasets.read("terms", {});
        return { rows: [], asOf: new Date(clock.now()).toISOString() };
      },
    },
    terms: {
      plan: (_, { datasets }) => datasets.plan("forecastLines", {}),
      async read(_, { datasets, clock }) {
        await datasets.read("forecastLines", {});
        return { rows: [], asOf: new Date(clock.now()).toISOString() };
      },
    },
  },
});
