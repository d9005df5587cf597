import { describe, expect, test } from "vitest";
import type { Fault } from "#sandbox/server.ts";
import { createClock, type ManualClock } from "../../kit/clock.ts";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { DIALECTS, planned, records, sent, startClari } from "./clari-hub.ts";

const callOf = (hub: TestHub, api: unknown) =>
  ({ api, clock: hub.clock, deadline: hub.clock.now() + 45_000, notice: () => {} }) as never;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("a deal comes with its score, why, and how often its close date slipped", async () => {
    const { hub } = await startClari(dialect);
    const { stories, deals, fieldChanges } = hub.company;
    const deal = deals.find(({ id }) => id === stories.slippedTwice)!;
    const { answer } = await hub.call("clari_get_deal_risk", { opp_ids: [deal.id] });

    const slips = fieldChanges.filter(({ dealId, field }) => dealId === deal.id && field === "CloseDate");
    const days = slips.map(
      ({ oldValue, newValue }) => (Date.parse(String(newValue)) - Date.parse(String(oldValue))) / 86_400_000,
    );
    expect(slips.length).toBe(2);
    const [row] = records(answer.deals);
    expect(row).toMatchObject({
      id: deal.id,
      name: deal.name,
      stage: deal.stage,
      amount: deal.amount,
      closeDate: deal.closeDate,
      score: deal.score,
      message: deal.scoreMessage,
      slips: 2,
      daysSlipped: days[0]! + days[1]!,
      lastSlip: new Date(slips[1]!.at).toISOString(),
    });
    const moved = records(answer.moves).filter(({ field }) => field === "close_date");
    expect(moved).toEqual(
      slips.map(({ oldValue, newValue, at }, n) => ({
        id: deal.id,
        field: "close_date",
        from: oldValue,
        to: newValue,
        at: new Date(at).toISOString(),
        days: days[n],
      })),
    );
    expect(answer.unknown).toEqual([]);
  });

  test("the riskiest deal comes first, one without a score last, one unknown to Clari by name", async () => {
    const { hub } = await startClari(dialect);
    const { lowScore, healthy, unscored, missingInClari } = hub.company.stories;
    const { answer } = await hub.call("clari_get_deal_risk", {
      opp_ids: [unscored, healthy, missingInClari, lowScore],
    });
    expect(records(answer.deals).map(({ id }) => id)).toEqual([lowScore, healthy, unscored]);
    expect(records(answer.deals)[2]!.score).toBeNull();
    expect(answer.unknown).toEqual([missingInClari]);
  });

  test("hundreds of ids are asked a hundred at a time, each record once", async () => {
    const { hub, clari } = await startClari(dialect);
    const { missingInClari } = hub.company.stories;
    const ids = [missingInClari, ...hub.company.deals.map(({ id }) => id)].slice(0, 260);
    const opp_ids = [...ids.map((id) => id.slice(0, 15)), ...ids];
    const dry = await hub.call("clari_get_deal_risk", { opp_ids, dry_run: true });
    expect(clari.requests()).toEqual([]);

    const { answer } = await hub.call("clari_get_deal_risk", { opp_ids });
    const distinct = new Set(opp_ids.map((id) => id.slice(0, 15))).size;
    expect(clari.requests().length).toBe(Math.ceil(distinct / 100));
    const order = (a: { query: string }, b: { query: string }) => (a.query < b.query ? -1 : 1);
    expect(sent(clari.requests()).sort(order)).toEqual(planned(dry.answer.dry_run.requests).sort(order));
    expect(answer.deals.total + answer.unknown.length).toBe(distinct);
    expect(answer.unknown).toContain(missingInClari);
  });

  test("where the score is left out, the field that repeats it is read", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ omitCrmScore: true });
    const { lowScore } = hub.company.stories;
    const { answer } = await hub.call("clari_get_deal_risk", { opp_ids: [lowScore] });
    const { score } = hub.company.deals.find(({ id }) => id === lowScore)!;
    expect(records(answer.deals)[0]).toMatchObject({ id: lowScore, score });
  });

  test("other connectors read the same as the dealRisks dataset, planned and real", async () => {
    const { hub, clari } = await startClari(dialect);
    const { slippedTwice, amountCut, missingInClari } = hub.company.stories;
    const query = { ids: [slippedTwice, amountCut, missingInClari] };
    const [{ connector, api }] = hub.built.supervised as [(typeof hub.built.supervised)[number]];
    const provider = connector!.datasets!.dealRisks!;
    const plan = await provider.plan(query, { api, clock: hub.clock, datasets: { plan: async () => [] } });
    const { rows } = await provider.read(query, callOf(hub, api));
    expect(sent(clari.requests())).toEqual(planned([...plan]));
    expect(rows.map(({ id }) => id)).toEqual([slippedTwice, amountCut]);
    const cut = rows[1]!.moves.find(({ field }) => field === "amount");
    expect(cut).toMatchObject({ from: 240_000, to: 150_000 });
    const times = rows[0]!.moves.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });
});

describe("when a batch of ids fails", () => {
  const asked = async (fault: Fault) => {
    const { hub, clari } = await startClari();
    const ids = hub.company.deals.filter(({ inClari }) => inClari).map(({ id }) => id);
    const opp_ids = [hub.company.stories.missingInClari, ...ids].slice(0, 250);
    clari.fault({ match: "GET .*/opportunity", ...fault });
    return { hub, opp_ids, result: await hub.call("clari_get_deal_risk", { opp_ids }) };
  };

  test("the others answer, and its ids are listed apart from those that Clari does not know", async () => {
    const { hub, opp_ids, result } = await asked({ times: 1, spoil: "html" });
    const { deals, unknown, unread, notices } = result.answer;
    const failed = opp_ids.slice(0, 100);
    expect([failed, opp_ids.slice(100, 200), opp_ids.slice(200)]).toContainEqual(unread);
    const isMissingUnread = unread.includes(hub.company.stories.missingInClari);
    expect(unknown).toEqual(isMissingUnread ? [] : [hub.company.stories.missingInClari]);
    expect(deals.total).toBe(250 - unread.length - unknown.length);
    expect(notices).toContainEqual(expect.stringMatching(/^Partial answer: \d+ deals did not come/));
  });

  test("by never ending, the others answer before the call's time is up", async () => {
    const { hub, clari } = await startClari("live", { config: { limits: { timeoutMs: 2_000 } } });
    const ids = hub.company.deals.filter(({ inClari }) => inClari).map(({ id }) => id);
    clari.fault({ match: "GET .*/opportunity", times: 1, spoil: "hang-body" });
    const { answer } = await hub.call("clari_get_deal_risk", { opp_ids: ids.slice(0, 150) });
    expect([50, 100]).toContain(answer.unread.length);
    expect(answer.deals.total).toBe(150 - answer.unread.length);
  });

  test("and none other comes, the reason is the error", async () => {
    expect((await asked({ spoil: "html" })).result).toBeRefused("vendor_malformed");
    expect((await asked({ status: 500, body: "{}" })).result).toBeRefused("vendor_unavailable");
  });

  test("other connectors are told so, and get no deals that look unknown", async () => {
    const hub = await startHub();
    hub.sandbox("clari").fault({ match: "GET .*/opportunity", spoil: "html" });
    const { answer } = await hub.call("revops_review_commits");
    expect(answer.notices).toContainEqual(expect.stringMatching(/^Partial answer, without clari/));
    expect(answer.totals[0].unknownToForecast).toBeNull();
  });
});

/** Nobody's sleep ends before so many sleep. */
const createMeetingClock = (count: number): ManualClock => {
  const sleepers: (() => void)[] = [];
  const sleep = () =>
    new Promise<void>((resolve) => {
      sleepers.push(resolve);
      if (sleepers.length >= count) for (const wake of sleepers) wake();
    });
  return { ...createClock(), sleep };
};

test("five hundred ids are five requests, side by side, and every row can be had", async () => {
  const { hub, clari } = await startClari("live", { clock: createMeetingClock(5) });
  clari.fault({ match: "GET .*/opportunity", latencyMs: 1 });
  const ids = hub.company.deals.filter(({ inClari }) => inClari).map(({ id }) => id);
  const opp_ids = ids.slice(0, 500).map((id, n) => (n % 2 === 0 ? id : ` ${id.slice(0, 15)} `));
  expect(opp_ids.length).toBe(500);
  const { answer } = await hub.call("clari_get_deal_risk", { opp_ids });
  expect(clari.requests().length).toBe(5);
  expect(clari.peak()).toBe(5);
  expect(answer.deals.total).toBe(500);
  const read = records(answer.deals).map(({ id }) => id);
  for (let { cursor } = answer.deals; cursor; ) {
    const page = (await hub.call("hub_get_more", { cursor })).answer;
    read.push(...records(page.rows).map(({ id }) => id));
    cursor = page.rows.cursor;
  }
  expect(read.toSorted()).toEqual(ids.slice(0, 500).toSorted());
});

test.each([
  ["too short", "0065f00000Opp"],
  ["with another checksum", "checksum"],
  ["a path", "../../admin/limits"],
  ["a query", "006&oppId=1"],
])("an id that is %s is refused before Clari is asked", async (_, given) => {
  const { hub, clari } = await startClari();
  const { healthy } = hub.company.stories;
  const wrong = given === "checksum" ? healthy.slice(0, 17) + (healthy.endsWith("A") ? "B" : "A") : given;
  const result = await hub.call("clari_get_deal_risk", { opp_ids: [healthy, wrong] });
  expect(result).toBeRefused("invalid_input");
  expect(result.answer.error.message).toContain("1 of 2");
  expect(clari.requests()).toEqual([]);
});

test("text that an attacker typed into a deal is marked as data", async () => {
  const { hub } = await startClari();
  const { hostile } = hub.company.stories;
  const { answer } = await hub.call("clari_get_deal_risk", { opp_ids: [hostile] });
  const [row] = records(answer.deals);
  expect(row!.name).toContain("untrusted");
  expect(answer.notices).toBeUndefined();
});

describe("deals that are a little off", () => {
  const asked = async (...opportunities: readonly object[]) => {
    const { hub, clari } = await startClari();
    const { healthy, lowScore } = hub.company.stories;
    const ids = [healthy, lowScore];
    const body = JSON.stringify(opportunities.map((one, n) => ({ id: ids[n], ...one })));
    clari.fault({ match: "GET .*/opportunity", status: 200, body });
    const { answer } = await hub.call("clari_get_deal_risk", { opp_ids: ids });
    return { answer, rows: records(answer.deals), moves: records(answer.moves) };
  };

  test("do not take the others with them, and are counted", async () => {
    const { answer, rows } = await asked({ id: 7 }, { crmScore: { score: 34 }, fields: [] });
    expect(rows).toMatchObject([{ score: 34 }]);
    expect(answer.unknown.length).toBe(1);
    expect(answer.notices).toContainEqual(expect.stringMatching(/^1 deals .* could not be read/));
  });

  test("a move without a time that can be is dropped, and the deal stays", async () => {
    const trendHistory = [
      { oldValue: 1, newValue: 2, date: 1e15 },
      { oldValue: 2, newValue: 3 },
      { oldValue: 3, newValue: 4, date: 1779148800000 },
    ];
    const { answer, moves } = await asked({ fields: [{ id: "amount", alias: 17, value: 4, trendHistory }] });
    expect(moves.map(({ from, to }) => [from, to])).toEqual([[3, 4]]);
    expect(answer.notices).toContainEqual(expect.stringMatching(/^2 values or moves/));
  });

  test.each([{ score: "34" }, 34, "34"])("a score may come as %j", async (crmScore) => {
    const { rows } = await asked({ crmScore, fields: [] });
    expect(rows[0]!.score).toBe(34);
  });

  test.each([
    ["$200,000", 200_000],
    ["-USD 1,250.50", -1_250.5],
    ["200000", 200_000],
    ["200K", undefined],
  ])("an amount may come as %s", async (value, amount) => {
    const { answer, rows } = await asked({ fields: [{ id: "amount", value }] });
    expect(rows[0]!.amount).toBe(amount);
    expect(answer.notices?.length ?? 0).toBe(amount === undefined ? 1 : 0);
  });

  test.each(["2026-12-31", "12/31/2026", "2026-12-31T23:30:00-08:00", 1798675200000, "1798675200000"])(
    "a close date may come as %s",
    async (value) => {
      const { rows } = await asked({ fields: [{ id: "closedate", value }] });
      expect(rows[0]!.closeDate).toBe("2026-12-31");
    },
  );

  test("an answer of which nothing can be read is an error", async () => {
    const { hub, clari } = await startClari();
    clari.fault({ match: "GET .*/opportunity", status: 200, body: '[{"id":7},{}]' });
    const result = await hub.call("clari_get_deal_risk", { opp_ids: [hub.company.stories.healthy] });
    expect(result).toBeRefused("vendor_malformed");
  });
});
