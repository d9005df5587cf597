import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { createClock } from "../../kit/clock.ts";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";
import { startHubWithout } from "./hidden-field.ts";
import { wholeTable } from "./whole-table.ts";

type Row = Record<string, unknown>;

/** All deals of the answer, not only the first page. */
const review = async (hub: TestHub, input = {}) => {
  const { answer, isError } = await hub.call("revops_review_commits", { limit: 500, ...input });
  expect(isError, JSON.stringify(answer)).toBe(false);
  return { answer, deals: records(answer.deals) };
};

const codes = ({ reasons }: Row): string[] =>
  String(reasons ?? "")
    .split(", ")
    .filter(Boolean);
const isAtRisk = (deal: Row) => codes(deal).some((code) => code !== "unknown_to_forecast");

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
  const risky = deals.filter(isAtRisk);
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
  expect(deals.filter(isAtRisk).length).toBeGreaterThan(5);
  const ranked = deals.map((deal) => (isAtRisk(deal) ? ((deal.amount as number | null) ?? 0) : 0));
  expect(ranked[0]).toBeGreaterThan(0);
  expect(ranked).toEqual([...ranked].sort((a, b) => b - a));
});

test.each([
  ["owners", "ownerId", "owner"],
  ["managers", "manager", "manager"],
])("the %s' totals add up to those of the answer, most money at risk first", async (table, key, name) => {
  const hub = await startHub();
  const { answer, deals } = await review(hub);
  const rows = await wholeTable(hub, answer[table]);
  const sum = (column: string) => cents(rows.map((row) => row[column] as number));
  const [{ deals: count, amount, atRiskDeals, amountAtRisk }] = answer.totals;
  expect([sum("deals"), sum("atRiskDeals")]).toEqual([count, atRiskDeals]);
  expect([sum("amount"), sum("amountAtRisk")]).toEqual([amount, amountAtRisk]);
  const ranked = rows.map((row) => row.amountAtRisk as number);
  expect(ranked).toEqual(ranked.toSorted((a, b) => b - a));
  expect(new Set(rows.map((row) => row[key])).size).toBe(rows.length);

  const people = new Map(hub.company.people.map((person) => [person.id, person]));
  const nameOf = ({ id }: Row) => {
    const owner = people.get(hub.company.deals.find((deal) => deal.id === id)!.ownerId)!;
    return table === "owners" ? owner.name : people.get(owner.managerId!)!.name;
  };
  const first = rows[0]!;
  const own = deals.filter((deal) => nameOf(deal) === first[name]);
  expect(first).toMatchObject({
    deals: own.length,
    amount: cents(own.map(({ amount }) => amount as number | null)),
    amountAtRisk: cents(own.filter(isAtRisk).map(({ amount }) => amount as number | null)),
  });
});

describe("the planted stories are told", () => {
  type Story = (story: keyof TestHub["company"]["stories"]) => Row;
  const tell = (title: string, check: (of: Story, hub: TestHub) => void) =>
    test(title, async () => {
      const hub = await startHub();
      const { deals } = await review(hub);
      check((story) => deals.find(({ id }) => id === hub.company.stories[story]) ?? {}, hub);
    });

  tell("slipped twice, with dates and days", (of) => {
    expect(codes(of("slippedTwice"))).toContain("slipped");
    expect(of("slippedTwice").evidence).toMatch(
      /slipped 2×, 2026-\d\d-\d\d → 2026-\d\d-\d\d \(\+\d+ d\), last \+\d+ d on 2026-11-\d\d/,
    );
  });
  tell("a low score, with its message", (of, hub) => {
    const deal = hub.company.deals.find(({ id }) => id === hub.company.stories.lowScore);
    expect(of("lowScore")).toMatchObject({ score: deal?.score, message: deal?.scoreMessage });
    expect(codes(of("lowScore"))).toEqual(expect.arrayContaining(["low_score", "no_next_event"]));
    expect(of("lowScore").evidence).toContain(`score ${deal?.score} < 50`);
    expect(of("lowScore").evidence).toContain("no meeting");
  });
  tell("untouched for a month", (of) => {
    expect(of("untouched").daysSinceActivity).toBeGreaterThan(30);
    expect(codes(of("untouched"))).toContain("silent");
    expect(of("untouched").evidence).toContain(`silent ${of("untouched").daysSinceActivity} d`);
  });
  tell("never touched", (of) => expect(codes(of("neverTouched"))).toContain("never_active"));
  tell("missing in Clari: told, and no risk for that", (of) => {
    expect(of("missingInClari")).toMatchObject({
      reasons: "unknown_to_forecast",
      evidence: "unknown to clari",
      score: null,
    });
  });
  tell("known but not scored", (of) => expect(codes(of("unscored"))).not.toContain("unknown_to_forecast"));
  tell("no amount", (of) => expect(codes(of("noAmount"))).toContain("no_amount"));
  tell("amount cut", (of) => {
    expect(codes(of("amountCut"))).toContain("amount_cut");
    expect(of("amountCut").evidence).toMatch(/cut 240,000 → 150,000 \(-38 %\) on 2026-11-\d\d/);
  });
  tell("past due", (of) => {
    expect(codes(of("pastDue"))).toContain("past_due");
    expect(of("pastDue").evidence).toContain("due 9 d ago");
  });
  tell("stuck in its stage", (of) => {
    expect(codes(of("stuck"))).toContain("stale_stage");
    expect(of("stuck").evidence).toContain(`${of("stuck").daysInStage} d in stage (limit 60 d)`);
  });
  tell("seen otherwise by Clari, closing in the next quarter", (of, hub) => {
    const deal = hub.company.deals.find(({ id }) => id === hub.company.stories.lagging)!;
    const seen = deal.seenByClari!;
    expect(codes(of("lagging"))).toContain("closes_outside_quarter");
    expect(of("lagging").evidence).toContain(`forecast: closes ${seen.closeDate}`);
    const shown = (amount: number | null) => amount?.toLocaleString("en-US");
    expect(of("lagging").disagreements).toBe(
      `stage Negotiation, CRM Commit; amount ${shown(seen.amount)}, CRM ${shown(deal.amount)}; closes ${seen.closeDate}, CRM ${deal.closeDate}`,
    );
  });
  tell("healthy: nothing speaks against it, a meeting is planned, both systems agree", (of) => {
    expect(of("healthy")).toMatchObject({ reasons: "", evidence: "", disagreements: null });
    expect(of("healthy").nextEvent).toMatch(/^2026-11-2\d$/);
  });
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
  expect(lax.deals.flatMap(codes)).not.toContain("low_score");
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
  expect(deals.find(({ id }) => id === hub.company.stories.untouched)?.reasons).toContain("silent");
  expect(deals.flatMap(codes)).not.toContain("unknown_to_forecast");
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

test("a dry run shows every request, of both systems, and sends none", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_review_commits", { dry_run: true });
  const requests = answer.dry_run.requests.map(
    ({ system, url, body }: Row) => `${system} ${url} ${JSON.stringify(body)}`,
  );
  for (const wanted of [/salesforce .*describe/, /salesforce .*FROM Opportunity/, /clari .*opportunity/])
    expect(requests).toContainEqual(expect.stringMatching(wanted));
  expect(requests).toContainEqual(expect.stringContaining("FROM Event"));
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});

/** Other deals of the quarter are promised too, until there are so many. */
const commitUntil = (hub: TestHub, count: number) => {
  const { start, end } = hub.company.quarters[4]!;
  const others = hub.company.deals.filter(
    ({ stage, closeDate }) =>
      ["Negotiation", "Proposal"].includes(stage) && closeDate >= start && closeDate <= end,
  );
  for (const deal of others.slice(0, count - openCommits(hub).length)) deal.stage = "Commit";
  expect(openCommits(hub)).toHaveLength(count);
};

test("150 Commit deals cost at most five upstream requests and 6,000 tokens", async () => {
  const hub = await startHub();
  commitUntil(hub, 150);
  const { answer } = await hub.call("revops_review_commits");
  const requests = (system: string) => hub.sandbox(system).requests().length;
  // Describe, deals, events; and two batches of a hundred deals.
  expect([requests("salesforce"), requests("clari")]).toEqual([3, 2]);
  expect(answer.deals).toMatchObject({ returned: 20, total: 150, truncated: true });
  expect(answer.totals[0].deals).toBe(150);
  expect(await wholeTable(hub, answer.deals)).toHaveLength(150);
  expect(encode(JSON.stringify(answer)).length).toBeLessThanOrEqual(6_000);
});

test("the answer stays within 6,000 tokens when everything speaks against every deal", async () => {
  const hub = await startHub();
  commitUntil(hub, 150);
  const { deals, fieldChanges } = hub.company;
  const at = hub.clock.now() - 5 * 86_400_000;
  for (const deal of deals.filter(({ stage }) => stage === "Commit")) {
    Object.assign(deal, { score: 5, scoreMessage: "Champion quiet; tone of mails turned" });
    Object.assign(deal, { lastActivityDate: "2026-08-01", lastStageChangeAt: at - 90 * 86_400_000 });
    Object.assign(deal, { amount: 150_000.5, closeDate: "2026-11-10" });
    deal.seenByClari = { stage: "Negotiation", amount: 240_000.5, closeDate: "2027-01-20" };
    const change = { id: "", dealId: deal.id, at, byId: deal.ownerId };
    fieldChanges.push(
      { ...change, field: "Amount", oldValue: 240_000.5, newValue: 150_000.5 },
      { ...change, field: "CloseDate", oldValue: "2026-10-01", newValue: "2026-10-20" },
      { ...change, field: "CloseDate", oldValue: "2026-10-20", newValue: "2026-11-10" },
    );
  }
  hub.company.events.length = 0;
  const { answer } = await hub.call("revops_review_commits");
  const [first] = records(answer.deals);
  expect(codes(first!)).toEqual([
    "low_score",
    "slipped",
    "amount_cut",
    "past_due",
    "closes_outside_quarter",
    "silent",
    "no_next_event",
    "stale_stage",
  ]);
  expect(encode(JSON.stringify(answer)).length).toBeLessThanOrEqual(6_000);
});

test("at risk is the same whoever has asked what before", async () => {
  const hub = await startHub();
  const first = await review(hub);
  await hub.call("revops_find_hygiene_issues");
  const second = await review(hub);
  const evidence = (deals: readonly Row[]) => deals.map(({ id, evidence }) => [id, evidence]);
  expect(evidence(second.deals)).toEqual(evidence(first.deals));
  const stuck = first.deals.find(({ id }) => id === hub.company.stories.stuck)!;
  expect(stuck.evidence).toMatch(/\d+ d in stage \(limit 60 d\)/);
});

test.each([
  ["UTC", 9],
  // There it is already the next day.
  ["Pacific/Auckland", 10],
])("days are those of the configured time zone: %s", async (timeZone, late) => {
  const hub = await startHub({
    connectors: { clari: {}, revops: { config: { timeZone } }, salesforce: {} },
    clock: createClock(Date.parse("2026-11-21T12:00:00Z")),
  });
  const { deals } = await review(hub);
  const pastDue = deals.find(({ id }) => id === hub.company.stories.pastDue)!;
  expect(pastDue.evidence).toContain(`due ${late} d ago`);
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
  const told = new Set(deals.flatMap(codes));
  for (const code of ["silent", "never_active", "no_amount"]) expect(told).not.toContain(code);
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

test("where nobody may read who an owner reports to, totals by manager are missing, and the answer says so", async () => {
  const hub = await startHubWithout("User.ManagerId");
  const { answer } = await review(hub);
  expect(answer.managers).toMatchObject({ returned: 0, total: 0 });
  expect(answer.owners.total).toBeGreaterThan(5);
  expect(answer.notices.join(" ")).toContain("managers cannot be read: totals by manager are missing");
});

test("a summary has the totals of all deals, and no deal", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_review_commits", { view: "summary" });
  expect(answer.totals[0].deals).toBe(openCommits(hub).length);
  expect(answer.owners.returned).toBe(10);
  expect(answer.deals).toMatchObject({ returned: 0, total: openCommits(hub).length });
  expect(encode(JSON.stringify(answer)).length).toBeLessThan(1_500);
});

test("where meetings cannot be read, no deal counts as without one", async () => {
  const hub = await startHubWithout("Event.ActivityDate");
  const { answer, deals } = await review(hub);
  expect(deals.flatMap(codes)).not.toContain("no_next_event");
  expect(answer.notices.join(" ")).toMatch(
    /without salesforce: no deal counts as without a meeting\. Events/,
  );
});

test("when no deal counts as Commit, the answer says where that is configured", async () => {
  const hub = await startHub();
  for (const deal of hub.company.deals) if (deal.stage === "Commit") deal.stage = "Negotiation";
  const { answer } = await review(hub);
  expect(answer.notices.join(" ")).toContain("counts as Commit");
});

test("managers who share a name are told apart by their ids", async () => {
  const hub = await startHub();
  const [one, other] = hub.company.people.filter(({ level }) => level === 3);
  Object.assign(other!, { name: one!.name, firstName: one!.firstName, lastName: one!.lastName });
  const { answer } = await review(hub);
  const named = records(answer.managers).map(({ manager }) => String(manager));
  expect(new Set(named).size).toBe(named.length);
  expect(named).toContain(`${one!.name} (${one!.id})`);
  expect(records(answer.owners).map(({ manager }) => manager)).toContain(`${other!.name} (${other!.id})`);
});
