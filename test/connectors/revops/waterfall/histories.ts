/** Made-up deals with made-up pasts: told truly, and told badly. */
import fc from "fast-check";
import type { Deal, DealChange } from "#connector";

export const QUARTER = { start: "2026-10-01", end: "2026-12-31" };
const DAY = 86_400_000;
export const START = Date.parse("2026-11-09T00:00:00Z");
export const END = Date.parse("2026-11-20T23:59:59.999Z");
/** The present, some days after the end of the question. */
const NOW = Date.parse("2026-11-24T12:00:00Z");

export const STAGES = {
  Discovery: "open",
  Proposal: "open",
  Commit: "open",
  "Closed Won": "won",
  "Closed Lost": "lost",
} as const;
type Stage = keyof typeof STAGES;
const stage = fc.constantFrom(...(Object.keys(STAGES) as Stage[]));
const day = (index: number) => new Date(Date.parse("2026-09-01") + index * DAY).toISOString().slice(0, 10);
const closeDate = fc.integer({ min: 0, max: 180 }).map(day);
const amount = fc.option(fc.integer({ min: -50_000, max: 9_000_000 }).map((cents) => cents / 100));
const currency = fc.constantFrom("USD", "EUR", null);
const time = fc.integer({ min: START - 20 * DAY, max: NOW });

/** What truly happened, oldest first, no two at once. */
export interface Truth {
  readonly createdAt: number | null;
  readonly currency: string | null;
  readonly first: { readonly stage: Stage; readonly closeDate: string; readonly amount: number | null };
  readonly events: readonly TrueEvent[];
}
export type TrueEvent = { readonly at: number } & (
  | { readonly kind: "stage"; readonly value: Stage }
  | { readonly kind: "close_date"; readonly value: string }
  | { readonly kind: "amount"; readonly value: number | null }
);

const event: fc.Arbitrary<TrueEvent> = fc.oneof(
  fc.record({ kind: fc.constant("stage" as const), value: stage, at: time }),
  fc.record({ kind: fc.constant("close_date" as const), value: closeDate, at: time }),
  fc.record({ kind: fc.constant("amount" as const), value: amount, at: time }),
);

const truth: fc.Arbitrary<Truth> = fc
  .record({
    createdAt: fc.option(time, { freq: 3 }),
    currency,
    first: fc.record({ stage, closeDate, amount }),
    events: fc.uniqueArray(event, { selector: ({ at }) => at, maxLength: 8 }),
  })
  .map((one) => ({
    ...one,
    events: one.events
      .filter(({ at }) => one.createdAt === null || at > one.createdAt)
      .sort((a, b) => a.at - b.at),
  }));

export const truths = fc.array(truth, { maxLength: 8 });

const idOf = (index: number) => `006${String(index).padStart(15, "0")}`;
const iso = (at: number) => new Date(at).toISOString();

export const dealIn = (id: string, fields: Partial<Deal>): Deal => ({
  id,
  name: id,
  accountId: null,
  accountName: null,
  ownerId: "005000000000000AAA",
  ownerName: null,
  managerId: null,
  managerName: null,
  stage: "Proposal",
  category: "pipeline",
  isClosed: false,
  isWon: false,
  amount: 0,
  currency: "USD",
  closeDate: "2026-12-01",
  createdAt: null,
  lastActivityDate: null,
  lastStageChangeAt: null,
  nextStep: null,
  url: null,
  ...fields,
});

export const inStage = (name: Stage) => ({
  stage: name,
  isClosed: STAGES[name] !== "open",
  isWon: STAGES[name] === "won",
});

/** So that each stage is known; none of them is of the quarter. */
export const KNOWN_STAGES = (Object.keys(STAGES) as Stage[]).map((name, index) =>
  dealIn(`KNOWN${String(index).padStart(13, "0")}`, { ...inStage(name), closeDate: "2020-01-01" }),
);

/** How a CRM and a history tell of it. */
export const told = (all: readonly Truth[]): { deals: Deal[]; changes: DealChange[] } => {
  const changes: DealChange[] = [];
  const deals = all.map(({ createdAt, currency: money, first, events }, index) => {
    const id = idOf(index);
    const now = { stage: first.stage as Stage, close_date: first.closeDate, amount: first.amount };
    for (const { kind, value, at } of events) {
      const from = now[kind];
      Object.assign(now, { [kind]: value });
      changes.push({
        id,
        kind,
        from,
        to: value,
        at: iso(at),
        label: kind,
        daysMoved: null,
        amountDelta: kind === "amount" ? Number(value ?? 0) - Number(from ?? 0) : null,
        person: null,
      });
    }
    return dealIn(id, {
      ...inStage(now.stage),
      amount: now.amount,
      currency: money,
      closeDate: now.close_date,
      createdAt: createdAt === null ? null : iso(createdAt),
    });
  });
  return { deals: [...deals, ...KNOWN_STAGES], changes };
};

// --- told badly ------------------------------------------------------------------------------------

const badValue = fc.oneof(
  fc.constantFrom(null, "", "Stage of long ago", "not a day", "12,5", 0, -3.335),
  stage,
  closeDate,
  amount,
);

const spoiling = fc.record({
  /** Which change; the rest is left as it is. */
  index: fc.nat({ max: 63 }),
  how: fc.constantFrom("drop", "from", "to", "at", "twice", "silent", "other deal"),
  value: badValue,
  at: fc.oneof(time, fc.constantFrom(START, END, END + 1, START - 1, NOW + DAY)),
});

const misread = fc.record({
  index: fc.nat({ max: 7 }),
  createdAt: fc.option(fc.oneof(time, fc.constantFrom(START, END, END + 1)).map(iso)),
  lastStageChangeAt: fc.option(time.map(iso)),
  stage: fc.option(stage),
});

/** Contradictory, out of order, in part missing, of stages that nobody knows. */
export const badlyTold = fc
  .tuple(truths, fc.array(spoiling, { maxLength: 12 }), fc.array(misread, { maxLength: 4 }), fc.boolean())
  .chain(([all, spoilings, misreadings, areStagesKnown]) => {
    const { deals, changes } = told(all);
    for (const { index, how, value, at } of spoilings) {
      const place = index % Math.max(changes.length, 1);
      const change = changes[place];
      if (!change) break;
      if (how === "drop") changes.splice(place, 1);
      else if (how === "from" || how === "to") changes[place] = { ...change, [how]: value };
      else if (how === "at") changes[place] = { ...change, at: iso(at) };
      else if (how === "twice") changes.push({ ...change, to: value });
      else if (how === "silent") changes[place] = { ...change, from: null, amountDelta: null };
      else changes[place] = { ...change, id: idOf(index % 9) };
    }
    for (const { index, stage: name, ...times } of misreadings)
      if (index < all.length) deals[index] = { ...deals[index]!, ...times, ...(name && inStage(name)) };
    const read = areStagesKnown ? deals : deals.slice(0, all.length);
    return fc
      .shuffledSubarray(changes, { minLength: changes.length })
      .map((shuffled) => ({ deals: read, changes: shuffled }));
  });
