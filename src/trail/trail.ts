/**
 * The audit trail: one SQLite file, shared by every hub process on the machine. Entries that arrive
 * together share a commit; none is acknowledged before it is on disk. The kill switch and the leases
 * of unfinished writes live in the same file, so that "killed" and "nobody else is writing this
 * record" are decided in the transaction that records the intent.
 */
import { join } from "node:path";
import type { Clock } from "../connector/contract.ts";
import { HubError, toHubError } from "../errors.ts";
import { transact } from "../store/sqlite.ts";
import { GENESIS, type Head, link, signHead, type Verdict, verifyChain } from "./chain.ts";
import type { ChainedEntry, Entry, IntentEntry, OutcomeEntry } from "./entry.ts";
import { loadKeys, type TrailKeys } from "./keys.ts";
import { openTables, type TrailTables, tailDamage } from "./tables.ts";

export interface Committed {
  readonly sequence: number;
  readonly head: string;
}

export interface Trail {
  /** Resolves when the entry is on disk. Throws `audit_unavailable`. */
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
  verify(): Verdict;
  /** What is wrong with the end of the trail; writes are refused while it is. */
  damage(): string | undefined;
  /** Intents whose process died become `unknown`; returns their sequence numbers. */
  abandon(): Promise<readonly number[]>;
  readonly keys: TrailKeys;
  close(): Promise<void>;
}

export interface TrailOptions {
  /** State folder: the trail and the keys it is sealed and signed with. */
  readonly folder: string;
  readonly clock: Clock;
  /** Whether a process that left an intent open is still there. */
  readonly isAlive: (pid: number) => boolean;
}

interface Pending {
  readonly entry: Entry;
  /** Throws to refuse this entry without harming the others of its commit. */
  readonly guard?: (tables: TrailTables) => void;
  readonly effect?: (tables: TrailTables, sequence: number) => void;
  readonly settle: (result: Committed | HubError) => void;
}

const MOST_IN_A_COMMIT = 256;
/** A turn costs microseconds, a commit some hundred. */
const QUIET_TURNS = 2;

/** Files are opened with the first call: a client that only lists the tools does not wait for them. */
export const createTrail = ({ folder, clock, isAlive }: TrailOptions): Trail => {
  const now = () => new Date(clock.now()).toISOString();

  interface Opened {
    readonly tables: TrailTables;
    readonly keys: TrailKeys;
    readonly damage: string | undefined;
  }
  let opened: Opened | undefined;
  const open = (): Opened => {
    if (!opened) {
      const tables = openTables(join(folder, "trail.db"));
      opened = { tables, keys: loadKeys(folder), damage: tailDamage(tables) };
    }
    return opened;
  };
  const tables = () => open().tables;

  const commit = (batch: readonly Pending[]): Map<Pending, Committed | HubError> => {
    const results = new Map<Pending, Committed | HubError>();
    const before = tables().head();
    let hash = before?.hash ?? GENESIS;
    let size = before?.size ?? 0;
    for (const pending of batch) {
      try {
        pending.guard?.(tables());
      } catch (error) {
        results.set(pending, toHubError(error));
        continue;
      }
      const next = link(hash, size + 1, pending.entry);
      tables().insert(next);
      pending.effect?.(tables(), next.sequence);
      ({ hash, sequence: size } = next);
      results.set(pending, { sequence: size, head: hash });
    }
    if (size !== (before?.size ?? 0)) {
      const { keys } = open();
      tables().putHead(signHead({ origin: `revops-hub/${keys.hubId}`, size, hash }, keys.signing));
    }
    return results;
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
      try {
        const results = await transact(tables().db, () => commit(batch));
        for (const [pending, result] of results) pending.settle(result);
      } catch (error) {
        const unavailable =
          error instanceof HubError ? error : new HubError("audit_unavailable", undefined, { cause: error });
        for (const pending of batch) pending.settle(unavailable);
      }
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
      seenKills = tables().kills();
      setImmediate(() => {
        seenKills = undefined;
      });
    }
    return seenKills;
  };

  return {
    get keys() {
      return open().keys;
    },
    append: (entry) => enqueue({ entry }),

    intend: (entry, connector) =>
      enqueue({
        entry,
        guard: (tables) => {
          const { damage } = open();
          if (damage)
            throw new HubError("audit_unavailable", `The audit trail is damaged: ${damage}.`, DAMAGED);
          const scope = scopeOver(connector, tables.kills());
          if (scope) throw killed(scope);
          if (entry.targets.some(tables.isLeased)) throw new HubError("busy");
        },
        effect: (tables, sequence) => tables.lease(entry.targets, sequence, process.pid),
      }),

    conclude: (entry) => enqueue({ entry, effect: (tables) => tables.release(entry.intent ?? 0) }),

    killedBy: (connector) => scopeOver(connector, kills()),
    kill: (scope, on, principal) =>
      enqueue({
        entry: { kind: "kill", at: now(), principal, scope, on },
        effect: (tables) => tables.setKill(scope, on),
      }),
    kills: () => tables().kills(),

    entries: (from = 1) => tables().entries(from),
    head: () => tables().head(),
    verify: () => verifyChain(tables().entries(1), tables().head(), open().keys.publicKey),
    damage: () => open().damage,

    async abandon() {
      const left = tables()
        .openIntents()
        .filter(({ pid }) => !isAlive(pid));
      for (const { sequence: intent } of left)
        await enqueue({
          entry: { kind: "abandoned", at: now(), intent, outcome: "unknown" },
          guard: (tables) => {
            if (!tables.isOpen(intent)) throw new HubError("busy");
          },
          effect: (tables) => tables.release(intent),
        }).catch((error: unknown) => {
          // `busy`: another process was first.
          if (!(error instanceof HubError && error.code === "busy")) throw error;
        });
      return left.map(({ sequence }) => sequence);
    },

    async close() {
      await flushing;
      opened?.tables.db.close();
    },
  };
};

const DAMAGED = {
  hint: "Run `revops-hub audit verify`; keep the file as evidence and move it away to start a new trail.",
};

const scopeOver = (connector: string, kills: readonly string[]): string | undefined =>
  kills.find((scope) => scope === "*" || scope === connector);

export const killed = (scope: string): HubError =>
  new HubError(
    "killed",
    scope === "*" ? "The kill switch is on for the whole hub." : `The kill switch is on for ${scope}.`,
    { hint: `A person can turn it off with \`revops-hub kill off${scope === "*" ? "" : ` ${scope}`}\`.` },
  );
