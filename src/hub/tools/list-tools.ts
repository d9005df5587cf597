import { z } from "zod";
import { defineToolsOn, table } from "../../connector/contract.ts";
import type { HubApi } from "../api.ts";

export default defineToolsOn<HubApi>()({
  name: "hub_list_tools",
  title: "List the tools",
  description: "The tools as offered here: whose they are, whether they read or write, what they take.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({}),
  output: z.object({
    tools: table({
      name: z.string(),
      connector: z.string(),
      effect: z.enum(["read", "write"]),
      title: z.string(),
      description: z.string(),
      arguments: z.string(),
      toolsets: z.string(),
    }),
  }),

  async handle(_, { api, principal }) {
    const rows = [...api.catalog(principal)];
    return { tools: { rows, total: rows.length } };
  },
});
