/**
 * What `doctor` would say, found out by the hub itself: each connector is examined once, in the
 * background, after the first call that made it send something. No call waits for it or fails by it.
 */
import type { Check, Clock, Log } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import { HubError, toHubError } from "../errors.ts";
import { clean } from "../text/fence.ts";
import { examine } from "./examine.ts";

export interface FirstUse {
  /** Says that a connector was used. Returns at once and never throws. */
  note(used: Supervised): void;
  /** What is not well with it, as far as known. */
  findings(name: string): readonly Check[];
  /** Ends what is under way. */
  close(): Promise<void>;
}

export interface FirstUseOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the kill switch is on for this connector. */
  readonly isKilled: (name: string) => boolean;
}

/** An examination that could not be made is tried again with a later call, but not with each. */
const AGAIN_MS = 5 * 60_000;

export const createFirstUse = ({ clock, log, isKilled }: FirstUseOptions): FirstUse => {
  /** When a connector is due; never again once it was examined. */
  const due = new Map<string, number>();
  const found = new Map<string, readonly Check[]>();
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  const look = async (used: Supervised): Promise<void> => {
    try {
      const { checks = [] } = await examine(used, closing.signal);
      tell(
        used,
        checks.filter(({ level }) => level !== "ok"),
      );
    } catch (thrown) {
      if (closing.signal.aborted) return;
      const { message, hint } = toHubError(thrown);
      due.set(used.name, clock.now() + AGAIN_MS);
      tell(used, [{ level: "problem", what: "health", detail: message, hint }]);
    }
  };

  const mayAsk = ({ name, failure }: Supervised): boolean => {
    if (failure || closing.signal.aborted || clock.now() < (due.get(name) ?? 0)) return false;
    try {
      return !isKilled(name);
    } catch {
      // The trail, which knows, cannot be read just now.
      return false;
    }
  };

  const tell = ({ name }: Supervised, checks: readonly Check[]): void => {
    const told = new Set((found.get(name) ?? []).map(textOf));
    found.set(name, checks);
    for (const check of checks.filter((one) => !told.has(textOf(one))))
      log.warn({ connector: name, finding: check.level, hint: check.hint }, `${check.what}: ${check.detail}`);
  };

  return {
    note(used) {
      if (!mayAsk(used)) return;
      due.set(used.name, Number.POSITIVE_INFINITY);
      const looking: Promise<void> = look(used).finally(() => underWay.delete(looking));
      underWay.add(looking);
    },
    findings: (name) => found.get(name) ?? [],
    async close() {
      closing.abort(new HubError("cancelled"));
      await Promise.all(underWay);
    },
  };
};

const LONGEST_FINDING = 600;

const textOf = ({ what, detail, hint }: Check): string => `${what}: ${detail}${hint ? ` ${hint}` : ""}`;

/** As hub_status shows them, in one line; null when all is well. */
export const inWords = (findings: readonly Check[]): string | null =>
  findings.length === 0 ? null : findings.map((one) => clean(textOf(one), LONGEST_FINDING)).join(" | ");
