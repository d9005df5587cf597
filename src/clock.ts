import type { Clock } from "./connector/contract.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abandon = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", abandon);
        resolve();
      }, ms);
      signal?.addEventListener("abort", abandon, { once: true });
    }),
};

/** Of ISO times; undefined when there is none. Offsets may differ, so they do not sort as text. */
export const oldest = (times: readonly (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b))[0];
