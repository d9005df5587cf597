/** What the callers of one export share while they wait for it, and what is kept of it afterwards. */
import type { Clock, HubError } from "#connector";
import type { ClariUser } from "../forecast/viewer.ts";
import { createTurns, type InTurn } from "./turns.ts";

export interface ExportResult<T> {
  readonly content: T;
  /** When Clari finished it, epoch milliseconds. */
  readonly asOf: number;
  /** Clari refused some of the types asked for. */
  readonly reduced: boolean;
  /** Sent a second time, because the answer to the first was lost and its job not recognised. */
  readonly again: boolean;
  /** The same, but its job was recognised in Clari's list. */
  readonly adopted: boolean;
  /** Clari left rows or cells out. */
  readonly truncated: boolean;
  readonly jobId: string;
  /** Whose job it is. */
  readonly user: ClariUser;
}

export interface Finished extends ExportResult<unknown> {
  readonly sentAt: number;
  readonly readAt: number;
}

/** What was last seen of an export that is not finished: its job, or why there is none yet. */
export interface Pending {
  readonly jobId?: string;
  readonly sentAt?: number;
  readonly error?: HubError;
  readonly state: string;
  /** Before this Clari is not to be asked again, epoch milliseconds. */
  readonly retryAt?: number;
  /** Clari did not say what the job does. */
  readonly unseen?: true;
  /** The call has no time left for it. */
  readonly late?: true;
}

export interface Watch {
  /** Before this nobody asks Clari again. */
  nextAt: number;
  pauseMs: number;
  pending: Pending | undefined;
  finished: Finished | undefined;
}

/** One caller's part in a watch. */
export interface Joined {
  readonly shared: Watch;
  /**
   * Acts alone. An error that is not this caller's own end is the error of all who wait: trying again
   * would submit what has just failed, once for each of them.
   */
  readonly inTurn: InTurn;
  leave(): void;
}

export interface Watches {
  join(key: string): Joined;
  /**
   * A quarter longer each time, up to the longest pause: what an export takes is found out at most a quarter
   * late. A little at random, so that processes do not march in step.
   */
  rest(watch: Watch, until?: number): void;
  /** The same, from the shortest pause. */
  restAnew(watch: Watch): void;
}

interface Entry extends Watch {
  readonly inTurn: InTurn;
  callers: number;
  failures: number;
  failure: unknown;
}

const FIRST_PAUSE_MS = 380;
const GROWTH = 1.25;
const JITTER = 0.04;
const MOST_KEPT = 4;

export const createWatches = (options: {
  readonly clock: Clock;
  readonly longestPauseMs: number;
  /** How long a finished export may answer again. */
  readonly keptMs: number;
}): Watches => {
  const { clock, longestPauseMs, keptMs } = options;
  const entries = new Map<string, Entry>();

  const entryOf = (key: string): Entry => {
    const known = entries.get(key);
    if (known) return known;
    const entry: Entry = {
      nextAt: 0,
      pauseMs: FIRST_PAUSE_MS,
      pending: undefined,
      finished: undefined,
      inTurn: createTurns(),
      callers: 0,
      failures: 0,
      failure: undefined,
    };
    entries.set(key, entry);
    return entry;
  };

  /** Keeps the latest results that may answer again, and nothing else. */
  const tidy = () => {
    const idle = [...entries].filter(([, { callers }]) => callers === 0);
    const asOf = ([, { finished }]: (typeof idle)[number]) => finished?.asOf ?? 0;
    const young = idle.filter((one) => clock.now() - asOf(one) < keptMs);
    const kept = new Set(young.sort((a, b) => asOf(b) - asOf(a)).slice(0, MOST_KEPT));
    for (const one of idle) if (!kept.has(one)) entries.delete(one[0]);
  };

  const rest = (watch: Watch, until = 0) => {
    const pauseMs = Math.round(watch.pauseMs * (1 + (2 * Math.random() - 1) * JITTER));
    watch.nextAt = Math.max(until, clock.now() + pauseMs);
    watch.pauseMs = Math.min(watch.pauseMs * GROWTH, longestPauseMs);
  };

  return {
    join(key) {
      const entry = entryOf(key);
      entry.callers += 1;
      const failuresBefore = entry.failures;
      return {
        shared: entry,
        inTurn: (signal, act) =>
          entry.inTurn(signal, async () => {
            if (entry.failures > failuresBefore) throw entry.failure;
            try {
              return await act();
            } catch (error) {
              if (!signal.aborted) {
                entry.failures += 1;
                entry.failure = error;
              }
              throw error;
            }
          }),
        leave() {
          entry.callers -= 1;
          tidy();
        },
      };
    },
    rest,
    restAnew(watch) {
      watch.pauseMs = FIRST_PAUSE_MS;
      rest(watch);
    },
  };
};
