/**
 * Answers that change seldom, kept on disk for a while for whoever was shown them: another user sees other
 * records and fields, and another configuration may deny some.
 */
import { createHash } from "node:crypto";
import type { Clock, KeyedStore, Log } from "#connector";
import type { Settings } from "./config.ts";

export interface Reading<T> {
  readonly value: T;
  /** When it was begun to be read, epoch milliseconds. */
  readonly at: number;
}

export interface Kept {
  /** What is kept under this name and for this user; else what `read` gives, which is kept from then on. */
  keep<T>(name: string, forMs: number, read: () => Promise<T>): Promise<Reading<T>>;
  /** What {@link keep} would answer without reading; undefined also where nobody is signed in. */
  kept<T>(name: string): Promise<Reading<T> | undefined>;
}

export interface KeptOptions {
  readonly store: KeyedStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** Stands for the user, as far as that is known. */
  readonly whose: () => Promise<string>;
}

export const createKept = ({ store, clock, log, settings, whose }: KeptOptions): Kept => {
  const { instanceUrl, apiVersion, objects, denyFields } = settings;
  const keyOf = async (name: string) => {
    const identity = JSON.stringify([instanceUrl, await whose(), apiVersion, objects, denyFields]);
    return `kept ${createHash("sha256").update(identity).digest("hex").slice(0, 32)} ${name}`;
  };
  /** Keeping is a convenience: the answer is given all the same. */
  const tried = async <T>(what: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await what();
    } catch (error) {
      log.warn({ err: error }, "the state folder could not be used to keep an answer of Salesforce");
      return undefined;
    }
  };
  const look = <T>(key: string) => tried(() => store.get<Reading<T>>(key));

  return {
    async kept(name) {
      const key = await keyOf(name).catch(() => undefined);
      return key === undefined ? undefined : look(key);
    },
    async keep<T>(name: string, forMs: number, read: () => Promise<T>) {
      const key = await keyOf(name);
      const known = await look<T>(key);
      if (known) return known;
      const at = clock.now();
      const reading = { value: await read(), at };
      await tried(() => store.put(key, reading, { expiresAt: at + forMs }));
      return reading;
    },
  };
};
