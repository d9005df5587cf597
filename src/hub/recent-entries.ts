/** What somebody did lately, as the trail has it: that it was done and how it ended, no values. */
import type { Principal } from "../connector/contract.ts";
import type { ChainedEntry, Entry } from "../trail/entry.ts";
import type { Trail } from "../trail/trail.ts";

export interface RecentEntry {
  sequence: number;
  at: string;
  kind: Entry["kind"];
  tool: string | null;
  outcome: string | null;
  code: string | null;
  client: string | null;
  /** Requests to each system. */
  upstream: string;
  /** Of an intent: the records and fields to be changed. */
  targets: string;
  /** Of an outcome: the sequence number of its intent. */
  intent: number | null;
}

export interface RecentEntries {
  /** Newest first. */
  rows: RecentEntry[];
  /** So many of the latest entries, of everybody, were looked through. */
  looked: number;
}

const MOST = 50;
/** The trail has no index by person: it is read from its end, in steps, and not to its beginning. */
const STEP = 500;
const MOST_LOOKED = 5_000;

export const recentEntries = (trail: Trail, { id }: Principal): RecentEntries => {
  const size = trail.head()?.size ?? 0;
  const rows: RecentEntry[] = [];
  let from = size + 1;
  while (rows.length < MOST && from > 1 && size - from < MOST_LOOKED) {
    const to = from - 1;
    from = Math.max(1, from - STEP);
    const step = between(trail, from, to).flatMap((chained) => own(chained, id) ?? []);
    rows.push(...step.reverse());
  }
  return { rows: rows.slice(0, MOST), looked: size + 1 - from };
};

const between = (trail: Trail, from: number, to: number): readonly ChainedEntry[] => {
  const found: ChainedEntry[] = [];
  for (const chained of trail.entries(from)) {
    if (chained.sequence > to) break;
    found.push(chained);
  }
  return found;
};

/** Undefined when somebody else did it, or nobody: an intent that a dead process left names no person. */
const own = ({ sequence, body }: ChainedEntry, principal: string): RecentEntry | undefined => {
  const entry = JSON.parse(body) as Entry;
  if (entry.kind === "abandoned" || entry.principal !== principal) return undefined;
  return { ...NOTHING, sequence, at: entry.at, kind: entry.kind, ...facts(entry) };
};

const NOTHING = {
  tool: null,
  outcome: null,
  code: null,
  client: null,
  upstream: "",
  targets: "",
  intent: null,
};

const facts = (entry: Exclude<Entry, { kind: "abandoned" }>): Partial<RecentEntry> => {
  switch (entry.kind) {
    case "call": {
      const { tool, outcome, code = null, client, intent = null } = entry;
      return { tool, outcome, code, client, intent, upstream: upstreamOf(entry) };
    }
    case "intent": {
      const targets = entry.changes.map(({ record, field }) => `${record} ${field}`).join(", ");
      return { tool: entry.tool, client: entry.client, targets };
    }
    case "reconciled":
      return { outcome: entry.outcome, intent: entry.intent, upstream: upstreamOf(entry) };
    case "kill":
      return { outcome: entry.on ? "on" : "off", targets: entry.scope };
  }
};

const upstreamOf = ({
  upstream,
}: {
  readonly upstream: readonly { system: string; requests: number }[];
}): string => upstream.map(({ system, requests }) => `${system} ${requests}`).join(", ");
