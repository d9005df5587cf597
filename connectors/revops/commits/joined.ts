/** What is known about the Commit deals beyond the deals themselves; whatever does not come is named. */
import { type Call, type DatasetQuery, type Deal, type DealRisk, oldest } from "#connector";
import type { Lack } from "../lacks.ts";
import type { Revops } from "../settings.ts";

export interface Joined {
  readonly risks: ReadonlyMap<string, DealRisk>;
  /** Those that answered. */
  readonly forecastSystems: readonly string[];
  /** First day with a meeting, by deal; null: none. Undefined: nobody knows. */
  readonly nextEvents: ReadonlyMap<string, string | null> | undefined;
  /** ISO time of the oldest part that came; null when none did. */
  readonly asOf: string | null;
  readonly lacks: readonly Lack[];
}

export const eventsQuery = (
  deals: readonly Pick<Deal, "id" | "accountId">[],
): DatasetQuery<"dealEvents"> => ({
  deals: deals.map(({ id, accountId }) => ({ id, accountId })),
});

/** Both at once: neither needs the other. `silent`: systems of which the answer already says that they are missing. */
export const readJoined = async (
  deals: readonly Deal[],
  silent: readonly string[],
  call: Call<Revops>,
): Promise<Joined> => {
  const [risks, events] = await Promise.all([
    call.datasets.read("dealRisks", { ids: deals.map(({ id }) => id) }),
    call.datasets.read("dealEvents", eventsQuery(deals)),
  ]);
  const knowsEvents = events.systems.length > 0 && !events.unreadable.includes("nextOn");
  if (events.unreadable.includes("nextOn"))
    call.notice("For the user this hub signs in as, meetings cannot be read: no deal counts as without one.");
  return {
    risks: new Map(risks.rows.map((risk) => [risk.id, risk])),
    forecastSystems: risks.systems,
    nextEvents: knowsEvents ? new Map(events.rows.map(({ id, nextOn }) => [id, nextOn])) : undefined,
    asOf: oldest([risks.asOf, events.asOf]) ?? null,
    lacks: [
      {
        what: "scores, slips, amount cuts and what it last saw, so fewer deals count as at risk",
        missing: risks.missing,
      },
      {
        what: "no deal counts as without a meeting",
        missing: events.missing.filter(({ system }) => !silent.includes(system)),
      },
    ],
  };
};
