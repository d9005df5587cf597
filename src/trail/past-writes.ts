/** Writes as the trail remembers them: what an undo and a reconciliation start from. */
import type { PastChange, PastWrite, RecordRef } from "../connector/contract.ts";
import { canonical } from "./canonical.ts";
import type { Entry, IntentEntry, SealedChange } from "./entry.ts";
import type { Trail } from "./trail.ts";

/** The write whose intent has this sequence number; undefined when that entry is none. */
export const pastWrite = (trail: Trail, sequence: number): PastWrite | undefined => {
  let intent: IntentEntry | undefined;
  let head = "";
  let outcome: PastWrite["outcome"] = "open";
  for (const { body, hash } of trail.entries(sequence)) {
    const entry = JSON.parse(body) as Entry;
    if (!intent) {
      if (entry.kind !== "intent" || (entry as { sequence?: number }).sequence !== sequence) return undefined;
      intent = entry;
      head = hash;
    } else if ("intent" in entry && entry.intent === sequence) {
      outcome = entry.outcome as PastWrite["outcome"];
      // Only what is unknown can be found out later.
      if (outcome !== "unknown") break;
    }
  }
  if (!intent) return undefined;
  const { at, tool, principal, justification, changes } = intent;
  return {
    sequence,
    head,
    at,
    tool,
    principal,
    justification,
    outcome,
    changes: changes.map((change) => recognisable(change, trail)),
  };
};

/** Values are sealed, or plain where the configuration said so then. */
const recognisable = ({ record, field, version, before, after }: SealedChange, trail: Trail): PastChange => {
  const is = (kept: unknown) => (value: unknown) =>
    kept === trail.keys.seal(value ?? null) || canonical(kept ?? null) === canonical(value ?? null);
  return { record: recordOf(record), field, version, isBefore: is(before), isAfter: is(after) };
};

/** `salesforce:Opportunity:006…` */
const recordOf = (name: string): RecordRef => {
  const [system = "", object = "", ...id] = name.split(":");
  return { system, object, id: id.join(":") };
};
