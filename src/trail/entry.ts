/** What the trail remembers. Every entry says who did what, when, and how it ended; values are sealed. */
import type { Settlement, WriteOutcome } from "../connector/contract.ts";
import type { ErrorCode } from "../errors.ts";

/**
 * How a tool call ended. `ok`: a read answered. A {@link WriteOutcome}: a write. `refused`: the hub said
 * no before any vendor was asked. `asked`: a person is to look at the change, and a later call brings
 * the answer.
 */
export type Outcome = "ok" | "refused" | "asked" | WriteOutcome;

interface Common {
  /** ISO time, for people; order is by sequence alone. */
  readonly at: string;
  /** The tool call this belongs to. */
  readonly call: string;
  readonly tool: string;
  readonly principal: string;
  /** The MCP client: `claude-code/2.1.329`. */
  readonly client: string;
  /** Keyed hash of the arguments: equal arguments, equal hash, nothing readable. */
  readonly args: string;
}

export interface UpstreamEntry {
  readonly system: string;
  readonly requests: number;
  readonly statuses: readonly number[];
}

/** The end of a call; for a write it names the intent it ends. */
export interface OutcomeEntry extends Common {
  readonly kind: "call";
  readonly outcome: Outcome;
  readonly code?: ErrorCode;
  readonly upstream: readonly UpstreamEntry[];
  readonly intent?: number;
}

export interface SealedChange {
  /** `salesforce:Opportunity:006…` */
  readonly record: string;
  readonly field: string;
  /** Of the record as it was read; not a value, so never sealed. */
  readonly version?: string;
  /** Sealed, or plain when the configuration says so. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Committed before a write leaves the process. */
export interface IntentEntry extends Common {
  readonly kind: "intent";
  readonly targets: readonly string[];
  readonly changes: readonly SealedChange[];
  readonly justification: string;
}

/** An intent that a dead process left behind; its record must be looked at. */
export interface AbandonedEntry {
  readonly kind: "abandoned";
  readonly at: string;
  readonly intent: number;
  readonly outcome: "unknown";
}

/** What somebody found out later about a write of unknown outcome. */
export interface ReconciledEntry extends Settlement {
  readonly kind: "reconciled";
  readonly at: string;
  readonly principal: string;
  readonly intent: number;
  readonly upstream: readonly UpstreamEntry[];
}

export interface KillEntry {
  readonly kind: "kill";
  readonly at: string;
  readonly principal: string;
  /** `*` or a connector. */
  readonly scope: string;
  readonly on: boolean;
}

export type Entry = OutcomeEntry | IntentEntry | AbandonedEntry | ReconciledEntry | KillEntry;

/** An entry in its place in the chain. `hash` is hex SHA-256 over the previous hash and the canonical body. */
export interface ChainedEntry {
  readonly sequence: number;
  readonly body: string;
  readonly hash: string;
}
