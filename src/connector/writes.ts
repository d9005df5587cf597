/** What a write says of itself before, during and long after it happened. */

export interface RecordRef {
  readonly system: string;
  readonly object: string;
  readonly id: string;
}

export interface Change {
  readonly record: RecordRef;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
  /** The record's version as it was read, such as its LastModifiedDate: what a guarded write depends on. */
  readonly version?: string;
  /** `required`: a person must agree to this change, whatever `writes.confirm` says. */
  readonly confirm?: "required";
}

/** A write that stands in the trail. Its values are sealed there: they can be recognised, not read. */
export interface PastWrite {
  /** Of the intent. */
  readonly sequence: number;
  /** The trail's head with it, in hex. */
  readonly head: string;
  /** When it was about to happen, ISO. */
  readonly at: string;
  readonly tool: string;
  readonly principal: string;
  readonly justification: string;
  /** `open`: a process is still at it. */
  readonly outcome: WriteOutcome | "open";
  readonly changes: readonly PastChange[];
}

export interface PastChange {
  readonly record: RecordRef;
  readonly field: string;
  /** {@link Change.version}, as it was then. */
  readonly version: string | undefined;
  isBefore(value: unknown): boolean;
  isAfter(value: unknown): boolean;
}

/**
 * How a write ended, as far as the vendor's record is concerned. `rejected`: the vendor or the hub said
 * no. `failed`: it was not made for another reason. `unknown`: only the record itself can tell.
 */
export type WriteOutcome = "applied" | "rejected" | "failed" | "unknown";

/** What reading the record back said about a write of unknown outcome. */
export interface Settlement {
  readonly outcome: "applied" | "failed" | "unknown";
  /** Why, in one sentence of our own words. */
  readonly because: string;
}
