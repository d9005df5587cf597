/** Writes that wait for a person: kept until `revops-hub approve` makes them, or a day has passed. */
import type { Clock, KeyedStore } from "../connector/contract.ts";

export interface PendingWrite {
  /** What a person types: short, and the same for the same change of the same record as it was. */
  readonly id: string;
  readonly tool: string;
  readonly arguments: unknown;
  readonly principal: string;
  readonly client: string;
  /** ISO. */
  readonly askedAt: string;
  /** As a person is shown it; the record may have changed since. */
  readonly question: string;
}

export interface Approvals {
  /** @param subject seal of what exactly is to be changed; returns the id to approve */
  hold(subject: string, write: Omit<PendingWrite, "id" | "askedAt">): Promise<string>;
  find(id: string): Promise<PendingWrite | undefined>;
  list(): Promise<readonly PendingWrite[]>;
  drop(id: string): Promise<void>;
}

const KEPT_MS = 24 * 60 * 60_000;
const PREFIX = "approval/";

export const createApprovals = (store: KeyedStore, clock: Clock): Approvals => ({
  async hold(subject, write) {
    const id = subject
      .replace(/[^A-Za-z0-9]/g, "")
      .slice(0, 8)
      .toLowerCase();
    const now = clock.now();
    const pending: PendingWrite = { ...write, id, askedAt: new Date(now).toISOString() };
    await store.put(PREFIX + id, pending, { expiresAt: now + KEPT_MS });
    return id;
  },
  find: (id) => store.get(PREFIX + id),
  list: async () => (await store.list<PendingWrite>(PREFIX)).map(({ value }) => value),
  drop: (id) => store.delete(PREFIX + id),
});
