import type { Clock } from "#connector";

export interface ManualClock extends Clock {
  advance(ms: number): void;
  set(at: number): void;
}

/** A Saturday in the middle of 2026_Q4. */
export const TEST_NOW = Date.parse("2026-11-21T09:00:00Z");

/**
 * Time that passes only when somebody sleeps: whoever sleeps shortest wakes first, at once. Tests of
 * minutes of polling take milliseconds.
 */
export const createClock = (start = TEST_NOW): ManualClock => {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  const pump = () => {
    const next = sleepers.reduce<(typeof sleepers)[number] | undefined>(
      (first, one) => (!first || one.at < first.at ? one : first),
      undefined,
    );
    if (!next) return;
    sleepers = sleepers.filter((one) => one !== next);
    now = Math.max(now, next.at);
    next.wake();
  };

  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    set: (at) => {
      now = at;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal.reason);
        });
        setImmediate(pump);
      }),
  };
};

/** Time that stands still while somebody waits for a thing that happens outside it: no lease ends by itself. */
export const createPatientClock = (): ManualClock => ({
  ...createClock(),
  sleep: (_, signal) =>
    new Promise((resolve, reject) =>
      setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve())),
    ),
});
