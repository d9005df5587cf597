import { z } from "zod";
import { defineToolsOn, table } from "../../connector/contract.ts";
import type { HubApi } from "../api.ts";

export default defineToolsOn<HubApi>()({
  name: "hub_status",
  title: "Hub status",
  description:
    "What this hub can do right now: systems and why one is missing, read-only, kill switch, audit trail. Asks no system.",
  effect: "read",
  input: z.strictObject({}),
  output: z.object({
    version: z.string(),
    readOnly: z.boolean(),
    toolsets: z.array(z.string()).optional(),
    writesStopped: z.string().optional().describe("Why writes are stopped, if they are."),
    killed: z.array(z.string()).describe("Systems under the kill switch; * is the whole hub."),
    systems: table({
      name: z.string(),
      title: z.string(),
      state: z.enum(["ready", "failed"]),
      tools: z.int(),
      reason: z.string().nullable(),
      hint: z.string().nullable(),
      findings: z.string().nullable().describe("What was found not well at first use, and what to do."),
      lastAnswerAt: z.string().nullable(),
      lastFailureAt: z.string().nullable(),
    }),
    trail: z.object({
      hubId: z.string(),
      entries: z.int(),
      damage: z.string().optional(),
      unsettled: z.array(z.int()).optional().describe("Writes of unknown outcome: revops-hub reconcile."),
    }),
  }),

  async handle(_, { api, principal }) {
    return api.status(principal);
  },
});
