/** The onion: each step wraps all that follow it. */
import type { Call, Outgoing } from "./call.ts";

export type Next<T = Outgoing> = () => Promise<T>;
export type Step = (call: Call, next: Next) => Promise<Outgoing>;

/** Runs the steps in order; calling `next` twice is an error, because it could be a second write. */
export const compose = (steps: readonly Step[]): ((call: Call) => Promise<Outgoing>) => {
  const run = (call: Call, place: number): Promise<Outgoing> => {
    const step = steps[place];
    if (!step) throw new Error("the last step must not call next()");
    let called = false;
    return step(call, () => {
      if (called) throw new Error(`${step.name} called next() twice`);
      called = true;
      return run(call, place + 1);
    });
  };
  return (call) => run(call, 0);
};
