import { describe, expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";

type Row = Record<string, unknown>;

const review = async (hub: TestHub, input = {}) => {
  const { answer, isError } = await hub.call("revops_review_commits", input);
  expect(isError, JSON.stringify(answer)).toBe(false);
  return { answer, deals: records(answer.deals) };
};

/** What the CRM of the made-up company says, counted without the hub. */
const openCommits = ({ company }: TestHub) => {
  const { start, end } = company.quarters[4]!;
  return company.deals.filter(
    ({ stage, closeDate }) => stage === "Commit" && closeDate >= start && closeDate <= end,
  );
};

const cents = (amounts: readonly (number | null)[]) =>
  amounts.reduce<number>((sum, amount) => sum + Math.round((amount ?? 0) * 100), 0) / 100;

test("every open Commit deal of the quarter is there once, with totals that add up", async () => {
  const hub = await startHub();
  const { answer, deals } = await review(hub);
  const expected = openCommits(hub);
  expect(deals.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
  expect(answer.quarter).toBe("2026_Q4");
  const risky = deals.filter(({ reasons }) => reasons && reasons !== "not known to clari");
  expect(answer.totals).toEqual([
    {
      currency: "USD",
      deals: expected.length,
      amount: cents(expected.map(({ amount }) => amount)),
      atRiskDeals: risky.length,
      amountAtRisk: cents(risky.map(({ amount }) => amount as number | null)),
      unknownToForecast: expected.filter(({ inClari }) => !inClari).length,
    },
  ]);
  expect(answer.sources.map(({ system }: Row) => system)).toEqual(["clari", "salesforce"]);
});

test("the most money at risk comes first", async () => {
  const hub = await startHub();
  const { deals } = await review(hub);
  const atRisk = deals.filter(({ reasons }) => reasons).map(({ amount }) => (amount as number | null) ?? 0);
  expect(atRisk.length).toBeGreaterThan(5);
  expect(deals[0]?.reasons).toBeTruthy();
  const ranked = deals.map(({ reasons, amount }) =>
    reasons && reasons !== "not known to clari" ? ((amount as number | null) ?? 0) : 0,
  );
  expect(ranked).toEqual([...ranked].sort((a, b) => b - a));
});

describe("the planted stories are told", () => {
  type Story = (story: keyof TestHub["company"]["stories"]) => Row;
  const tell = (title: string, check: (of: Story, hub: TestHub) => void) =>
    test(title, async () => {
      const hub = await startHub();
      const { deals } = await review(hub);
      check((story) => deals.find(({ id }) => id === hub.company.stories[story]) ?? {}, hub);
    });

  tell("slipped twice", (of) => {
    expect(of("slippedTwice").reasons).toMatch(/close date moved out twice, last by \d+ days on 2026-/);
    expect(of("slippedTwice").lastSlip).toMatch(
      /^2026-\d\d-\d\d: 2026-\d\d-\d\d → 202\d-\d\d-\d\d \(\+\d+ days\)$/,
    );
  });
  tell("a low score", (of, hub) => {
    const deal = hub.company.deals.find(({ id }) => id === hub.company.stories.lowScore);
    expect(of("lowScore")).toMatchObject({ score: deal?.score, message: deal?.scoreMessage });
    expect(of("lowScore").reasons).toContain(`score ${deal?.score}, below 50`);
  });
  tell("untouched for a month", (of) => {
    expect(of("untouched").daysSinceActivity).toBeGreaterThan(30);
    expect(of("untouched").reasons).toMatch(/no activity for \d+ days/);
  });
  tell("never touched", (of) => expect(of("neverTouched").reasons).toContain("no activity ever logged"));
  tell("missing in Clari", (of) => {
    expect(of("missingInClari")).toMatchObject({ score: null });
    expect(of("missingInClari").reasons).toContain("not known to clari");
  });
  tell("known but not scored", (of) => expect(of("unscored").reasons).not.toContain("not known"));
  tell("no amount", (of) => expect(of("noAmount").reasons).toContain("no amount"));
  tell("amount cut", (of) => expect(of("amountCut").reasons).toMatch(/amount cut by \d+ %/));
  tell("past due", (of) => expect(of("pastDue").reasons).toMatch(/close date 2026-\d\d-\d\d is past/));
  tell("healthy: nothing speaks against it", (of) => expect(of("healthy")).toMatchObject({ reasons: "" }));
  tell("apostrophes and CJK arrive whole", (of) => {
    expect(of("apostrophe").name).toContain("O'Brien");
    expect(of("cjk").name).toMatch(/\p{Script=Han}|\p{Script=Katakana}|\p{Script=Hangul}/u);
  });
  tell("hostile text is cleaned and marked, and its deal is still there", (of, hub) => {
    const text = JSON.stringify(of("hostile"));
    expect(of("hostile").id).toBe(hub.company.stories.hostile);
    expect(text).not.toMatch(/[\u202a-\u202e\u200b-\u200f]/);
    expect(text).not.toMatch(/\]\(http/);
  });
});

test("owner, smallest amount and score threshold narrow the question", async () => {
  const hub = await startHub();
  const [first] = openCommits(hub);
  const owned = await review(hub, { owner_id: first!.ownerId });
  expect(owned.deals.map(({ id }) => id).sort()).toEqual(
    openCommits(hub)
      .filter(({ ownerId }) => ownerId === first!.ownerId)
      .map(({ id }) => id)
      .sort(),
  );
  const large = await review(hub, { min_amount: 100_000 });
  expect(large.deals).toHaveLength(openCommits(hub).filter(({ amount }) => (amount ?? 0) >= 100_000).length);
  const strict = await review(hub, { risk_below: 100 });
  const lax = await review(hub, { risk_below: 0 });
  expect(strict.answer.totals[0].atRiskDeals).toBeGreaterThan(lax.answer.totals[0].atRiskDeals);
  expect(JSON.stringify(lax.deals)).not.toContain("below 0");
});

test.each(["2026_Q4", "Q4-2026", "Q4 2026", "q4", "current"])(
  "the quarter may be written %s",
  async (time_period) => {
    const hub = await startHub();
    expect((await review(hub, { time_period })).answer.quarter).toBe("2026_Q4");
  },
);

test("what is no quarter is refused with the forms that are", async () => {
  const hub = await startHub();
  const result = await hub.call("revops_review_commits", { time_period: "Q5" });
  expect(result).toBeRefused("invalid_input");
  expect(result.answer.error.hint).toContain("2026_Q4");
});

test("with Clari down, the CRM's part is answered, and the answer says what is missing", async () => {
  const hub = await startHub();
  hub.sandbox("clari").fault({ status: 503, body: "{}" });
  const { answer, deals } = await review(hub);
  expect(deals).toHaveLength(openCommits(hub).length);
  expect(answer.notices.join(" ")).toMatch(/Partial answer, without clari/);
  expect(deals.find(({ id }) => id === hub.company.stories.untouched)?.reasons).toMatch(/no activity/);
  expect(JSON.stringify(deals)).not.toContain("not known to");
});

test("with Salesforce down, the deals are the last ones read, with their age; Clari's part is fresh", async () => {
  const hub = await startHub();
  hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
  const nothingKept = await hub.call("revops_review_commits");
  expect(nothingKept).toBeRefused("vendor_unavailable");

  hub.sandbox("salesforce").fault(undefined);
  hub.clock.advance(60_000);
  const readAt = new Date(hub.clock.now()).toISOString();
  await review(hub);
  hub.clock.advance(3_600_000);
  hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
  const { answer, deals } = await review(hub);
  expect(deals).toHaveLength(openCommits(hub).length);
  expect(answer.notices.join(" ")).toMatch(/without salesforce/);
  expect(answer.notices.join(" ")).toContain(`as they were read at ${readAt.slice(0, 16)}`);
  expect(deals.find(({ id }) => id === hub.company.stories.lowScore)?.score).toBeLessThan(30);
});

test("a system that hangs does not take the answer with it", async () => {
  const hub = await startHub({ config: { limits: { timeoutMs: 1_500 } } });
  hub.sandbox("clari").fault({ spoil: "hang" });
  const { answer, deals } = await review(hub);
  expect(deals).toHaveLength(openCommits(hub).length);
  expect(answer.notices.join(" ")).toMatch(/without clari.*did not answer in time/);
});

test("a killed system is left out like one that is down", async () => {
  const hub = await startHub();
  await hub.built.trail.kill("clari", true, "admin");
  const { answer } = await review(hub);
  expect(answer.notices.join(" ")).toMatch(/without clari.*kill switch/);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});

test("a hub without a forecasting system says so", async () => {
  const hub = await startHub({ connectors: ["revops", "salesforce"] });
  const { answer } = await review(hub);
  expect(answer.notices.join(" ")).toContain("No connector in this hub provides dealRisks");
});

test("a dry run shows both systems' requests and sends none", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_review_commits", { dry_run: true });
  expect(new Set(answer.dry_run.requests.map(({ system }: Row) => system))).toEqual(
    new Set(["salesforce", "clari"]),
  );
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});

test("the whole question costs at most five upstream requests", async () => {
  const hub = await startHub();
  const { answer } = await review(hub);
  expect(
    answer.sources.reduce((sum: number, { requests }: { requests: number }) => sum + requests, 0),
  ).toBeLessThanOrEqual(5);
});

const crmDown = (hub: TestHub) => hub.sandbox("salesforce").fault({ spoil: "drop", before: true });

test("while Clari is down, nobody is counted as unknown to it", async () => {
  const hub = await startHub();
  hub.sandbox("clari").fault({ status: 503, body: "{}" });
  const { answer } = await review(hub);
  expect(answer.totals[0].unknownToForecast).toBeNull();
  expect(answer.notices.join(" ")).toContain("fewer deals count as at risk");
});

test("the kept deals bridge an outage only: not a kill switch, lost credentials or a removed system", async () => {
  const hub = await startHub();
  await review(hub);
  await hub.built.trail.kill("salesforce", true, "admin");
  expect(await hub.call("revops_review_commits")).toBeRefused("killed");
  await hub.built.trail.kill("salesforce", false, "admin");

  hub
    .sandbox("salesforce")
    .fault({ status: 401, body: '[{"errorCode":"INVALID_SESSION_ID","message":"Session expired"}]' });
  expect(await hub.call("revops_review_commits")).toBeRefused("needs_login");
  hub.sandbox("salesforce").fault(undefined);
  crmDown(hub);
  expect((await hub.call("revops_review_commits")).isError).toBe(false);

  const withoutCrm = await startHub({ connectors: ["clari", "revops"], home: hub.home });
  expect(await withoutCrm.call("revops_review_commits")).toBeRefused("config");
});

test("what the user may not read is not told as a fact about the deals", async () => {
  const connectors = {
    clari: {},
    revops: {},
    salesforce: { config: { denyFields: ["Opportunity.LastActivityDate", "Opportunity.Amount"] } },
  };
  const hub = await startHub({ connectors });
  const { answer, deals } = await review(hub);
  expect(answer.notices.join(" ")).toMatch(/activity dates cannot be read/);
  expect(answer.notices.join(" ")).toMatch(/amounts cannot be read/);
  expect(JSON.stringify(deals)).not.toMatch(/no activity|no amount/);
  expect(answer.totals[0]).toMatchObject({ amount: null, amountAtRisk: null });
  expect(await hub.call("revops_review_commits", { min_amount: 5 })).toBeRefused("invalid_input");
});

test("a credit is a Commit deal too", async () => {
  const hub = await startHub();
  hub.company.deals.find(({ id }) => id === hub.company.stories.healthy)!.amount = -5_000;
  const { deals } = await review(hub);
  expect(deals.find(({ id }) => id === hub.company.stories.healthy)?.amount).toBe(-5_000);
});

test("a name in place of an owner id is refused with what to give", async () => {
  const hub = await startHub();
  const result = await hub.call("revops_review_commits", { owner_id: "Sarah Miller" });
  expect(result).toBeRefused("invalid_input");
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
});

test("when no deal counts as Commit, the answer says where that is configured", async () => {
  const hub = await startHub();
  for (const deal of hub.company.deals) if (deal.stage === "Commit") deal.stage = "Negotiation";
  const { answer } = await review(hub);
  expect(answer.notices.join(" ")).toContain("counts as Commit");
});
