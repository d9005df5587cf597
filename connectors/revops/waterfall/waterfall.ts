/**
 * How the open pipeline of a quarter came from one amount to another: what happened to each deal is followed
 * from the first moment to the second, and each cent that comes, goes or changes belongs to one step. A deal
 * that was raised and then won is in both. Opening and steps make up closing, per currency, to the cent.
 */
import type { Deal, DealChange, Quarter } from "#connector";
import {
  type DealPast,
  type DealState,
  type Happening,
  happeningsOf,
  pastOf,
  standingIn,
  stateBefore,
} from "./deal-past.ts";
import { learnStages, type Stages } from "./stages.ts";

export const STEPS = [
  "opening",
  "new",
  "reopened",
  "pulled_in",
  "up",
  "down",
  "pushed_out",
  "lost",
  "won",
  "closing",
] as const;
export type Step = (typeof STEPS)[number];

export interface WaterfallQuestion {
  readonly quarter: Pick<Quarter, "start" | "end">;
  /** Instants, both included: opening is just before the first, closing after the last. */
  readonly start: number;
  readonly end: number;
}

/** What one deal adds to one step; negative where money leaves. */
export interface Movement {
  readonly step: Step;
  readonly deal: Deal;
  readonly cents: number;
  /** Amounts in cents, close dates or stages; null: none, or not known. */
  readonly from: string | number | null;
  readonly to: string | number | null;
  /** Null for opening and closing. */
  readonly at: number | null;
}

export interface Waterfall {
  /** Deal by deal, each in time. */
  readonly movements: readonly Movement[];
  /** Deals of the movements whose history says otherwise than what is known later. */
  readonly contradicted: number;
  /** Deals of the movements of which a value before some move is not known. */
  readonly guessed: number;
  /** Stages in these moves that no deal stands in. */
  readonly unknownStages: number;
}

export interface StepTotal {
  readonly currency: string | null;
  readonly step: Step;
  readonly cents: number;
  readonly deals: number;
}

/**
 * @param deals as they are now
 * @param changes up to now, in any order
 * @param stages as more deals than these may tell them
 */
export const waterfallOf = (
  deals: readonly Deal[],
  changes: readonly DealChange[],
  question: WaterfallQuestion,
  stages: Stages = learnStages(deals),
): Waterfall => {
  const byDeal = Map.groupBy(changes, ({ id }) => id);
  const movements: Movement[] = [];
  const unknown = new Set<string>();
  let contradicted = 0;
  let guessed = 0;
  for (const deal of deals) {
    const past = pastOf(deal, byDeal.get(deal.id) ?? [], question.start);
    const own = movementsOf(past, question, stages);
    if (own.length === 0) continue;
    movements.push(...own);
    const { stage, closeDate, cents } = past;
    const fields = [stage, closeDate, cents];
    const isAsked = (at: number) => at >= question.start;
    if (fields.some((field) => field.contradicted.some(isAsked))) contradicted += 1;
    if (fields.some((field) => field.guessed.some(isAsked))) guessed += 1;
    for (const name of namesIn(past, question)) if (!stages.standingOf(name)) unknown.add(name);
  }
  return { movements, contradicted, guessed, unknownStages: unknown.size };
};

/** All ten steps in order, for each currency there is. */
export const stepTotals = (movements: readonly Movement[]): StepTotal[] => {
  const byCurrency = Map.groupBy(movements, ({ deal }) => deal.currency);
  const currencies = [...byCurrency].sort(([a], [b]) => ((a ?? "") < (b ?? "") ? -1 : 1));
  return currencies.flatMap(([currency, all]) =>
    STEPS.map((step) => {
      const own = all.filter((one) => one.step === step);
      return {
        currency,
        step,
        cents: own.reduce((sum, { cents }) => sum + cents, 0),
        deals: new Set(own.map(({ deal }) => deal.id)).size,
      };
    }),
  );
};

// --- one deal --------------------------------------------------------------------------------------

const movementsOf = (
  past: DealPast,
  { quarter, start, end }: WaterfallQuestion,
  stages: Stages,
): Movement[] => {
  const { deal } = past;
  const moments: Movement[] = [];
  const moment = (step: Step, state: DealState) => {
    if (!isIn(state, quarter)) return;
    moments.push({ step, deal, cents: state.cents ?? 0, from: null, to: null, at: null });
  };
  let state = stateBefore(past, start, stages);
  moment("opening", state);
  for (const happening of happeningsOf(past, start, end, stages)) {
    if (happening.what === "created") state = stateBefore(past, happening.at, stages);
    const next = after(state, happening, deal, stages);
    const step = stepOf(happening, state, next, quarter);
    if (step)
      moments.push({
        step,
        deal,
        cents: worth(next, quarter) - worth(state, quarter),
        ...valuesOf(happening, next),
        at: happening.at,
      });
    state = next;
  }
  moment("closing", stateBefore(past, end + 1, stages));
  return moments;
};

const after = (state: DealState, happening: Happening, deal: Deal, stages: Stages): DealState => {
  if (happening.what === "created") return { ...state, exists: true };
  if (happening.what === "closeDate") return { ...state, closeDate: happening.to };
  if (happening.what === "cents") return { ...state, cents: happening.to };
  return { ...state, stage: happening.to, standing: standingIn(happening.to, deal, stages) };
};

const isIn = ({ exists, standing, closeDate }: DealState, { start, end }: WaterfallQuestion["quarter"]) =>
  exists && standing === "open" && start <= closeDate && closeDate <= end;

const worth = (state: DealState, quarter: WaterfallQuestion["quarter"]): number =>
  isIn(state, quarter) ? (state.cents ?? 0) : 0;

/** Undefined when it neither comes, goes nor changes. */
const stepOf = (
  { what }: Happening,
  before: DealState,
  next: DealState,
  quarter: WaterfallQuestion["quarter"],
): Step | undefined => {
  const was = isIn(before, quarter);
  const is = isIn(next, quarter);
  if (was && is) {
    const change = worth(next, quarter) - worth(before, quarter);
    return change === 0 ? undefined : change > 0 ? "up" : "down";
  }
  if (is) return what === "created" ? "new" : what === "stage" ? "reopened" : "pulled_in";
  if (was) return what === "closeDate" ? "pushed_out" : next.standing === "won" ? "won" : "lost";
  return undefined;
};

const valuesOf = (happening: Happening, next: DealState): Pick<Movement, "from" | "to"> =>
  happening.what === "created" ? { from: null, to: next.stage } : { from: happening.from, to: happening.to };

/** Names of stages that a deal was in at some time of the question. */
const namesIn = ({ deal, stage }: DealPast, { start, end }: WaterfallQuestion): string[] =>
  stage.moves
    .filter(({ at }) => at >= start)
    .flatMap(({ at, from, to }) => (at <= end ? [from, to] : [from]))
    .filter((name) => name !== null && name !== deal.stage) as string[];
