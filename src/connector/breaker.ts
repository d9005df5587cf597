/** Stops asking a system that keeps failing, so that a call about another system does not wait for it. */
import { HubError } from "../errors.ts";
import type { Clock } from "./contract.ts";

const FAILURES_TO_OPEN = 5;
const WITHIN_MS = 30_000;
const OPEN_FOR_MS = 15_000;

export interface Breaker {
  /** Throws `vendor_unavailable` while open; lets one probe through when the pause is over. */
  check(): void;
  note(succeeded: boolean): void;
}

export const createBreaker = (system: string, clock: Clock): Breaker => {
  let failures: number[] = [];
  let closedAgainAt = 0;

  return {
    check() {
      const now = clock.now();
      if (now >= closedAgainAt) return;
      throw new HubError(
        "vendor_unavailable",
        `${system} failed ${FAILURES_TO_OPEN} times in a row; it is left alone for a moment.`,
        {
          hint: "Wait until the time under `retryAt`.",
          facts: { retryAt: new Date(closedAgainAt).toISOString() },
        },
      );
    },
    note(succeeded) {
      const now = clock.now();
      if (succeeded) {
        failures = [];
        closedAgainAt = 0;
        return;
      }
      failures = [...failures.filter((at) => now - at < WITHIN_MS), now];
      // One failure short: the next request is the probe, and its failure opens the breaker again.
      if (failures.length >= FAILURES_TO_OPEN) {
        closedAgainAt = now + OPEN_FOR_MS;
        failures.pop();
      }
    },
  };
};
