import { z } from "zod";
import { defineToolsOn } from "#connector";
import type { Limits } from "../answers.ts";
import { requests } from "../api.ts";
import type { Clari } from "../clari.ts";
import { isLittleQuota, limitsInWords } from "../limits.ts";

export default defineToolsOn<Clari>()({
  name: "clari_get_admin_limits",
  title: "Get Clari's export limits",
  description: "How many exports are left in 30 rolling days and may run at once. Costs none.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({}),
  output: z.object({
    summary: z.string(),
    monthlyQuota: z.int(),
    left: z.int(),
    concurrentLimit: z.int(),
    freeSlots: z.int(),
    running: z.array(z.string()).describe("Job ids."),
  }),
  plan: (_, { api }) => [api.api.plan(requests.limits())],

  async handle(_, { api }) {
    const limits = await api.api.limits();
    return {
      summary: sentences(limits),
      monthlyQuota: limits.monthlyQuota,
      left: limits.availableMonthlyQuota,
      concurrentLimit: limits.concurrentLimit,
      freeSlots: limits.availableConcurrentLimit,
      running: limits.runningJobIds,
    };
  },
});

const sentences = (limits: Limits): string =>
  [
    `${limitsInWords(limits)}.`,
    limits.availableMonthlyQuota <= 0
      ? "No export can be made until some are older than 30 days; kept answers still come."
      : isLittleQuota(limits) && "Ask Clari only for what must be new.",
    limits.availableConcurrentLimit <= 0 && "A new export waits until one ends.",
  ]
    .filter(Boolean)
    .join(" ");
