import { describe, expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";
import { startHubWithout } from "./hidden-field.ts";
import { witnessed } from "./witness.ts";

const review = async (hub: TestHub, input: Record<string, unknown> = { since: "2026-11-16" }) => {
  const { answer, isError } = await hub.call("revops_review_changes", input);
  expect(isError, JSON.stringify(answer)).toBe(false);
  const rows = records(answer.waterfall) as { step: string; amount: number; deals: number }[];
  const steps = Object.fromEntries(
    rows.filter(({ deals }) => deals > 0).map(({ step, amount, deals }) => [step, { amount, deals }]),
  );
  return { answer, rows, steps, notices: (answer.notices ?? []).join(" ") as string };
};

const inCents = (rows: readonly { amount: number }[]) =>
  rows.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0);

test("the waterfall of the week is what happened, and adds up to the cent", async () => {
  const hub = await startHub();
  const { answer, rows, steps } = await review(hub);
  const known = witnessed(hub.company, Date.parse("2026-11-16T00:00:00Z"), hub.clock.now());
  expect(steps).toEqual(known);
  expect(Object.keys(known)).toEqual(
    expect.arrayContaining(["opening", "pulled_in", "up", "down", "pushed_out", "lost", "won", "closing"]),
  );
  expect(inCents(rows.slice(0, -1))).toBe(inCents(rows.slice(-1)));
  expect(answer).toMatchObject({ quarter: "2026_Q4", since: "2026-11-16", until: "2026-11-21" });
  expect(answer.sources.map(({ system }: { system: string }) => system)).toEqual(["clari", "salesforce"]);
});

test("between two days of the past it is replayed back from now", async () => {
  const hub = await startHub();
  const { rows, steps } = await review(hub, { since: "2026-11-02", until: "2026-11-13" });
  const [from, to] = [Date.parse("2026-11-02T00:00:00Z"), Date.parse("2026-11-14T00:00:00Z") - 1];
  expect(steps).toEqual(witnessed(hub.company, from, to));
  expect(inCents(rows.slice(0, -1))).toBe(inCents(rows.slice(-1)));
});

test("a quarter without deals is said to be one", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_review_changes", { since: "2026-11-16", time_period: "2030_Q1" });
  expect(answer.waterfall.total).toBe(0);
  expect(answer.notices).toEqual([expect.stringMatching(/^No deal of this quarter was open/)]);
});

test("days begin where the company is", async () => {
  const connectors = {
    clari: {},
    salesforce: { config: { currency: "USD" } },
    revops: { config: { timeZone: "America/Los_Angeles" } },
  };
  const hub = await startHub({ connectors });
  const changed = hub.company.fieldChanges.find(
    ({ field, dealId, at }) =>
      field === "StageName" &&
      at > Date.parse("2026-11-16T00:00:00Z") &&
      hub.company.deals.some(({ id, stage, inClari }) => id === dealId && stage === "Closed Won" && inClari),
  )!;
  Object.assign(changed, { at: Date.parse("2026-11-16T07:59:00Z") });
  const { steps } = await review(hub);
  expect(steps).toEqual(witnessed(hub.company, Date.parse("2026-11-16T08:00:00Z"), hub.clock.now()));
  expect(steps).not.toEqual(witnessed(hub.company, Date.parse("2026-11-16T00:00:00Z"), hub.clock.now()));
});

test("the quarter is the fiscal one", async () => {
  const connectors = {
    clari: {},
    salesforce: { config: { currency: "USD" } },
    revops: { config: { fiscalYearStartMonth: 2, timeZone: "Europe/Berlin" } },
  };
  const hub = await startHub({ connectors });
  const { answer, rows } = await review(hub, { since: "2026-10-25" });
  expect(answer.quarter).toBe("2027_Q4");
  const open = hub.company.deals.filter(
    ({ stage, closeDate }) =>
      !stage.startsWith("Closed") && closeDate >= "2026-11-01" && closeDate <= "2027-01-31",
  );
  expect(rows.at(-1)).toMatchObject({ step: "closing", deals: open.length });
  expect(inCents(rows.slice(-1))).toBe(
    open.reduce((sum, { amount }) => sum + Math.round((amount ?? 0) * 100), 0),
  );
  expect(inCents(rows.slice(0, -1))).toBe(inCents(rows.slice(-1)));
  // The day on which clocks were put back there begins before it does in UTC.
  const [asked] = hub
    .sandbox("clari")
    .requests()
    .filter(({ path }) => path.endsWith("/audit/events"));
  expect(asked!.query).toContain("dateFrom=2026-10-24");
});

test("the deals behind the steps come largest first, each with what it moved from and to", async () => {
  const hub = await startHub();
  const { answer, rows, steps } = await review(hub);
  const deals = records(answer.deals) as { step: string; id: string; amount: number; at: string }[];
  expect(answer.deals).toMatchObject({ returned: 25, truncated: true });
  const sizes = deals.map(({ amount }) => Math.abs(amount));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  const { answer: rest } = await hub.call("hub_get_more", { cursor: answer.deals.cursor });
  const all = [...deals, ...(records(rest.rows) as typeof deals)];
  for (const { step, amount } of rows.slice(1, -1))
    expect([step, inCents(all.filter((one) => one.step === step))]).toEqual([step, Math.round(amount * 100)]);
  const story = all.find(({ id }) => id === hub.company.stories.bestCase);
  expect(story).toMatchObject({ step: "pulled_in" });
  expect(steps.won!.deals).toBe(new Set(all.filter(({ step }) => step === "won").map(({ id }) => id)).size);
  expect(answer.link).toContain("{id}");
});

describe("days that cannot be asked for are refused before anybody is asked", () => {
  test.each([
    { since: "2026-11-22" },
    { since: "2026-11-16", until: "2026-11-15" },
    { since: "2026-11-16", until: "2026-11-22" },
    { since: "last week" },
    { since: "2026-11-16", time_period: "H2" },
  ])("%o", async (input) => {
    const hub = await startHub();
    expect(await hub.call("revops_review_changes", input)).toBeRefused("invalid_input");
    expect(hub.sandbox("salesforce").requests()).toEqual([]);
  });
});

test("without a teller of changes there is today's pipeline and the word that the rest is missing", async () => {
  const hub = await startHub();
  const { steps } = await review(hub);
  hub.sandbox("clari").fault({ status: 503, body: "{}" });
  const down = await review(hub);
  expect(down.rows).toEqual([expect.objectContaining({ step: "closing", ...steps.closing })]);
  expect(down.answer.deals.total).toBe(0);
  expect(down.notices).toMatch(/without clari: what changed, so opening and steps are missing/);
  expect(await hub.call("revops_review_changes", { since: "2026-11-02", until: "2026-11-13" })).toBeRefused(
    "vendor_unavailable",
  );
});

test("a killed teller is one that is down", async () => {
  const hub = await startHub();
  await hub.built.trail.kill("clari", true, "admin");
  const { rows, notices } = await review(hub);
  expect(rows.map(({ step }) => step)).toEqual(["closing"]);
  expect(notices).toMatch(/kill switch/);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});

test("without the CRM there is no pipeline to speak of", async () => {
  const hub = await startHub();
  hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
  expect(await hub.call("revops_review_changes", { since: "2026-11-16" })).toBeRefused("vendor_unavailable");
  await hub.built.trail.kill("salesforce", true, "admin");
  expect(await hub.call("revops_review_changes", { since: "2026-11-16" })).toBeRefused("killed");
});

test("what no history tells, the CRM's own time of the last stage change does", async () => {
  const hub = await startHub();
  const deal = hub.company.deals.find(({ id }) => id === hub.company.stories.missingInClari)!;
  Object.assign(deal, { stage: "Closed Won", lastStageChangeAt: Date.parse("2026-11-18T10:00:00Z") });
  const { answer, rows, notices } = await review(hub);
  const won = records(answer.deals).filter(({ step }) => step === "won");
  expect(won).toContainEqual(
    expect.objectContaining({ id: deal.id, amount: -deal.amount!, at: "2026-11-18" }),
  );
  expect(inCents(rows.slice(0, -1))).toBe(inCents(rows.slice(-1)));
  expect(notices).toMatch(/does not tell the value before it: 1\./);
});

test("a history that contradicts the CRM is counted, and the CRM believed", async () => {
  const hub = await startHub();
  const raised = hub.company.fieldChanges.findLast(
    ({ field, dealId, oldValue, newValue }) =>
      field === "Amount" &&
      Number(newValue) > Number(oldValue) &&
      hub.company.deals.some(({ id, stage, inClari }) => id === dealId && stage === "Commit" && inClari),
  )!;
  const before = (await review(hub)).rows.at(-1)!;
  hub.company.deals.find(({ id }) => id === raised.dealId)!.amount! += 1_000_000.01;
  const { rows, notices } = await review(hub);
  expect(Math.round((rows.at(-1)!.amount - before.amount) * 100)).toBe(100_000_001);
  expect(inCents(rows.slice(0, -1))).toBe(inCents(rows.slice(-1)));
  expect(notices).toMatch(/contradicts what the CRM says now: 1\./);
});

test("amounts that may not be read are no zeros", async () => {
  const hub = await startHubWithout("Opportunity.Amount");
  expect(await hub.call("revops_review_changes", { since: "2026-11-16" })).toBeRefused("forbidden");
});

test("a dry run shows both systems' requests and sends none", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_review_changes", { since: "2026-11-16", dry_run: true });
  const systems = answer.dry_run.requests.map(({ system }: { system: string }) => system);
  expect(new Set(systems)).toEqual(new Set(["salesforce", "clari"]));
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});
