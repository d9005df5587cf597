/** Which requests of a client are not answered yet, and which of them are at work on a write. */
import type { RequestId } from "@modelcontextprotocol/server";

export interface InFlight {
  /** A request that will be answered has arrived. */
  arrived(id: RequestId): void;
  /** Its answer is out, or nobody waits for it any more. */
  settled(id: RequestId): void;
  /** Notes that the hub works on it until `work` is done, and returns what `work` returns. */
  during<T>(id: RequestId, isWrite: () => boolean, work: () => Promise<T>): Promise<T>;
  /** Resolves when every write is done and every answer out, or when waiting longer helps nobody. */
  drained(): Promise<void>;
  /** Resolves when the hub works on nothing; a call that does not heed its end is not waited for. */
  idle(): Promise<void>;
}

export interface Patience {
  /** A client that has left hardly reads any more: reads are cut short after this. */
  readonly answersMs: number;
  /** A write must not be left open: a vendor's own time limit is about this long. */
  readonly writesMs: number;
  /** For calls that were cut short to be recorded. */
  readonly endMs: number;
}

const PATIENCE: Patience = { answersMs: 2_000, writesMs: 30_000, endMs: 2_000 };

export const createInFlight = (patience: Patience = PATIENCE): InFlight => {
  const unanswered = new Set<RequestId>();
  const working = new Map<RequestId, () => boolean>();
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of waiting) look();
  };

  /** True once `holds`, false when that took longer than `ms`. */
  const until = (holds: () => boolean, ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (held: boolean) => {
        waiting.delete(look);
        clearTimeout(timer);
        resolve(held);
      };
      const look = () => holds() && end(true);
      const timer = setTimeout(() => end(false), ms);
      waiting.add(look);
      look();
    });

  return {
    arrived: (id) => void unanswered.add(id),
    settled(id) {
      unanswered.delete(id);
      changed();
    },
    async during(id, isWrite, work) {
      working.set(id, isWrite);
      try {
        return await work();
      } finally {
        working.delete(id);
        changed();
      }
    },
    async drained() {
      const writes = () => [...working].filter(([, isWrite]) => isWrite()).map(([id]) => id);
      if (await until(() => unanswered.size === 0 && writes().length === 0, patience.answersMs)) return;
      const late = writes();
      if (await until(() => writes().length === 0, patience.writesMs))
        await until(() => late.every((id) => !unanswered.has(id)), patience.answersMs);
    },
    async idle() {
      await until(() => working.size === 0, patience.endMs);
    },
  };
};
