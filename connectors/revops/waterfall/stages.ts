/** Which stages are closed or won, learnt from deals that stand in them: nobody lists the stages. */
import type { Deal } from "#connector";

export type Standing = "open" | "won" | "lost";

export interface Stages {
  /** Undefined: no deal read stands in this stage. */
  standingOf(stage: string): Standing | undefined;
}

export const standingNow = ({ isClosed, isWon }: Pick<Deal, "isClosed" | "isWon">): Standing =>
  isWon ? "won" : isClosed ? "lost" : "open";

/** Of a stage in which deals stand differently, what most of them say. */
export const learnStages = (deals: readonly Deal[]): Stages => {
  const votes = new Map<string, Record<Standing, number>>();
  for (const deal of deals) {
    const vote = votes.get(deal.stage) ?? { open: 0, won: 0, lost: 0 };
    vote[standingNow(deal)] += 1;
    votes.set(deal.stage, vote);
  }
  const known = new Map(
    [...votes].map(
      ([stage, { open, won, lost }]) =>
        [stage, open >= won && open >= lost ? "open" : won >= lost ? "won" : "lost"] as const,
    ),
  );
  return { standingOf: (stage) => known.get(stage) };
};
