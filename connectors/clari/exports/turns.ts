/** Lets callers who share something act one after the other. */
export type InTurn = <T>(signal: AbortSignal, act: () => Promise<T>) => Promise<T>;

/** Who gives up while waiting is skipped: rejects with the signal's reason, and the others go on. */
export const createTurns = (): InTurn => {
  let last: Promise<void> = Promise.resolve();

  return async (signal, act) => {
    const before = last;
    let pass = () => {};
    last = new Promise((resolve) => {
      pass = resolve;
    });
    try {
      await unlessAborted(before, signal);
      return await act();
    } finally {
      void before.then(pass);
    }
  };
};

const unlessAborted = (promise: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abandon = () => reject(signal.reason);
    signal.addEventListener("abort", abandon, { once: true });
    void promise.then(() => {
      signal.removeEventListener("abort", abandon);
      resolve();
    });
  });
