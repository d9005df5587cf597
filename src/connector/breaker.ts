/** Stops asking a system that keeps failing, so that a call about another system does not wait for it. */
import { HubError } from "../errors.ts";
import type { Clock } from "./contract.ts";

const FAILURES_TO_OPEN = 5;
const WITHIN_MS = 30_000;
const OPEN_FOR_MS = 15_000;

export interface Breaker {
  /** Throws `vendor_unavailable` while open; lets one probe through when the pause is over. */
  check(): void;
  /** Every admitted request ends in one note; undefined: nothing was learnt about the system. */
  note(succeeded: boolean | undefined): void;
}

export const createBreaker = (system: string, clock: Clock): Breaker => {
  let failures: number[] = [];
  let openUntil: number | undefined;
  let probing = false;

  return {
    check() {
      if (openUntil === undefined) return;
      if (clock.now() >= openUntil && !probing) {
        probing = true;
        return;
      }
      throw new HubError(
        "vendor_unavailable",
        `${system} failed ${FAILURES_TO_OPEN} times in a row; it is left alone for a moment.`,
        {
          hint: "Wait until the time under `retryAt`.",
          facts: { retryAt: new Date(Math.max(openUntil, clock.now())).toISOString() },
        },
      );
    },
    note(succeeded) {
      const now = clock.now();
      const wasProbe = probing;
      probing = false;
      if (succeeded === undefined) return;
      if (succeeded) {
        failures = [];
        openUntil = undefined;
        return;
      }
      failures = [...failures.filter((at) => now - at < WITHIN_MS), now];
      if (wasProbe || failures.length >= FAILURES_TO_OPEN) openUntil = now + OPEN_FOR_MS;
    },
  };
};
