/** Deals as records, with the history of their fields. */
import { isoDate, workDays, workTime } from "./calendar.ts";
import type { Move } from "./deal-moves.ts";
import { type DealPlan, lastTouchDay } from "./deal-plan.ts";
import { idSequence } from "./ids.ts";
import { opinionOf } from "./scoring.ts";
import type { Setting } from "./setting.ts";
import type { Deal, FieldChange } from "./types.ts";

/** The org began to keep the time of stage changes so many days ago; older ones are not known. */
const STAGE_TIMES_KEPT_FOR = 300;

/** What became of the plans: `deals[n]` tells `plans[n]`. */
export const recordDeals = (setting: Setting, plans: readonly DealPlan[]): Deal[] => {
  const nextId = idSequence("006");
  return plans.map((plan) => {
    const staged = lastAt(plan, "StageName") ?? plan.created;
    const last = plan.moves.reduce<Move | undefined>(
      (latest, move) => (latest === undefined || move.at > latest.at ? move : latest),
      undefined,
    );
    const opinion = plan.inClari && plan.scored ? opinionOf(plan, setting.today) : null;
    const touched = lastTouchDay(plan);
    return {
      id: nextId(),
      name: plan.name,
      accountId: plan.account?.id ?? null,
      ownerId: plan.ownerId,
      stage: plan.stage,
      amount: plan.amount,
      currency: "USD",
      closeDate: isoDate(plan.closeDay),
      type: plan.type,
      leadSource: plan.leadSource,
      nextStep: plan.nextStep,
      description: plan.description,
      createdAt: workTime(plan.created),
      lastModifiedAt: workTime(last?.at ?? plan.created),
      lastModifiedById: last === undefined ? ownerAt(plan, plan.created) : authorOf(setting, plan, last),
      lastStageChangeAt: staged < workDays(setting.today - STAGE_TIMES_KEPT_FOR) ? null : workTime(staged),
      lastActivityDate: touched === null ? null : isoDate(touched),
      inClari: plan.inClari,
      score: opinion?.score ?? null,
      scoreMessage: opinion?.message ?? null,
    };
  });
};

/** Every move of every plan, oldest first. */
export const recordHistory = (
  setting: Setting,
  plans: readonly DealPlan[],
  deals: readonly Deal[],
): FieldChange[] => {
  const nextId = idSequence("017");
  return plans
    .flatMap((plan, n) => plan.moves.map((move) => ({ plan, move, dealId: deals[n]!.id })))
    .sort((a, b) => a.move.at - b.move.at)
    .map(({ plan, move, dealId }) => ({
      id: nextId(),
      dealId,
      field: move.field,
      oldValue: move.from,
      newValue: move.to,
      at: workTime(move.at),
      byId: authorOf(setting, plan, move),
    }));
};

const lastAt = (plan: DealPlan, field: FieldChange["field"]): number | undefined =>
  plan.moves.findLast((move) => move.field === field)?.at;

/** Operations hand deals over; everything else is the doing of whoever owned the deal. */
const authorOf = (setting: Setting, plan: DealPlan, move: Move): string =>
  move.field === "OwnerId" ? setting.team.revOpsLead.id : ownerAt(plan, move.at);

const ownerAt = (plan: DealPlan, at: number): string => {
  const next = plan.moves.find((move) => move.field === "OwnerId" && move.at > at);
  return next === undefined ? plan.ownerId : String(next.from);
};
