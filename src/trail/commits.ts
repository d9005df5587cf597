/** Entries that arrive together share a commit; none is acknowledged before it is on disk. */
import { HubError, isHubError, toHubError } from "../errors.ts";
import { storageError, transact } from "../store/sqlite.ts";
import { GENESIS, type Head, link, signHead } from "./chain.ts";
import type { Entry } from "./entry.ts";
import type { TrailFiles } from "./files.ts";
import type { TrailKeys } from "./keys.ts";
import type { TrailTables } from "./tables.ts";

export interface Committed {
  readonly sequence: number;
  readonly head: string;
}

/** An entry, and what is decided and changed in the transaction that records it. */
export interface Addition {
  readonly entry: Entry;
  /** Throws to refuse this entry without harming the others of its commit. */
  readonly guard?: (tables: TrailTables) => void;
  readonly effect?: (tables: TrailTables, sequence: number) => void;
  /** Tried once more when its commit failed: what it tells has already happened. */
  readonly insist?: boolean;
}

export interface Commits {
  /** Resolves when the entry is on disk. Throws `audit_unavailable`, or what the guard throws. */
  add(addition: Addition): Promise<Committed>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

interface Pending extends Addition {
  readonly settle: (result: Committed | HubError) => void;
}

const MOST_IN_A_COMMIT = 256;
/** A turn costs microseconds, a commit some hundred. */
const QUIET_TURNS = 1;

export const createCommits = (files: TrailFiles): Commits => {
  /** Throws for the whole batch only what concerns the whole trail. */
  const commit = (batch: readonly Pending[], tables: TrailTables, keys: TrailKeys): Commit => {
    const results = new Map<Pending, Committed | HubError>();
    const before = files.sound();
    let { hash, size } = before ?? { hash: GENESIS, size: 0 };
    for (const pending of batch) {
      try {
        pending.guard?.(tables);
        const next = link(hash, size + 1, pending.entry);
        const { effect } = pending;
        if (effect)
          tables.whole(() => {
            tables.insert(next);
            effect(tables, next.sequence);
          });
        else tables.insert(next);
        ({ hash, sequence: size } = next);
        results.set(pending, { sequence: size, head: hash });
      } catch (error) {
        if (!tables.db.isTransaction) throw error;
        results.set(pending, toHubError(storageError(error)));
      }
    }
    if (size === (before?.size ?? 0)) return { results, head: undefined };
    const head = signHead({ origin: keys.origin, size, hash }, keys.signing);
    tables.putHead(head);
    return { results, head };
  };

  const commitNow = async (batch: readonly Pending[]) => {
    const keys = files.keys();
    const tables = files.tables();
    const { results, head } = await transact(tables.db, () => commit(batch, tables, keys));
    if (head) files.committed(head);
    for (const [pending, result] of results) pending.settle(result);
  };

  let queue: Pending[] = [];
  let flushing: Promise<void> | undefined;

  /** Calls that arrive together share a commit: wait until some turns of the event loop bring no more. */
  const gathered = async () => {
    for (let seen = 0, quiet = 0; quiet < QUIET_TURNS && queue.length < MOST_IN_A_COMMIT; ) {
      if (queue.length === seen) quiet += 1;
      else quiet = 0;
      seen = queue.length;
      await new Promise((turn) => setImmediate(turn));
    }
  };

  const flush = async () => {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      await commitNow(batch).catch(async (error: unknown) => {
        for (const pending of batch) if (!pending.insist) pending.settle(unavailable(error));
        const insisting = batch.filter(({ insist }) => insist);
        if (insisting.length > 0)
          await commitNow(insisting).catch((error: unknown) => {
            for (const pending of insisting) pending.settle(unavailable(error));
          });
      });
      if (queue.length > 0) await gathered();
    }
    flushing = undefined;
  };

  return {
    add: (addition) =>
      new Promise((resolve, reject) => {
        const settle = (result: Committed | HubError) =>
          result instanceof HubError ? reject(result) : resolve(result);
        queue.push({ ...addition, settle });
        flushing ??= gathered().then(flush);
      }),
    idle: async () => flushing,
  };
};

interface Commit {
  readonly results: ReadonlyMap<Pending, Committed | HubError>;
  /** Absent when nothing was added. */
  readonly head: Head | undefined;
}

const unavailable = (error: unknown): HubError =>
  isHubError(error) ? error : new HubError("audit_unavailable", undefined, { cause: error });
