import { z } from "zod";
import { defineToolsOn, HubError, openTable } from "../../connector/contract.ts";
import type { HubApi } from "../api.ts";

export default defineToolsOn<HubApi>()({
  name: "hub_get_more",
  title: "Get more rows",
  description:
    "The next rows of an answer that was cut: pass the cursor that stands beside its table. Kept for 15 minutes.",
  effect: "read",
  input: z.strictObject({ cursor: z.string().min(1).max(64).describe("The cursor of the cut table.") }),
  output: z.object({ rows: openTable() }),

  async handle({ cursor }, { api, principal }) {
    const held = api.held.take(principal, cursor);
    if (!held)
      throw new HubError("not_found", "There are no held rows under this cursor.", {
        hint: "They expire after 15 minutes. Ask the first question again.",
      });
    api.refuseKilled(held.connector);
    return { rows: { rows: [...held.rows], total: held.total, from: held.from } };
  },
});
