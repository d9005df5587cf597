/**
 * The audit trail: one SQLite file, shared by every hub process on the machine. Entries that arrive
 * together share a commit; none is acknowledged before it is on disk. The kill switch and the leases
 * of unfinished writes live in the same file, so that "killed" and "nobody else is writing this
 * record" are decided in the transaction that records the intent.
 */
import type { Clock } from "../connector/contract.ts";
import { HubError, isHubError, toHubError } from "../errors.ts";
import { storageError, transact } from "../store/sqlite.ts";
import { GENESIS, type Head, link, signHead, type Verdict, verifyChain } from "./chain.ts";
import type { ChainedEntry, Entry, IntentEntry, OutcomeEntry } from "./entry.ts";
import { createTrailFiles } from "./files.ts";
import { isGone, thisProcess } from "./holder.ts";
import type { TrailKeys } from "./keys.ts";
import type { TrailTables } from "./tables.ts";

export interface Committed {
  readonly sequence: number;
  readonly head: string;
}

/** The trail as of one moment, whatever is appended meanwhile. */
export interface Snapshot {
  readonly head: Head | undefined;
  readonly entries: Iterable<ChainedEntry>;
}

/** Looking makes no file; whatever records or seals does. Any of it may throw `audit_unavailable`. */
export interface Trail {
  /** Resolves when the entry is on disk. Throws `audit_unavailable`; nothing is added to a damaged trail. */
  append(entry: Entry): Promise<Committed>;
  /** Like append, but refuses (`killed`, `busy`) what may not begin now, and leases its targets. */
  intend(entry: IntentEntry, connector: string): Promise<Committed>;
  /** Ends an intent: its outcome is recorded and its targets are free again, in one transaction. */
  conclude(entry: OutcomeEntry): Promise<Committed>;
  /** The scope (`*` or the connector) under which this connector is killed, if it is. */
  killedBy(connector: string): string | undefined;
  kill(scope: string, on: boolean, principal: string): Promise<Committed>;
  /** Scopes now killed. */
  kills(): readonly string[];
  entries(from?: number): Iterable<ChainedEntry>;
  head(): Head | undefined;
  snapshot(): Snapshot;
  verify(): Verdict;
  /** What is wrong with the end of the trail now; nothing is recorded, so nothing answered, while it is. */
  damage(): string | undefined;
  /** Made on first use. Throws `audit_unavailable`, also when the trail's own ones are lost. */
  readonly keys: TrailKeys;
  /** Intents whose process died become `unknown`; returns their sequence numbers. */
  abandon(): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface TrailOptions {
  /** State folder: the trail and the keys it is sealed and signed with. */
  readonly folder: string;
  readonly clock: Clock;
  /** Whether there is a process of this id. */
  readonly isAlive: (pid: number) => boolean;
}

interface Pending {
  readonly entry: Entry;
  /** Throws to refuse this entry without harming the others of its commit. */
  readonly guard?: (tables: TrailTables) => void;
  readonly effect?: (tables: TrailTables, sequence: number) => void;
  /** Tried once more when its commit failed: what it tells has already happened. */
  readonly insist?: boolean;
  readonly settle: (result: Committed | HubError) => void;
}

const MOST_IN_A_COMMIT = 256;
/** A turn costs microseconds, a commit some hundred. */
const QUIET_TURNS = 1;

/** Files are opened with the first call: a client that only lists the tools does not wait for them. */
export const createTrail = ({ folder, clock, isAlive }: TrailOptions): Trail => {
  const now = () => new Date(clock.now()).toISOString();

  const files = createTrailFiles(folder);

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

  const enqueue = (work: Omit<Pending, "settle">): Promise<Committed> =>
    new Promise((resolve, reject) => {
      const settle = (result: Committed | HubError) =>
        result instanceof HubError ? reject(result) : resolve(result);
      queue.push({ ...work, settle });
      flushing ??= gathered().then(flush);
    });

  // Calls of one turn of the event loop share a look at the switch, as they share a commit.
  let seenKills: readonly string[] | undefined;
  const kills = () => {
    if (!seenKills) {
      seenKills = files.existing()?.kills() ?? [];
      setImmediate(() => {
        seenKills = undefined;
      });
    }
    return seenKills;
  };

  const snapshot = (): Snapshot => {
    const tables = files.existing();
    if (!tables) return { head: undefined, entries: [] };
    const { head, last } = tables.end();
    // Entries are only ever added: those up to the last seen are the same whenever they are read.
    return { head, entries: tables.entries(1, last?.sequence ?? 0) };
  };

  const intendNow = (entry: IntentEntry, connector: string) =>
    enqueue({
      entry,
      guard: (tables) => {
        const scope = scopeOver(connector, tables.kills());
        if (scope) throw killed(scope);
        if (entry.targets.some(tables.isLeased)) throw new HubError("busy");
      },
      effect: (tables, sequence) => tables.lease(entry.targets, sequence, thisProcess()),
    });

  const abandon = async (): Promise<readonly number[]> => {
    const left = (files.existing()?.leases() ?? []).filter((lease) => isGone(lease, isAlive));
    for (const { sequence: intent } of left)
      await enqueue({
        entry: { kind: "abandoned", at: now(), intent, outcome: "unknown" },
        guard: (tables) => {
          if (!tables.isOpen(intent)) throw new HubError("busy");
        },
        effect: (tables) => tables.release(intent),
      }).catch((error: unknown) => {
        // `busy`: another process was first.
        if (!isBusy(error)) throw error;
      });
    return left.map(({ sequence }) => sequence);
  };

  return {
    get keys() {
      return files.keys();
    },
    append: (entry) => enqueue({ entry }),

    async intend(entry, connector) {
      try {
        return await intendNow(entry, connector);
      } catch (error) {
        // What stands in the way may have been left by a hub that died after this one started.
        if (!isBusy(error) || (await abandon()).length === 0) throw error;
        return intendNow(entry, connector);
      }
    },

    conclude: (entry) =>
      enqueue({ entry, insist: true, effect: (tables) => tables.release(entry.intent ?? 0) }),

    killedBy: (connector) => scopeOver(connector, kills()),
    kill: (scope, on, principal) =>
      enqueue({
        entry: { kind: "kill", at: now(), principal, scope, on },
        effect: (tables) => tables.setKill(scope, on),
      }),
    kills: () => files.existing()?.kills() ?? [],

    entries: (from = 1) => files.existing()?.entries(from, Number.MAX_SAFE_INTEGER) ?? [],
    head: () => files.existing()?.end().head,
    snapshot,
    verify() {
      const { head, entries } = snapshot();
      const keys = files.existingKeys();
      const verdict: Verdict = keys
        ? verifyChain(entries, head, keys.publicKey)
        : { ok: true, entries: head?.size ?? 0 };
      // The chain is what it says; whether it is all there was, and whose, the files together tell.
      const problem = verdict.ok ? files.damage() : undefined;
      return problem ? { ...verdict, ok: false, firstBad: keys ? verdict.entries + 1 : 1, problem } : verdict;
    },
    damage: files.damage,
    abandon,

    async close() {
      await flushing;
      files.close();
    },
  };
};

interface Commit {
  readonly results: ReadonlyMap<Pending, Committed | HubError>;
  /** Absent when nothing was added. */
  readonly head: Head | undefined;
}

const unavailable = (error: unknown): HubError =>
  isHubError(error) ? error : new HubError("audit_unavailable", undefined, { cause: error });

const isBusy = (error: unknown): boolean => isHubError(error) && error.code === "busy";

const scopeOver = (connector: string, kills: readonly string[]): string | undefined =>
  kills.find((scope) => scope === "*" || scope === connector);

export const killed = (scope: string): HubError =>
  new HubError(
    "killed",
    scope === "*" ? "The kill switch is on for the whole hub." : `The kill switch is on for ${scope}.`,
    { hint: `A person can turn it off with \`revops-hub kill off${scope === "*" ? "" : ` ${scope}`}\`.` },
  );
