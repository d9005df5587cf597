import { z } from "zod";
import { defineToolsOn, table } from "../../connector/contract.ts";
import type { HubApi } from "../api.ts";

const words = z.string().nullable();

export default defineToolsOn<HubApi>()({
  name: "hub_read_trail",
  title: "Read the trail",
  description:
    "Your own latest entries of the audit trail, newest first: what was called, how it ended. No values.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({}),
  output: z.object({
    entries: table({
      sequence: z.int(),
      at: z.string(),
      kind: z.string(),
      tool: words,
      outcome: words,
      code: words,
      client: words,
      upstream: z.string(),
      targets: z.string(),
      intent: z.int().nullable(),
    }),
    looked: z.int().describe("So many of the latest entries were looked through."),
  }),

  async handle(_, { api, principal }) {
    const { rows, looked } = api.trail(principal);
    return { entries: { rows, total: rows.length }, looked };
  },
});
