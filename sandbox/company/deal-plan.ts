/**
 * The life of one deal, decided before anything is written down: its record, its field history, its
 * activities and its score are all told from the same plan, so they cannot contradict one another.
 * Points in time are working time (see calendar.ts), days whole days.
 */
import { dayOfWork, isoDate, workDays } from "./calendar.ts";
import {
  amountMove,
  closeDateMove,
  type Move,
  OPEN_STAGES,
  slips,
  spread,
  stageMoves,
  stagePath,
  touchesUpTo,
} from "./deal-moves.ts";
import type { Random } from "./random.ts";
import type { Setting } from "./setting.ts";
import type { Account, StageName } from "./types.ts";

export interface DealPlan {
  readonly name: string;
  readonly account: Account | null;
  readonly ownerId: string;
  readonly stage: StageName;
  readonly amount: number | null;
  readonly closeDay: number;
  readonly type: string;
  readonly leadSource: string | null;
  readonly nextStep: string | null;
  readonly description: string | null;
  readonly created: number;
  /** Oldest first for each field; the last leads to the value above. */
  readonly moves: readonly Move[];
  /** Past meetings, calls and mails, oldest first. */
  readonly touches: readonly number[];
  /** Planned meetings, after today. */
  readonly meetings: readonly number[];
  readonly inClari: boolean;
  readonly scored: boolean;
  /** What Clari reads between the lines: added to the score. */
  readonly mood: number;
}

/** What is wrong with an open deal. */
export type Risk = "none" | "slipped" | "silent" | "unplanned" | "trimmed" | "sour";

export interface DealBasics {
  readonly account: Account | null;
  readonly ownerId: string;
  readonly stage: StageName;
  readonly closeDay: number;
}

export interface OpenDealBasics extends DealBasics {
  readonly risk: Risk;
  /** Created then; nobody has logged anything or moved the stage since. */
  readonly forgottenSince?: number;
}

const TYPES = ["New Business", "New Business", "Expansion", "Expansion", "Renewal"];
const LEAD_SOURCES = ["Web", "Partner Referral", "Trade Show", "Outbound", "Customer Event"];
const PRODUCTS = ["Platform", "Analytics", "Field Service", "Data Hub", "Support Plus", "Security Pack"];
const NEXT_STEPS = [
  "Send the revised proposal",
  "Legal review of the order form",
  "Security questionnaire due back",
  "Meet the CFO about payment terms",
  "Reference call with a peer customer",
  "Confirm the signature date",
];

/** Working days an open deal has lived at least and at most, by stage. */
const AGES: Readonly<Record<string, readonly [number, number]>> = {
  Prospecting: [4, 60],
  Qualification: [10, 80],
  Proposal: [25, 110],
  Negotiation: [35, 140],
  Commit: [50, 170],
};

/** A deal won or lost on `closeDay`, a past weekday. */
export const planClosedDeal = (random: Random, basics: DealBasics): DealPlan => {
  const closed = workDays(basics.closeDay);
  const created = closed - random.between(20, 150);
  const reached =
    basics.stage === "Closed Won" ? OPEN_STAGES.length - 1 : random.int(0, OPEN_STAGES.length - 1);
  const path = [...stagePath(random, reached), basics.stage];
  const amount = drawAmount(random);
  const last = Math.max(closed - random.between(0.1, 12), created + 2);
  const factor = random.chance(0.5) ? random.between(0.75, 0.95) : random.between(1.1, 1.4);
  return {
    ...commonParts(random, basics),
    amount,
    created,
    nextStep: null,
    moves: [
      ...stageMoves(random, path, created, closed, closed + random.between(0.05, 0.95)),
      ...slips(random, basics.closeDay, random.pick([0, 0, 0, 1, 1, 2]), created, closed),
      ...(random.chance(0.3) ? [amountMove(random, amount, factor, created, closed)] : []),
    ],
    touches: touchesUpTo(random, created, last, random.int(0, 1)),
    meetings: [],
    mood: 0,
  };
};

/** A deal still open today. */
export const planOpenDeal = (setting: Setting, random: Random, basics: OpenDealBasics): DealPlan => {
  const { risk, stage } = basics;
  const firm = stage === "Commit";
  const today = workDays(setting.today);
  const [youngest, oldest] = AGES[stage]!;
  const created = basics.forgottenSince ?? today - random.between(youngest, oldest);
  const path = basics.forgottenSince === undefined ? stagePath(random, OPEN_STAGES.indexOf(stage)) : [stage];
  const stagedUpTo = created + (today - created) * 0.6;
  const amount = drawAmount(random);
  const nextStep = random.chance(firm ? 0.9 : 0.6) ? random.pick(NEXT_STEPS) : null;

  return {
    ...commonParts(random, basics),
    amount,
    created,
    nextStep,
    moves: [
      ...stageMoves(random, path, created, stagedUpTo, random.between(stagedUpTo, today - 1)),
      ...openSlips(setting, random, basics, created),
      ...openAmountMoves(random, risk, amount, created, today),
      ...nextStepMoves(random, nextStep, created, today),
    ],
    touches: openTouches(random, basics, created, today),
    meetings: openMeetings(random, basics, today),
    mood: risk === "sour" ? random.between(-38, -28) : random.between(-8, 8),
  };
};

const commonParts = (random: Random, basics: DealBasics) => {
  const type = random.pick(TYPES);
  return {
    ...basics,
    name: dealName(random, basics.account, type, isoDate(basics.closeDay).slice(0, 4)),
    type,
    leadSource: random.chance(0.85) ? random.pick(LEAD_SOURCES) : null,
    description: random.chance(0.25) ? "Replaces a tool built in-house; decision in committee." : null,
    inClari: true,
    scored: basics.stage !== "Prospecting" || random.chance(0.85),
  };
};

const dealName = (random: Random, account: Account | null, type: string, year: string) =>
  `${account?.name ?? "Unassigned account"} - ${random.pick(PRODUCTS)} ${type} ${year}`;

/** Whole dollars mostly, 8,000 to 600,000. */
const drawAmount = (random: Random): number => {
  const amount = Math.min(600_000, Math.max(8000, random.logNormal(52_000, 0.85)));
  if (random.chance(0.06)) return Math.min(600_000, Math.round(amount * 100) / 100);
  return random.chance(0.8) ? Math.round(amount / 500) * 500 : Math.round(amount);
};

/** Healthy deals have slipped long ago if at all; a slipped one within the last weeks. */
const openSlips = (setting: Setting, random: Random, basics: OpenDealBasics, created: number): Move[] => {
  const today = workDays(setting.today);
  if (basics.risk === "slipped") {
    const from = Math.min(basics.closeDay - random.int(8, 20), setting.today + random.int(0, 5));
    const at = Math.max(today - random.between(1, 8), created + random.between(1, 2));
    return [...slips(random, from, random.int(0, 1), created, at), closeDateMove(from, basics.closeDay, at)];
  }
  if (random.chance(0.15)) return slips(random, basics.closeDay, 1, created, today - 30);
  return [];
};

const openAmountMoves = (
  random: Random,
  risk: Risk,
  amount: number,
  created: number,
  today: number,
): Move[] => {
  if (risk === "trimmed") {
    return [amountMove(random, amount, random.between(1.12, 1.25), Math.max(today - 11, created), today)];
  }
  if (random.chance(0.25)) return [amountMove(random, amount, random.between(0.7, 0.95), created, today)];
  return [];
};

const nextStepMoves = (random: Random, nextStep: string | null, created: number, today: number): Move[] => {
  if (nextStep === null || random.chance(0.4)) return [];
  const from = random.chance(0.3) ? null : random.pick(NEXT_STEPS.filter((step) => step !== nextStep));
  return [{ field: "NextStep", from, to: nextStep, at: random.between(created + 1, today) }];
};

const openTouches = (random: Random, basics: OpenDealBasics, created: number, today: number): number[] => {
  const firm = basics.stage === "Commit";
  if (basics.forgottenSince !== undefined || (!firm && random.chance(0.08))) return [];
  const silence = basics.risk === "silent" ? random.between(13, 20) : random.between(0.5, firm ? 6 : 15);
  return touchesUpTo(random, created, Math.max(today - silence, created + 1.5), random.int(1, firm ? 3 : 2));
};

const openMeetings = (random: Random, basics: OpenDealBasics, today: number): number[] => {
  const planned = basics.stage === "Commit" ? basics.risk !== "unplanned" : random.chance(0.5);
  return planned ? spread(random, today + 1, today + 11, random.pick([1, 1, 2])) : [];
};

/** The owner changed hands: what happened before is the former owner's doing. */
export const handedOver = (plan: DealPlan, formerOwnerId: string, at: number): DealPlan => ({
  ...plan,
  moves: [...plan.moves, { field: "OwnerId", from: formerOwnerId, to: plan.ownerId, at }],
});

/** The last day something was logged, or null. */
export const lastTouchDay = (plan: DealPlan): number | null => {
  const last = plan.touches.at(-1);
  return last === undefined ? null : dayOfWork(last);
};
