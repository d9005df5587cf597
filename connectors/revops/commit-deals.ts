/** The open Commit deals of a quarter, fresh from the CRM or, while it is down, as they were last read. */
import { type Call, type DatasetQuery, type Deal, HubError, type Quarter } from "#connector";
import type { Revops } from "./settings.ts";

/** Long enough to get through an outage before a forecast call, short enough not to be mistaken for today. */
const KEPT_MS = 24 * 60 * 60_000;

interface Kept {
  readonly at: string;
  readonly deals: readonly Deal[];
}

export const commitQuery = ({ start, end }: Quarter, ownerId?: string): DatasetQuery<"deals"> => ({
  closeFrom: start,
  closeTo: end,
  category: "commit",
  open: true,
  ...(ownerId && { ownerId }),
});

/** Throws `vendor_unavailable` when no CRM answers and nothing was kept. */
export const readCommitDeals = async (
  quarter: Quarter,
  ownerId: string | undefined,
  call: Call<Revops>,
): Promise<readonly Deal[]> => {
  const { store } = call.api;
  const key = `commit deals ${quarter.id} ${ownerId ?? "all"} ${call.principal.id}`;
  // The answer is there; not being able to keep it for later is no reason to withhold it.
  const keep = (deals: Kept) =>
    store
      .put(key, deals, { expiresAt: call.clock.now() + KEPT_MS })
      .catch((error: unknown) => call.log.warn({ err: error }, "the Commit deals could not be kept"));
  const { rows, systems, missing } = await call.datasets.read("deals", commitQuery(quarter, ownerId));
  for (const { system, reason } of missing) call.notice(`Partial answer, without ${system}: ${reason}`);
  if (systems.length > 0) {
    const at = new Date(call.clock.now()).toISOString();
    if (missing.length === 0) await keep({ at, deals: rows });
    return rows;
  }
  const kept = await store.get<Kept>(key);
  if (!kept)
    throw new HubError(
      "vendor_unavailable",
      `No CRM can list the Commit deals: ${missing.map(({ reason }) => reason).join(" ")}`,
      {
        hint: "hub_status tells what is wrong. Risk of deals whose ids you know can still be asked for.",
      },
    );
  call.source({ asOf: kept.at, cached: true });
  call.notice(`The deals are as they were read at ${kept.at}; only risk data is current.`);
  return kept.deals;
};
