import { z } from "zod";
import { defineToolsOn } from "../../connector/contract.ts";
import type { HubApi } from "../api.ts";
import { cursorTo } from "../held.ts";
import { heldRows } from "../held-rows.ts";

/** Behind `revops://rows/{cursor}`. */
export default defineToolsOn<HubApi>()({
  name: "hub_read_rows",
  title: "Read all held rows",
  description: "All rows of an answer that was cut, from the first on, wherever its cursor stands.",
  effect: "read",
  unlisted: true,
  input: z.strictObject({ cursor: z.string().min(1).max(64).describe("A cursor of the cut table.") }),
  output: z.object({ rows: heldRows, link: z.string().optional() }),

  async handle({ cursor }, { api, principal }) {
    const { result, systems, link } = api.held.take(principal, cursor);
    for (const system of systems) api.refuseKilled(system);
    return { rows: { cursor: cursorTo(result, 0) }, ...(link && { link }) };
  },
});
