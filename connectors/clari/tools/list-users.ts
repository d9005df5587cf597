import { z } from "zod";
import { type Call, defineToolsOn, table, toId18 } from "#connector";
import type { ForecastUser } from "../answers.ts";
import type { Clari } from "../clari.ts";
import { stillRunning } from "../exports/running.ts";
import { type ForecastOrder, forecastOrder } from "../forecast/forecast.ts";
import { readForecastOf } from "../forecast/forecast-read.ts";
import { type Hierarchy, hierarchyOf, personOf, scopeIdOf } from "../forecast/hierarchy.ts";
import { forecastId } from "../params.ts";

const words = z.string().nullable();

export default defineToolsOn<Clari>()({
  name: "clari_list_users",
  title: "List who forecasts in Clari",
  description:
    "A forecast's hierarchy, from the top, with the scope_id of each. Clari cannot list users: they come from a forecast export.",
  effect: "read",
  toolsets: ["admin"],
  input: z.strictObject({ forecast_id: forecastId.optional() }),
  output: z.object({
    forecastId: z.string(),
    people: z.int(),
    users: table({
      name: words,
      role: words,
      manager: words,
      level: z.int().nullable(),
      crmId: words,
      scopeId: words,
    }),
  }),
  plan: ({ forecast_id }, { api }) => api.exports.plan(orderOf(api, forecast_id)),

  async handle({ forecast_id }, call) {
    const order = orderOf(call.api, forecast_id);
    const { users, truncated } = await usersOf(order, call);
    call.notice("Only people who are opted in to this forecast now, within what the token's user sees.");
    if (truncated) call.notice("Clari cut this export: people may be missing.");
    const rows = fromTop(hierarchyOf(users), users);
    return {
      forecastId: order.forecastId,
      people: new Set(users.map(personOf)).size,
      users: { rows, total: rows.length, page: ROWS_PER_ANSWER },
    };
  },
});

/** A hierarchy is read as a whole. */
const ROWS_PER_ANSWER = 200;

/** Teams change more slowly than figures. */
const KEPT_IS_ENOUGH_MS = 24 * 3_600_000;

/** Of a forecast that was read within a day, else of a new reading, which is kept as any other. */
const usersOf = async (order: ForecastOrder, call: Call<Clari>) => {
  const { api, clock, source } = call;
  const kept = await api.snapshots.newest({ forecastId: order.forecastId }, clock.now());
  const isEnough = kept && clock.now() - kept.asOf < KEPT_IS_ENOUGH_MS;
  const read = isEnough ? { ...kept, cached: true } : await readForecastOf(order, call);
  if ("status" in read) throw stillRunning(read.jobId);
  source({ asOf: new Date(read.asOf).toISOString(), cached: read.cached });
  return { users: read.reading.users, truncated: read.truncated };
};

/** The request of a forecast of the current quarter: whoever asks for both pays for one. */
const orderOf = (api: Clari, forecast_id: string | undefined) =>
  forecastOrder(api, { forecast_id, view: "summary" });

/** Each team below its manager; whoever stands in a circle comes last, without a level. */
const fromTop = ({ roots, reportsOf }: Hierarchy, users: readonly ForecastUser[]) => {
  const roles = Map.groupBy(users, ({ hierarchyId }) => hierarchyId ?? "");
  const managerOf = ({ parentHierarchyId }: ForecastUser) => [
    ...new Set((parentHierarchyId && roles.get(parentHierarchyId)?.flatMap(({ name }) => name ?? [])) || []),
  ];
  const seen = new Set<ForecastUser>();
  const rows: ReturnType<typeof rowOf>[] = [];
  const visit = (user: ForecastUser, level: number | null) => {
    if (seen.has(user)) return;
    seen.add(user);
    rows.push(rowOf(user, level, managerOf(user)));
    for (const report of reportsOf(user)) visit(report, level === null ? null : level + 1);
  };
  for (const root of roots) visit(root, 1);
  for (const user of users) visit(user, null);
  return rows;
};

const rowOf = (user: ForecastUser, level: number | null, managers: readonly string[]) => ({
  name: user.name ?? user.userId,
  role: user.hierarchyName ?? null,
  manager: managers.join(", ") || null,
  level,
  crmId: (user.crmId && toId18(user.crmId)) || null,
  scopeId: scopeIdOf(user.scopeId),
});
