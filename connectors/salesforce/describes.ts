/** What Salesforce says about its objects for this user, kept for a while. */
import type { Clock } from "#connector";
import type { ObjectDescribe } from "./shapes.ts";

export interface Describes {
  /** Kept for an hour, and no longer than the token. */
  describe(object: string): Promise<ObjectDescribe>;
  /** Asks in any case, and keeps the answer. */
  describeNow(object: string): Promise<ObjectDescribe>;
  /** Asks whether what is kept still holds, and for all of it only where it does not. */
  describeIfChanged(object: string): Promise<ObjectDescribe>;
  /** What {@link describe} would answer without asking. */
  described(object: string): ObjectDescribe | undefined;
  /** When that was read or last found unchanged, epoch milliseconds. */
  describedAt(object: string): number | undefined;
  /** When its content came, however often it was found unchanged since; epoch milliseconds. */
  readAt(object: string): number | undefined;
  /** Keeps what came with another answer. */
  keep(describe: ObjectDescribe): void;
  clear(): void;
}

/** @param modifiedSince HTTP date; the answer is undefined when nothing was changed after it (304) */
export type AskDescribe = (object: string, modifiedSince?: string) => Promise<AskedDescribe>;

export interface AskedDescribe {
  readonly describe: ObjectDescribe | undefined;
  /** HTTP date of the object's last change, as Salesforce told it. */
  readonly modified: string | undefined;
}

interface Kept {
  readonly at: number;
  readonly readAt: number;
  readonly modified: string | undefined;
  readonly describe: ObjectDescribe;
}

const KEPT_MS = 60 * 60_000;

export const createDescribes = (ask: AskDescribe, clock: Clock): Describes => {
  const known = new Map<string, Kept>();

  const describeNow = async (object: string, kept?: Kept): Promise<ObjectDescribe> => {
    const { describe, modified } = await ask(object, kept?.modified);
    if (describe) {
      known.set(object, { at: clock.now(), readAt: clock.now(), modified, describe });
      return describe;
    }
    // A new token may have come meanwhile: what is unchanged for its user is not what was kept.
    if (!kept || known.get(object)?.describe !== kept.describe) return describeNow(object);
    known.set(object, { ...kept, at: clock.now() });
    return kept.describe;
  };
  const described = (object: string) => {
    const kept = known.get(object);
    return kept && clock.now() - kept.at < KEPT_MS ? kept.describe : undefined;
  };

  return {
    describe: async (object) => described(object) ?? describeNow(object),
    describeNow: (object) => describeNow(object),
    describeIfChanged(object) {
      const kept = known.get(object);
      return describeNow(object, kept?.modified === undefined ? undefined : kept);
    },
    described,
    describedAt: (object) => (described(object) ? known.get(object)?.at : undefined),
    readAt: (object) => known.get(object)?.readAt,
    keep(describe) {
      const now = clock.now();
      known.set(describe.name, { at: now, readAt: now, modified: undefined, describe });
    },
    clear: () => known.clear(),
  };
};
