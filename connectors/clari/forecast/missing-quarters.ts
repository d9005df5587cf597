/**
 * Quarters that Clari answered with another one. Asking costs an export each time, so for a day they are
 * not asked for again.
 */
import type { Clock, KeyedStore } from "#connector";
import { ticketKey } from "../exports/tickets.ts";

export interface MissingQuarter {
  /** Ids of the quarters that Clari answered for instead. */
  readonly answered: readonly string[];
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A forecast, one quarter of it, and the team it was asked for. */
export type QuarterOf = readonly [forecastId: string, quarter: string, scopeId: string | undefined];

export interface MissingQuarters {
  get(quarter: QuarterOf): Promise<MissingQuarter | undefined>;
  remember(quarter: QuarterOf, answered: readonly string[]): Promise<MissingQuarter>;
  forget(quarter: QuarterOf): Promise<void>;
}

const KEPT_MS = 24 * 3_600_000;

export const createMissingQuarters = (
  store: KeyedStore,
  clock: Clock,
  identity: () => Promise<string>,
): MissingQuarters => {
  const keyOf = async (quarter: QuarterOf) => `missing ${ticketKey(await identity(), ...quarter)}`;
  return {
    get: async (quarter) => store.get<MissingQuarter>(await keyOf(quarter)),
    async remember(quarter, answered) {
      const missing: MissingQuarter = { answered, until: clock.now() + KEPT_MS };
      await store.put(await keyOf(quarter), missing, { expiresAt: missing.until });
      return missing;
    },
    forget: async (quarter) => store.delete(await keyOf(quarter)),
  };
};
