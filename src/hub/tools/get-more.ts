import { z } from "zod";
import { defineToolsOn } from "../../connector/contract.ts";
import { refuseUnknownColumns } from "../../middleware/columnar.ts";
import type { HubApi } from "../api.ts";
import { heldRows } from "../held-rows.ts";

export default defineToolsOn<HubApi>()({
  name: "hub_get_more",
  title: "Get more rows",
  description:
    "The next rows of an answer that was cut: pass the cursor that stands beside its table. Kept for 15 minutes.",
  effect: "read",
  input: z.strictObject({
    cursor: z.string().min(1).max(64).describe("The cursor of the cut table."),
    limit: z.int().min(1).max(1_000).optional().describe("Most rows."),
    fields: z.array(z.string()).min(1).optional().describe("Only these columns."),
  }),
  output: z.object({ rows: heldRows, link: z.string().optional() }),

  async handle({ cursor, limit, fields }, { api, principal }) {
    const { columns, shared, systems, link } = api.held.take(principal, cursor);
    for (const system of systems) api.refuseKilled(system);
    if (fields) refuseUnknownColumns(fields, [...columns, ...Object.keys(shared)]);
    return {
      rows: { cursor, ...(limit !== undefined && { page: limit }), ...(fields && { fields }) },
      ...(link && { link }),
    };
  },
});
