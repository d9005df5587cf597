/** The whole book of business, as plans: four past quarters, the current one and the next. */
import { CURRENT, dayOfWork, type QuarterSpan, workDays } from "./calendar.ts";
import { type DealPlan, handedOver, planClosedDeal, planOpenDeal, type Risk } from "./deal-plan.ts";
import type { Random } from "./random.ts";
import { currentQuarter, leavingDay, type Setting } from "./setting.ts";
import type { Account, Person, StageName } from "./types.ts";

/** Deals closed in a whole quarter. */
const CLOSED_A_QUARTER = 250;
const WIN_RATE = 0.4;
const FORGOTTEN_A_QUARTER = 2;
const OF_WHO_LEFT = 15;

const OPEN_THIS_QUARTER: Readonly<Partial<Record<StageName, number>>> = {
  Prospecting: 55,
  Qualification: 65,
  Proposal: 72,
  Negotiation: 52,
  Commit: 62,
};
const OPEN_NEXT_QUARTER: Readonly<Partial<Record<StageName, number>>> = {
  Prospecting: 60,
  Qualification: 50,
  Proposal: 35,
  Negotiation: 20,
  Commit: 5,
};
/** Open since a year or more and never moved. */
const ANCIENT = 12;
const WITHOUT_ACCOUNT = 8;

/** Dealt in turn: one Commit deal in four has something wrong; the stories bring it to about a third. */
const COMMIT_RISKS: readonly Risk[] = [
  ...Array<Risk>(15).fill("none"),
  ...(["slipped", "silent", "unplanned", "trimmed", "sour"] as const),
];
const RISKS: readonly Risk[] = ["none", "none", "none", "slipped", "silent", "trimmed", "sour"];

/** Open in Commit, to close in the current quarter. */
const isCommitted = (setting: Setting, { stage, closeDay }: DealPlan): boolean => {
  const { startDay, endDay } = currentQuarter(setting);
  return stage === "Commit" && startDay <= closeDay && closeDay <= endDay;
};

/**
 * `accounts` are those open to any deal, `others` deals that are planned already. There are at least so many
 * `commits` in the current quarter, the others among them; those added to reach it change none of the rest.
 */
export const planDeals = (
  setting: Setting,
  random: Random,
  accounts: readonly Account[],
  { commits = 0, others = [] }: { readonly commits?: number; readonly others?: readonly DealPlan[] } = {},
): DealPlan[] => {
  const accountsOf = Map.groupBy(accounts, (account) => account.ownerId);
  const { reps } = setting.team;
  const ownersInTurn = random.shuffled(reps);
  let turn = 0;

  const placed = () => {
    const account = random.pick(accounts);
    const ownerId = random.chance(0.96) ? account.ownerId : random.pick(reps).id;
    return { account, ownerId };
  };
  /** Everybody gets some. */
  const placedInTurn = () => {
    const owner: Person = ownersInTurn[turn++ % ownersInTurn.length]!;
    return { account: random.pick(accountsOf.get(owner.id)!), ownerId: owner.id };
  };
  const closed = (quarter: QuarterSpan, count: number, before: number) => {
    const first = workDays(quarter.startDay);
    const last = workDays(Math.min(quarter.endDay + 1, before)) - 1;
    return Array.from({ length: last < first ? 0 : count }, () => {
      const stage = random.chance(WIN_RATE) ? "Closed Won" : "Closed Lost";
      const closeDay = dayOfWork(random.int(first, last));
      return maybeHandedOver(setting, random, planClosedDeal(random, { ...placed(), stage, closeDay }));
    });
  };
  const open = (stages: Readonly<Partial<Record<StageName, number>>>, closeDay: () => number) =>
    Object.entries(stages).flatMap(([name, count]) =>
      Array.from({ length: count }, (_, n) => {
        const stage = name as StageName;
        const firm = stage === "Commit";
        const risk = firm ? COMMIT_RISKS[n % COMMIT_RISKS.length]! : random.pick(RISKS);
        const place = firm ? placedInTurn() : placed();
        const basics = { ...place, stage, closeDay: closeDay(), risk };
        return maybeHandedOver(setting, random, planOpenDeal(setting, random, basics));
      }),
    );

  const past = setting.quarters.slice(0, CURRENT);
  const current = currentQuarter(setting);
  const next = setting.quarters[CURRENT + 1]!;
  const thisQuarter = () => closeDayWithin(random, setting.today, current.endDay);
  const planned = [
    ...past.flatMap((quarter) => closed(quarter, CLOSED_A_QUARTER, setting.today)),
    ...past.flatMap((quarter) => forgotten(setting, random, quarter, placed)),
    ...ofWhoLeft(setting, random, accounts),
    ...closed(current, Math.round(CLOSED_A_QUARTER * elapsed(current, setting.today)), setting.today),
    ...open(OPEN_THIS_QUARTER, thisQuarter),
    ...open(OPEN_NEXT_QUARTER, () => closeDayWithin(random, next.startDay, next.endDay)),
    ...overdue(setting, random, placed),
    ...ancient(setting, random, placed),
    ...withoutAccount(setting, random),
  ];
  const committed = [...others, ...planned].filter((plan) => isCommitted(setting, plan)).length;
  return [...planned, ...open({ Commit: Math.max(commits - committed, 0) }, thisQuarter)];
};

type Place = () => { readonly account: Account; readonly ownerId: string };

/** Sellers promise the last day of the quarter more often than any other. */
const closeDayWithin = (random: Random, first: number, last: number): number =>
  random.chance(0.3) ? last : random.int(first, last);

const elapsed = (quarter: QuarterSpan, today: number): number =>
  (workDays(today) - workDays(quarter.startDay)) /
  (workDays(quarter.endDay + 1) - workDays(quarter.startDay));

/** Left open in a quarter that is over. */
const forgotten = (setting: Setting, random: Random, quarter: QuarterSpan, place: Place): DealPlan[] =>
  Array.from({ length: FORGOTTEN_A_QUARTER }, () =>
    planOpenDeal(setting, random, {
      ...place(),
      stage: random.pick(["Qualification", "Proposal"] as const),
      closeDay: random.int(quarter.startDay, quarter.endDay),
      risk: "none",
      forgottenSince: workDays(quarter.startDay) - random.between(20, 60),
    }),
  );

/** Open, of this quarter, and late. None on the quarter's first day. */
const overdue = (setting: Setting, random: Random, place: Place): DealPlan[] => {
  const { startDay } = currentQuarter(setting);
  if (setting.today === startDay) return [];
  return Array.from({ length: 10 }, () =>
    planOpenDeal(setting, random, {
      ...place(),
      stage: random.pick(["Proposal", "Negotiation", "Commit"] as const),
      closeDay: random.int(Math.max(startDay, setting.today - 15), setting.today - 1),
      risk: "none",
    }),
  );
};

const ancient = (setting: Setting, random: Random, place: Place): DealPlan[] =>
  Array.from({ length: ANCIENT }, () =>
    planOpenDeal(setting, random, {
      ...place(),
      stage: "Prospecting",
      closeDay: closeDayWithin(random, setting.today, setting.quarters.at(-1)!.endDay),
      risk: "none",
      forgottenSince: workDays(setting.today) - random.between(235, 320),
    }),
  );

const withoutAccount = (setting: Setting, random: Random): DealPlan[] =>
  Array.from({ length: WITHOUT_ACCOUNT }, () =>
    planOpenDeal(setting, random, {
      account: null,
      ownerId: random.pick(setting.team.reps).id,
      stage: "Qualification",
      closeDay: closeDayWithin(random, setting.today, currentQuarter(setting).endDay),
      risk: "none",
    }),
  );

/** What the person who left had closed before. */
const ofWhoLeft = (setting: Setting, random: Random, accounts: readonly Account[]): DealPlan[] =>
  Array.from({ length: OF_WHO_LEFT }, () => {
    const { startDay, endDay } = random.pick(setting.quarters.slice(0, CURRENT - 1));
    return planClosedDeal(random, {
      account: random.pick(accounts),
      ownerId: setting.team.inactive.id,
      stage: random.chance(WIN_RATE) ? "Closed Won" : "Closed Lost",
      closeDay: dayOfWork(random.int(workDays(startDay), workDays(endDay + 1) - 1)),
    });
  });

/** Some deals that were open when a colleague left had been that colleague's. */
const maybeHandedOver = (setting: Setting, random: Random, plan: DealPlan): DealPlan => {
  const left = workDays(leavingDay(setting));
  const stillOpen = plan.moves.every(
    ({ field, to, at }) => field !== "StageName" || !String(to).startsWith("Closed") || at > left + 5,
  );
  if (plan.created < left - 2 && stillOpen && random.chance(0.06)) {
    return handedOver(plan, setting.team.inactive.id, left + random.between(1, 4));
  }
  return plan;
};
