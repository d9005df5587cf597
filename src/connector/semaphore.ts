/** At most so many at a time; the others wait in order. */
export interface Semaphore {
  /** Resolves with the function that gives the slot back; rejects with the signal's reason when aborted. */
  take(signal: AbortSignal): Promise<() => void>;
}

export const createSemaphore = (size: number): Semaphore => {
  let free = size;
  const waiting = new Set<() => void>();

  const release = () => {
    free += 1;
    const [next] = waiting;
    next?.();
  };

  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const enter = () => {
          waiting.delete(enter);
          signal.removeEventListener("abort", leave);
          free -= 1;
          resolve(release);
        };
        const leave = () => {
          waiting.delete(enter);
          reject(signal.reason);
        };
        if (free > 0) return enter();
        signal.addEventListener("abort", leave, { once: true });
        waiting.add(enter);
      }),
  };
};
