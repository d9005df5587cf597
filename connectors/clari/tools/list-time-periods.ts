import { z } from "zod";
import { dayIn, defineToolsOn, table } from "#connector";
import type { Clari } from "../clari.ts";
import { fiscalCalendar } from "../forecast/fiscal-calendar.ts";

export default defineToolsOn<Clari>()({
  name: "clari_list_time_periods",
  title: "List fiscal quarters",
  description:
    "Fiscal quarters around today. Clari cannot list them: source says whether an earlier export showed one, or the configured calendar.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({}),
  output: z.object({
    current: z.string().optional(),
    periods: table({
      id: z.string(),
      from: z.string(),
      to: z.string(),
      source: z.enum(["clari", "calendar"]),
      readAt: z.string().nullable(),
    }),
  }),

  async handle(_, { api, clock, notice, source }) {
    const { quarters, differing } = await fiscalCalendar(api);
    const today = dayIn("UTC", clock.now());
    const current = quarters.filter(({ from, to }) => from <= today && today <= to);
    // Where the two overlap, Clari is right.
    const [{ id } = { id: undefined }] = current.filter(({ source }) => source === "clari").concat(current);
    if (differing.length > 0)
      notice(
        `Clari's ${differing.join(", ")} begins in another month than the configured calendar says: set "fiscalYearStartMonth" in the connector's config.`,
      );
    const times = quarters.flatMap(({ at }) => at ?? []);
    source({ ...(times.length > 0 && { asOf: new Date(Math.min(...times)).toISOString() }), cached: true });
    return {
      ...(id && { current: id }),
      periods: {
        rows: quarters.map(({ at, ...one }) => ({
          ...one,
          readAt: at === undefined ? null : new Date(at).toISOString(),
        })),
        total: quarters.length,
      },
    };
  },
});
