/** A deal's past: its stage, close date and amount, each followed back from what it is now. */
import type { Deal, DealChange } from "#connector";
import { centsOf } from "../sums.ts";
import { type FieldHistory, followBack, type Move, type Told } from "./history.ts";
import { type Stages, type Standing, standingNow } from "./stages.ts";

/** Null: some open stage, nobody says which. */
type Stage = string | null;

export interface DealState {
  readonly exists: boolean;
  readonly stage: Stage;
  readonly standing: Standing;
  readonly closeDate: string;
  /** Null: no amount. */
  readonly cents: number | null;
}

export interface DealPast {
  readonly deal: Deal;
  /** Epoch milliseconds; undefined: before all that is asked. */
  readonly createdAt: number | undefined;
  readonly stage: FieldHistory<Stage>;
  readonly closeDate: FieldHistory<string>;
  readonly cents: FieldHistory<number | null>;
}

/** One thing that happened to a deal. */
export type Happening =
  | { readonly what: "created"; readonly at: number }
  | ({ readonly what: "stage" } & Move<Stage>)
  | ({ readonly what: "closeDate" } & Move<string>)
  | ({ readonly what: "cents" } & Move<number | null>);

/**
 * @param changes of this deal, in any order
 * @param start instant from which they were asked for: what is not told before it says nothing
 */
export const pastOf = (deal: Deal, changes: readonly DealChange[], start: number): DealPast => {
  const of = (kind: DealChange["kind"]) => changes.filter((change) => change.kind === kind);
  const createdAt = deal.createdAt === null ? Number.NaN : Date.parse(deal.createdAt);
  return {
    deal,
    createdAt: Number.isNaN(createdAt) ? undefined : createdAt,
    stage: followBack<Stage>(
      withUntold(deal, of("stage").flatMap(toldStage), start),
      deal.stage,
      // Whatever closes was open before; its name is not needed to know that.
      (after) => (after === deal.stage && deal.isClosed ? null : after),
    ),
    closeDate: followBack(of("close_date").flatMap(toldDate), deal.closeDate),
    cents: followBack(of("amount").flatMap(toldCents), deal.amount === null ? null : centsOf(deal.amount)),
  };
};

type OneTold<V> = Told<V>[];

const timed = ({ at }: DealChange): number => Date.parse(at);

const toldStage = (change: DealChange): OneTold<Stage> => {
  const stage = (value: DealChange["from"]) => (value === null || value === "" ? undefined : String(value));
  return [{ at: timed(change), from: stage(change.from), to: stage(change.to) }];
};

const toldDate = (change: DealChange): OneTold<string> => {
  const day = (value: DealChange["from"]) => /^\d{4}-\d\d-\d\d/.exec(String(value))?.[0];
  return [{ at: timed(change), from: day(change.from), to: day(change.to) }];
};

/** Null means empty only where the difference is told too. */
const toldCents = (change: DealChange): OneTold<number | null> => {
  const cents = (value: DealChange["from"]) => {
    if (value === null) return change.amountDelta === null ? undefined : null;
    const amount = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
    return Number.isFinite(amount) ? centsOf(amount) : undefined;
  };
  return [{ at: timed(change), from: cents(change.from), to: cents(change.to) }];
};

/** The CRM knows when a stage was last changed, also where no history tells of it. */
const withUntold = (deal: Deal, told: readonly Told<Stage>[], start: number): readonly Told<Stage>[] => {
  const changedAt = deal.lastStageChangeAt === null ? Number.NaN : Date.parse(deal.lastStageChangeAt);
  const created = deal.createdAt === null ? Number.NaN : Date.parse(deal.createdAt);
  const isTold = told.some(({ at, to }) => to === deal.stage || at >= changedAt);
  if (!(changedAt >= start) || changedAt <= created || isTold) return told;
  return [...told, { at: changedAt, from: undefined, to: deal.stage }];
};

// --- moments ---------------------------------------------------------------------------------------

/** Just before an instant. */
export const stateBefore = (past: DealPast, at: number, stages: Stages): DealState => {
  const { deal, createdAt } = past;
  const stage = valueBefore(past.stage, deal.stage, at);
  return {
    exists: createdAt === undefined || createdAt < at,
    stage,
    standing: standingIn(stage, deal, stages),
    closeDate: valueBefore(past.closeDate, deal.closeDate, at),
    cents: valueBefore(past.cents, deal.amount === null ? null : centsOf(deal.amount), at),
  };
};

/** A stage that no deal stands in counts as open. */
export const standingIn = (stage: Stage, deal: Deal, stages: Stages): Standing => {
  if (stage === deal.stage) return standingNow(deal);
  return (stage !== null && stages.standingOf(stage)) || "open";
};

const valueBefore = <V>({ moves }: FieldHistory<V>, present: V, at: number): V => {
  const next = moves.find((move) => move.at >= at);
  return next ? next.from : present;
};

/** From `start` to `end` (instants, both included), oldest first. */
export const happeningsOf = (past: DealPast, start: number, end: number, stages: Stages): Happening[] => {
  const { deal, createdAt } = past;
  const happenings: Happening[] = [
    ...(createdAt !== undefined ? [{ what: "created" as const, at: createdAt }] : []),
    ...past.stage.moves.map((move) => ({ what: "stage" as const, ...move })),
    ...past.cents.moves.map((move) => ({ what: "cents" as const, ...move })),
    ...past.closeDate.moves.map((move) => ({ what: "closeDate" as const, ...move })),
  ];
  return happenings
    .filter(({ at }) => start <= at && at <= end)
    .sort((a, b) => a.at - b.at || rank(a, deal, stages) - rank(b, deal, stages));
};

/** In one instant: who closes a deal sets its amount and date first, who reopens it afterwards. */
const rank = (happening: Happening, deal: Deal, stages: Stages): number => {
  if (happening.what === "created") return 0;
  if (happening.what === "stage") return standingIn(happening.to, deal, stages) === "open" ? 1 : 4;
  return happening.what === "cents" ? 2 : 3;
};
