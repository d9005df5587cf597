/** What the steps mean, deal by deal; that they always add up is in `histories.test.ts`. */
import { describe, expect, test } from "vitest";
import type { Deal, DealChange } from "#connector";
import { type Waterfall, waterfallOf } from "../../../../connectors/revops/waterfall/waterfall.ts";
import { dealIn, END, inStage, KNOWN_STAGES, QUARTER, START } from "./histories.ts";

const ID = "006000000000001AAA";
const day = (number: number, hour = 12) => `2026-11-${String(number).padStart(2, "0")}T${hour}:00:00Z`;

type Change = Partial<DealChange> & Pick<DealChange, "kind" | "from" | "to" | "at">;

const replay = (deal: Partial<Deal>, changes: readonly Change[], known = KNOWN_STAGES) =>
  waterfallOf(
    [dealIn(ID, { amount: 100, ...deal }), ...known],
    changes.map((change) => ({
      id: ID,
      label: change.kind,
      daysMoved: null,
      amountDelta: null,
      person: null,
      ...change,
    })),
    { quarter: QUARTER, start: START, end: END },
  );

const steps = ({ movements }: Waterfall) => movements.map(({ step, cents }) => [step, cents / 100]);

const stage = (from: string | null, to: string, at: string): Change => ({ kind: "stage", from, to, at });
const amount = (from: number | null, to: number | null, at: string, amountDelta?: number | null): Change => ({
  kind: "amount",
  from,
  to,
  at,
  amountDelta: amountDelta === undefined ? Number(to) - Number(from) : amountDelta,
});
const moved = (from: string | null, to: string, at: string): Change => ({ kind: "close_date", from, to, at });

describe("a deal is in every step it went through", () => {
  test("raised, then won", () => {
    const told = replay({ ...inStage("Closed Won"), amount: 150 }, [
      stage("Commit", "Closed Won", day(12)),
      amount(100, 150, day(10)),
    ]);
    expect(steps(told)).toEqual([
      ["opening", 100],
      ["up", 50],
      ["won", -150],
    ]);
    expect(told.movements.at(-1)).toMatchObject({
      from: "Commit",
      to: "Closed Won",
      at: Date.parse(day(12)),
    });
  });

  test("lost, reopened, and pushed out", () => {
    const told = replay({ closeDate: "2027-01-15" }, [
      stage("Proposal", "Closed Lost", day(10)),
      stage("Closed Lost", "Proposal", day(11)),
      moved("2026-12-15", "2027-01-15", day(12)),
    ]);
    expect(steps(told)).toEqual([
      ["opening", 100],
      ["lost", -100],
      ["reopened", 100],
      ["pushed_out", -100],
    ]);
  });

  test("new, pulled in and cut; what it was before it existed is nobody's", () => {
    const told = replay({ createdAt: day(10), amount: 60 }, [
      moved("2027-02-01", "2026-12-01", day(11)),
      amount(100, 60, day(12)),
      stage("Discovery", "Proposal", day(9)),
    ]);
    expect(steps(told)).toEqual([
      ["pulled_in", 100],
      ["down", -40],
      ["closing", 60],
    ]);
  });

  test("closed with a new date and amount in one instant: both come first", () => {
    const told = replay({ ...inStage("Closed Won"), amount: 120, closeDate: "2026-11-12" }, [
      stage("Commit", "Closed Won", day(12)),
      moved("2027-01-31", "2026-11-12", day(12)),
      amount(100, 120, day(12)),
    ]);
    expect(steps(told)).toEqual([
      ["pulled_in", 120],
      ["won", -120],
    ]);
  });

  test("of several stages in one instant, the way counts that leads to today's", () => {
    const told = replay(inStage("Closed Lost"), [
      stage("Commit", "Closed Lost", day(12)),
      stage("Proposal", "Commit", day(12)),
    ]);
    expect(steps(told)).toEqual([
      ["opening", 100],
      ["lost", -100],
    ]);
    expect(told).toMatchObject({ contradicted: 0, guessed: 0 });
  });
});

describe("what lies outside", () => {
  test("changes before and after the days are no steps, and still tell what was", () => {
    const told = replay({ ...inStage("Closed Won"), amount: 300 }, [
      amount(100, 200, day(2)),
      amount(200, 300, day(22)),
      stage("Commit", "Closed Won", day(23)),
    ]);
    expect(steps(told)).toEqual([
      ["opening", 200],
      ["closing", 200],
    ]);
  });

  test("a deal made after the last day was not there", () => {
    expect(steps(replay({ createdAt: day(22) }, []))).toEqual([]);
  });

  test("a closed deal that changes is none of the pipeline", () => {
    expect(steps(replay({ ...inStage("Closed Won"), amount: 130 }, [amount(100, 130, day(12))]))).toEqual([]);
  });
});

describe("where a history is doubtful, the present counts", () => {
  test("a raise to less than the amount of today is one to today's", () => {
    const told = replay({ amount: 150 }, [amount(100, 120, day(12))]);
    expect(steps(told)).toEqual([
      ["opening", 100],
      ["up", 50],
      ["closing", 150],
    ]);
    expect(told.contradicted).toBe(1);
  });

  test("an empty amount is nothing; one that is not told is what it was after", () => {
    expect(steps(replay({}, [amount(null, 100, day(12))]))).toEqual([
      ["opening", 0],
      ["up", 100],
      ["closing", 100],
    ]);
    const untold = replay({}, [amount(null, 100, day(12), null)]);
    expect(steps(untold)).toEqual([
      ["opening", 100],
      ["closing", 100],
    ]);
    expect(untold.guessed).toBe(1);
  });

  test("what is not told before a move may be told after the one before it", () => {
    const told = replay({ closeDate: "2026-12-20" }, [
      moved("2026-12-01", "2027-01-10", day(10)),
      moved(null, "2026-12-20", day(12)),
    ]);
    expect(steps(told).map(([step]) => step)).toEqual(["opening", "pushed_out", "pulled_in", "closing"]);
    expect(told.guessed).toBe(0);
  });

  test("what closed was open before, whatever it was called", () => {
    const told = replay(inStage("Closed Won"), [stage(null, "Closed Won", day(12))]);
    expect(steps(told)).toEqual([
      ["opening", 100],
      ["won", -100],
    ]);
    expect(told.movements.at(-1)).toMatchObject({ from: null, to: "Closed Won" });
  });

  test("without any history the CRM's time of the last stage change tells of it, once", () => {
    const deal = { ...inStage("Closed Lost"), lastStageChangeAt: day(12) };
    const lost = [
      ["opening", 100],
      ["lost", -100],
    ];
    expect(steps(replay(deal, []))).toEqual(lost);
    expect(steps(replay(deal, [stage("Proposal", "Closed Lost", day(12, 14))]))).toEqual(lost);
    expect(steps(replay({ ...deal, lastStageChangeAt: day(2) }, []))).toEqual([]);
  });

  test("a stage that no deal stands in counts as open, and is counted", () => {
    const told = replay({}, [stage("Contracting", "Proposal", day(12))], []);
    expect(steps(told).map(([step]) => step)).toEqual(["opening", "closing"]);
    expect(told.unknownStages).toBe(1);
    const known = replay({}, [stage("Closed Lost", "Proposal", day(12))]);
    expect(steps(known).map(([step]) => step)).toEqual(["reopened", "closing"]);
    expect(known.unknownStages).toBe(0);
  });
});
