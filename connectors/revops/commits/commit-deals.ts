/** The open Commit deals of a quarter, fresh from the CRM or, through an outage, as they were last read. */
import type { Call, DatasetAnswer, DatasetQuery, Deal, ErrorCode, Quarter } from "#connector";
import { noAnswer } from "../no-answer.ts";
import type { Revops } from "../settings.ts";

export interface CommitDeals {
  readonly deals: readonly Deal[];
  /** Columns of which null says nothing. */
  readonly unreadable: readonly string[];
  /** ISO time they are from. */
  readonly asOf: string;
  /** CRMs that did not answer; the answer says so. */
  readonly missing: readonly string[];
}

/** Long enough to get through an outage before a forecast call, short enough not to be mistaken for today. */
const KEPT_MS = 24 * 60 * 60_000;

interface Kept extends Pick<CommitDeals, "deals" | "unreadable"> {
  readonly at: string;
}

/** An outage, and nothing else: a kill switch, a lost right or another configuration must not be bridged. */
const OUTAGES = new Set<ErrorCode>([
  "vendor_unavailable",
  "vendor_limit",
  "vendor_malformed",
  "deadline_exceeded",
]);

type Missing = DatasetAnswer<"deals">["missing"];

export const commitQuery = ({ start, end }: Quarter, ownerId?: string): DatasetQuery<"deals"> => ({
  closeFrom: start,
  closeTo: end,
  category: "commit",
  open: true,
  ...(ownerId && { ownerId }),
});

/** Throws what kept every CRM from answering, unless it is an outage and the deals were kept. */
export const readCommitDeals = async (
  quarter: Quarter,
  ownerId: string | undefined,
  call: Call<Revops>,
): Promise<CommitDeals> => {
  const { rows, systems, missing, unreadable, asOf } = await call.datasets.read(
    "deals",
    commitQuery(quarter, ownerId),
  );
  const key = (names: readonly string[]) =>
    `commit deals ${quarter.id} ${ownerId ?? "all"} ${call.principal.id} ${[...names].sort().join("+")}`;
  const absent = missing.map(({ system }) => system);
  if (systems.length > 0 && asOf !== null) {
    for (const { system, reason } of missing) call.notice(`Partial answer, without ${system}: ${reason}`);
    if (missing.length === 0) await keep(key(systems), { at: asOf, deals: rows, unreadable }, call);
    return { deals: rows, unreadable, asOf, missing: absent };
  }

  const kept = isOutage(missing) ? await call.api.store.get<Kept>(key(absent)) : undefined;
  if (!kept) throw noAnswer("The Commit deals cannot be listed", missing);
  for (const { system, reason } of missing) call.notice(`Partial answer, without ${system}: ${reason}`);
  call.source({ asOf: kept.at, cached: true });
  call.notice(`The deals are as they were read at ${kept.at}; only risk data is current.`);
  return { ...kept, asOf: kept.at, missing: absent };
};

/** The answer is there; not being able to keep it for later is no reason to withhold it. */
const keep = (key: string, kept: Kept, { api, clock, log }: Call<Revops>): Promise<void> =>
  api.store
    .put(key, kept, { expiresAt: clock.now() + KEPT_MS })
    .catch((error: unknown) => log.warn({ err: error }, "the Commit deals could not be kept"));

const isOutage = (missing: Missing): boolean => missing.every(({ code }) => OUTAGES.has(code));
