/**
 * The audit trail: one SQLite file, shared by every hub process on the machine. The kill switch, the
 * leases of unfinished writes and the day's count live in the same file, so that "killed", "nobody else
 * is writing this record" and "not too many today" are decided in the transaction that records the intent.
 */
import type { Clock } from "../connector/contract.ts";
import { HubError, isHubError } from "../errors.ts";
import { type Head, type Verdict, verifyChain } from "./chain.ts";
import { type Committed, createCommits } from "./commits.ts";
import type { ChainedEntry, Entry, IntentEntry, OutcomeEntry, ReconciledEntry } from "./entry.ts";
import { createTrailFiles } from "./files.ts";
import { isGone, thisProcess } from "./holder.ts";
import type { TrailKeys } from "./keys.ts";

export type { Committed } from "./commits.ts";

/** The trail as of one moment, whatever is appended meanwhile. */
export interface Snapshot {
  readonly head: Head | undefined;
  readonly entries: Iterable<ChainedEntry>;
}

/** Looking makes no file; whatever records or seals does. Any of it may throw `audit_unavailable`. */
export interface Trail {
  /** Resolves when the entry is on disk. Throws `audit_unavailable`; nothing is added to a damaged trail. */
  append(entry: Entry): Promise<Committed>;
  /** Like append, but refuses (`killed`, `busy`, `throttled`) what may not begin now, and leases its targets. */
  intend(entry: IntentEntry, limits: IntentLimits): Promise<Committed>;
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
  /** Intents of unknown outcome, by sequence number. */
  unsettled(): readonly number[];
  /** Records what was found out about one of them. Throws `busy` when another process was first. */
  reconcile(entry: ReconciledEntry): Promise<Committed>;
  close(): Promise<void>;
}

export interface IntentLimits {
  readonly connector: string;
  /** Writes one principal may begin on one day, UTC. */
  readonly perDay: number;
}

export interface TrailOptions {
  /** State folder: the trail and the keys it is sealed and signed with. */
  readonly folder: string;
  readonly clock: Clock;
  /** Whether there is a process of this id. */
  readonly isAlive: (pid: number) => boolean;
}

/** Files are opened with the first call: a client that only lists the tools does not wait for them. */
export const createTrail = ({ folder, clock, isAlive }: TrailOptions): Trail => {
  const now = () => new Date(clock.now()).toISOString();

  const files = createTrailFiles(folder);
  const commits = createCommits(files);

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

  const intendNow = (entry: IntentEntry, { connector, perDay }: IntentLimits) => {
    const day = entry.at.slice(0, 10);
    return commits.add({
      entry,
      guard: (tables) => {
        const scope = scopeOver(connector, tables.kills());
        if (scope) throw killed(scope);
        if (entry.targets.some(tables.isLeased)) throw new HubError("busy");
        if (tables.writesOn(entry.principal, day) >= perDay) throw tooMany(perDay);
      },
      effect: (tables, sequence) => {
        tables.lease(entry.targets, sequence, thisProcess());
        tables.countWrite(entry.principal, day);
      },
    });
  };

  const abandon = async (): Promise<readonly number[]> => {
    const left = (files.existing()?.leases() ?? []).filter((lease) => isGone(lease, isAlive));
    for (const { sequence: intent } of left)
      await commits
        .add({
          entry: { kind: "abandoned", at: now(), intent, outcome: "unknown" },
          guard: (tables) => {
            if (!tables.isOpen(intent)) throw new HubError("busy");
          },
          effect: (tables) => {
            tables.release(intent);
            tables.setUnsettled(intent, true);
          },
        })
        .catch((error: unknown) => {
          // `busy`: another process was first.
          if (!isBusy(error)) throw error;
        });
    return left.map(({ sequence }) => sequence);
  };

  return {
    get keys() {
      return files.keys();
    },
    append: (entry) => commits.add({ entry }),

    async intend(entry, limits) {
      try {
        return await intendNow(entry, limits);
      } catch (error) {
        // What stands in the way may have been left by a hub that died after this one started.
        if (!isBusy(error) || (await abandon()).length === 0) throw error;
        return intendNow(entry, limits);
      }
    },

    conclude(entry) {
      const { intent = 0, outcome } = entry;
      return commits.add({
        entry,
        insist: true,
        effect: (tables) => {
          tables.release(intent);
          if (outcome === "unknown") tables.setUnsettled(intent, true);
        },
      });
    },

    killedBy: (connector) => scopeOver(connector, kills()),
    kill: (scope, on, principal) =>
      commits.add({
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
    unsettled: () => files.existing()?.unsettled() ?? [],
    reconcile: (entry) =>
      commits.add({
        entry,
        guard: (tables) => {
          if (!tables.unsettled().includes(entry.intent)) throw new HubError("busy");
        },
        effect: (tables) => tables.setUnsettled(entry.intent, entry.outcome === "unknown"),
      }),

    async close() {
      await commits.idle();
      files.close();
    },
  };
};

const tooMany = (perDay: number): HubError =>
  new HubError("throttled", `The ${perDay} writes that one person may make in a day are made.`, {
    hint: "The day ends at midnight UTC. `writes.perDay` in the configuration sets how many; tell the user.",
  });

const isBusy = (error: unknown): boolean => isHubError(error) && error.code === "busy";

const scopeOver = (connector: string, kills: readonly string[]): string | undefined =>
  kills.find((scope) => scope === "*" || scope === connector);

export const killed = (scope: string): HubError =>
  new HubError(
    "killed",
    scope === "*" ? "The kill switch is on for the whole hub." : `The kill switch is on for ${scope}.`,
    { hint: `A person can turn it off with \`revops-hub kill off${scope === "*" ? "" : ` ${scope}`}\`.` },
  );
