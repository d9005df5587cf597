/**
 * The audit trail: one SQLite file, shared by every hub process on the machine. Entries that arrive in
 * one tick share a commit; none is acknowledged before it is on disk. The kill switch and the leases
 * of unfinished writes live in the same file, so that "killed" and "nobody else is writing this
 * record" are decided in the transaction that records the intent.
 */
import type { Clock } from "../connector/contract.ts";
import { HubError, toHubError } from "../errors.ts";
import { type DatabaseSync, openDatabase, transact } from "../store/sqlite.ts";
import { GENESIS, type Head, link, signHead, type Verdict, verifyChain } from "./chain.ts";
import type { ChainedEntry, Entry, IntentEntry, OutcomeEntry } from "./entry.ts";
import type { TrailKeys } from "./keys.ts";
import { TRAIL_SCHEMA } from "./schema.ts";

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
  /** What is wrong with the end of the trail, checked cheaply at start; writes are refused while it is. */
  readonly damage: string | undefined;
  /** Intents whose process died become `unknown`; returns their sequence numbers. */
  abandon(): Promise<readonly number[]>;
  readonly keys: TrailKeys;
  close(): Promise<void>;
}

interface Pending {
  readonly entry: Entry;
  /** Throws to refuse this entry without harming the others of its commit. */
  readonly guard?: (db: DatabaseSync) => void;
  readonly effect?: (db: DatabaseSync, sequence: number) => void;
  readonly settle: (result: Committed | HubError) => void;
}

export interface TrailOptions {
  readonly path: string;
  readonly keys: TrailKeys;
  readonly clock: Clock;
  /** Whether a process that left an intent open is still there. */
  readonly isAlive: (pid: number) => boolean;
}

const MOST_IN_A_COMMIT = 256;

export const openTrail = ({ path, keys, clock, isAlive }: TrailOptions): Trail => {
  const db = openDatabase(path, TRAIL_SCHEMA);
  const origin = `revops-hub/${keys.hubId}`;
  const selectHead = db.prepare("SELECT origin, size, hash, signature FROM head WHERE one = 1");
  const insertEntry = db.prepare("INSERT INTO entries (sequence, body, hash) VALUES (?, ?, ?)");
  const putHead = db.prepare(
    "INSERT OR REPLACE INTO head (one, origin, size, hash, signature) VALUES (1, ?, ?, ?, ?)",
  );
  const selectKills = db.prepare("SELECT scope FROM kills ORDER BY scope");

  const readHead = () => selectHead.get() as unknown as Head | undefined;
  const readKills = () => selectKills.all().map((row) => String(row.scope));
  const scopeOf = (kills: readonly string[], connector: string) =>
    kills.find((scope) => scope === "*" || scope === connector);

  // Calls of one turn of the event loop share a look at the switch, as they share a commit.
  let seenKills: readonly string[] | undefined;
  const kills = () => {
    if (!seenKills) {
      seenKills = readKills();
      setImmediate(() => {
        seenKills = undefined;
      });
    }
    return seenKills;
  };

  const damage = tailDamage(db, readHead());

  let queue: Pending[] = [];
  let flushing: Promise<void> | undefined;

  const commit = (batch: readonly Pending[]): Map<Pending, Committed | HubError> => {
    const results = new Map<Pending, Committed | HubError>();
    const before = readHead();
    let hash = before?.hash ?? GENESIS;
    let size = before?.size ?? 0;
    for (const pending of batch) {
      try {
        pending.guard?.(db);
      } catch (error) {
        results.set(pending, toHubError(error));
        continue;
      }
      const next = link(hash, size + 1, pending.entry);
      insertEntry.run(next.sequence, next.body, next.hash);
      pending.effect?.(db, next.sequence);
      ({ hash, sequence: size } = next);
      results.set(pending, { sequence: size, head: hash });
    }
    if (size !== (before?.size ?? 0)) {
      const head = signHead({ origin, size, hash }, keys.signing);
      putHead.run(head.origin, head.size, head.hash, head.signature);
    }
    return results;
  };

  /** Calls that arrive together share a commit: wait while each turn of the event loop brings more. */
  const gathered = async () => {
    for (let seen = 0; queue.length > seen && seen < MOST_IN_A_COMMIT; ) {
      seen = queue.length;
      await new Promise((turn) => setImmediate(turn));
    }
  };

  const flush = async () => {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        for (const [pending, result] of await transact(db, () => commit(batch))) pending.settle(result);
      } catch (error) {
        const unavailable =
          error instanceof HubError ? error : new HubError("audit_unavailable", undefined, { cause: error });
        for (const pending of batch) pending.settle(unavailable);
      }
      await gathered();
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

  return {
    keys,
    append: (entry) => enqueue({ entry }),

    intend: (entry, connector) =>
      enqueue({
        entry,
        guard: () => {
          if (damage)
            throw new HubError("audit_unavailable", `The audit trail is damaged: ${damage}.`, DAMAGED);
          const scope = scopeOf(readKills(), connector);
          if (scope) throw killed(scope);
          const taken = db.prepare("SELECT 1 FROM open_intents WHERE target = ?");
          const busy = entry.targets.find((target) => taken.get(target));
          if (busy) throw new HubError("busy");
        },
        effect: (_, sequence) => {
          const lease = db.prepare("INSERT INTO open_intents (target, sequence, pid) VALUES (?, ?, ?)");
          for (const target of entry.targets) lease.run(target, sequence, process.pid);
        },
      }),

    conclude: (entry) =>
      enqueue({
        entry,
        effect: () => db.prepare("DELETE FROM open_intents WHERE sequence = ?").run(entry.intent ?? 0),
      }),

    killedBy: (connector) => scopeOf(kills(), connector),
    kill: (scope, on, principal) =>
      enqueue({
        entry: { kind: "kill", at: new Date(clock.now()).toISOString(), principal, scope, on },
        effect: () =>
          on
            ? db.prepare("INSERT OR IGNORE INTO kills (scope) VALUES (?)").run(scope)
            : db.prepare("DELETE FROM kills WHERE scope = ?").run(scope),
      }),
    kills: readKills,

    *entries(from = 1) {
      for (const row of db
        .prepare("SELECT sequence, body, hash FROM entries WHERE sequence >= ? ORDER BY sequence")
        .iterate(from))
        yield row as unknown as ChainedEntry;
    },
    head: readHead,
    damage,
    verify() {
      return verifyChain(this.entries(), readHead(), keys.publicKey);
    },

    async abandon() {
      const rows = db.prepare("SELECT DISTINCT sequence, pid FROM open_intents ORDER BY sequence").all();
      const left = rows.filter(({ pid }) => !isAlive(Number(pid))).map(({ sequence }) => Number(sequence));
      const at = new Date(clock.now()).toISOString();
      for (const intent of left)
        await enqueue({
          entry: { kind: "abandoned", at, intent, outcome: "unknown" },
          guard: () => {
            if (!db.prepare("SELECT 1 FROM open_intents WHERE sequence = ?").get(intent))
              throw new HubError("busy");
          },
          effect: () => db.prepare("DELETE FROM open_intents WHERE sequence = ?").run(intent),
        }).catch(() => undefined); // another process was first
      return left;
    },

    async close() {
      await flushing;
      db.close();
    },
  };
};

const DAMAGED = {
  hint: "Run `revops-hub audit verify`; keep the file as evidence and move it away to start a new trail.",
};

const tailDamage = (db: DatabaseSync, head: Head | undefined): string | undefined => {
  const last = db.prepare("SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1").get() as
    | { sequence: number; hash: string }
    | undefined;
  if (!head) return last && "entries without a signed head";
  if (last?.sequence !== head.size)
    return `the head counts ${head.size} entries, the last is ${last?.sequence ?? 0}`;
  return last.hash === head.hash ? undefined : "the last entry is not the one the head was signed over";
};

export const killed = (scope: string): HubError =>
  new HubError(
    "killed",
    scope === "*" ? "The kill switch is on for the whole hub." : `The kill switch is on for ${scope}.`,
    {
      hint: `A person can turn it off with \`revops-hub kill off${scope === "*" ? "" : ` ${scope}`}\`.`,
    },
  );
