/**
 * What must survive a crash about an export: that it was sent, and its job's id. Clari has no idempotency
 * key and exports are a monthly quota, so a job that was paid for is not submitted a second time.
 */
import { createHash } from "node:crypto";
import type { Clock, KeyedStore } from "#connector";
import type { Job } from "./answers.ts";
import type { ClariApi } from "./api.ts";

export interface Ticket {
  /** Just before the request left. Without `jobId` nobody knows whether Clari got it. */
  readonly sentAt: number;
  readonly jobId?: string;
  /** Sent without the types that Clari refused. */
  readonly reduced: boolean;
  /** When the result was first read, and when Clari had finished it. */
  readonly read?: { readonly at: number; readonly asOf: number };
}

export type SentTicket = Ticket & { readonly jobId: string };

export interface Tickets {
  get(key: string): Promise<Ticket | undefined>;
  put(key: string, ticket: Ticket): Promise<void>;
  forget(key: string): Promise<void>;
  /** Runs `act`, unless another process is submitting the same: then undefined. */
  alone<T>(key: string, act: () => Promise<T>): Promise<T | undefined>;
  /** Marks a job as belonging to one of our tickets; false if it does already. */
  own(jobId: string): Promise<boolean>;
}

const KEPT_MS = 24 * 3_600_000;
/** Longer than a submission can take, so that only a dead process's lease runs out. */
const LEASE_MS = 90_000;

export const createTickets = (store: KeyedStore, clock: Clock): Tickets => ({
  get: (key) => store.get<Ticket>(`export ${key}`),
  put: (key, ticket) => store.put(`export ${key}`, ticket, { expiresAt: clock.now() + KEPT_MS }),
  forget: (key) => store.delete(`export ${key}`),
  async alone(key, act) {
    const lease = `submitting ${key}`;
    if (!(await store.claim(lease, true, { expiresAt: clock.now() + LEASE_MS }))) return undefined;
    try {
      return await act();
    } finally {
      await store.delete(lease);
    }
  },
  own: (jobId) => store.claim(`job ${jobId}`, true, { expiresAt: clock.now() + KEPT_MS }),
});

/** Equal parts, equal key. The token is one of them: who may see less must not be shown another's export. */
export const ticketKey = (...parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);

export const HAS_FAILED: ReadonlySet<string> = new Set(["FAILED", "CANCELLED", "ABORTED"]);

/** How far from our sending it Clari may have started a job, and how far our clocks may differ. */
const STARTED_WITHIN_MS = 30_000;
const CLOCKS_DIFFER_MS = 5_000;

/**
 * The job of a submission whose answer never arrived: the one job of this token's user that Clari started
 * at that moment, with a file of this name, that belongs to no other ticket. None if there are two.
 */
export const findLost = async (
  api: ClariApi,
  tickets: Tickets,
  sentAt: number,
  fileName: RegExp,
): Promise<string | undefined> => {
  const candidates = (await api.jobs()).filter(
    ({ status, startTime, fileName: name }: Job) =>
      !HAS_FAILED.has(status) &&
      typeof startTime === "number" &&
      startTime >= sentAt - CLOCKS_DIFFER_MS &&
      startTime <= sentAt + STARTED_WITHIN_MS &&
      fileName.test(name ?? ""),
  );
  const unowned: string[] = [];
  for (const { jobId } of candidates) if (await tickets.own(jobId)) unowned.push(jobId);
  return unowned.length === 1 ? unowned[0] : undefined;
};
