import { describe, expect, test } from "vitest";
import { DIALECTS, type Dialect, records, startAnother, startClari, submissions } from "./clari-hub.ts";

const SUBMISSION = "POST .*/export/forecast/";
const TEAM = "3002::MGR";

type Started = Awaited<ReturnType<typeof startClari>>;

/** Asks and gets no answer; `before`: Clari has not even received it. */
const lose = async ({ hub, clari }: Started, input: Record<string, unknown>, before = false) => {
  clari.fault({ match: SUBMISSION, times: 1, spoil: "drop", before });
  expect(await hub.call("clari_get_forecast", input)).toBeRefused("vendor_unavailable");
};

/** A hub that has read the whole company's forecast once, so that it knows who stands at its top. */
const startKnowing = async (dialect: Dialect = "live", at?: string) => {
  const started = await startClari(dialect);
  if (at) started.hub.clock.set(Date.parse(at));
  expect((await started.hub.call("clari_get_forecast")).answer.status).toBe("done");
  started.hub.clock.advance(600_000);
  return started;
};

/** Submissions that Clari took, from here on. */
const counting = ({ clari }: Started) => {
  const taken = () => submissions(clari).filter(({ status }) => status === 200 || status === 0).length;
  const before = taken();
  return () => taken() - before;
};

/** An export that somebody else makes with the same token, not through a hub. */
const exportElsewhere = async ({ clari }: Started, body: object) => {
  const { status } = await fetch(`${clari.url}/v4/export/forecast/net_arr`, {
    method: "POST",
    headers: { apikey: "sandbox-admin", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(status).toBe(200);
};

const SENT_AGAIN = expect.stringContaining("submitted again");
const RECOGNISED = expect.stringContaining("was recognised");

describe("another question's job is not taken for the lost one", () => {
  test("when both were lost, a team is not answered with the company's numbers", async () => {
    const started = await startKnowing();
    const taken = counting(started);
    await lose(started, {});
    await lose(started, { scope_id: TEAM }, true);
    const { answer } = await started.hub.call("clari_get_forecast", { scope_id: TEAM });
    expect(records(answer.rows)[0]!.scope_id).toBe(TEAM);
    expect(answer.notices).toContainEqual(SENT_AGAIN);
    expect(taken()).toBe(3);
  });

  test.each([
    ["the whole company", { scope_id: TEAM }, {}],
    ["every week", {}, { view: "trend" }],
    ["the latest week", { view: "trend" }, {}],
    ["another quarter", {}, { time_period: "2026_Q3" }],
    ["another currency", { currency: "EUR" }, { currency: "GBP" }],
    ["a team", {}, { scope_id: TEAM }],
  ])("when somebody else with the same token asked for %s at the same time", async (_, asked, others) => {
    const started = await startKnowing();
    const { hub, clari } = started;
    const taken = counting(started);
    await lose(started, asked, true);
    const elsewhere = await startAnother(started);
    expect((await elsewhere.call("clari_get_forecast", others)).answer.status).toBe("done");

    const { answer } = await hub.call("clari_get_forecast", asked);
    expect(answer.status).toBe("done");
    expect(answer.notices).toContainEqual(SENT_AGAIN);
    const body = JSON.parse(submissions(clari).at(-1)!.body);
    expect(body.includeHistorical).toBe("view" in asked);
    expect(body.scopeId).toBe("scope_id" in asked ? TEAM : undefined);
    expect(answer.period.id).toBe("2026_Q4");
    expect(answer.currency).toBe("currency" in asked ? "EUR" : "USD");
    expect(taken()).toBe(3);
  });

  test("when nothing is known yet of who stands at the top of the company", async () => {
    const started = await startClari();
    const { hub } = started;
    await lose(started, {}, true);
    const elsewhere = await startAnother(started);
    const team = (await elsewhere.call("clari_get_forecast", { scope_id: TEAM })).answer;
    const { answer } = await hub.call("clari_get_forecast");
    expect(answer.notices).toContainEqual(SENT_AGAIN);
    expect(answer.people).toBeGreaterThan(team.people);
    const later = await hub.call("clari_get_forecast", { as_of: "2026-11-21" });
    expect(later.answer.totals).toEqual(answer.totals);
  });

  test.each([
    ["fewer types", { timePeriod: "2026_Q4", typesToExport: ["forecast", "forecast_updated"] }],
    ["everything but quotas", { typesToExport: ["forecast", "adjustment", "crm_total", "crm_closed"] }],
    ["everything but adjustments", { typesToExport: ["forecast", "quota", "crm_total", "crm_closed"] }],
    ["a spreadsheet", { exportFormat: "CSV" }],
  ])("when somebody else with the same token exported %s at the same time", async (_, body) => {
    const started = await startKnowing();
    started.clari.configure({ crmTypes: "accept" });
    const known = (await started.hub.call("clari_get_forecast", { as_of: "2026-11-21" })).answer;
    const taken = counting(started);
    await lose(started, {}, true);
    await exportElsewhere(started, body);
    const { answer } = await started.hub.call("clari_get_forecast");
    expect(answer.notices).toEqual([SENT_AGAIN]);
    expect(answer.totals).toEqual(known.totals);
    expect(answer.totals).toMatchObject({
      quota: expect.any(Number),
      crmPipeline: expect.any(Number),
      crmClosed: expect.any(Number),
    });
    expect(taken()).toBe(3);
  });

  test("when its file cannot be read as a forecast at all", async () => {
    const started = await startKnowing();
    const { hub, clari } = started;
    const taken = counting(started);
    await lose(started, {});
    clari.fault({ match: "GET .*/results", times: 1, status: 200, body: "userId,fieldId\n1,commit" });
    const { answer } = await hub.call("clari_get_forecast");
    expect(answer).toMatchObject({ status: "done", notices: [SENT_AGAIN] });
    expect(taken()).toBe(2);
  });
});

test("a job of somebody else's that was resumed by its id is not shown, and the question is sent again", async () => {
  const started = await startKnowing();
  const { hub, clari } = started;
  clari.configure({ jobDurationMs: { started: 60_000 } });
  await lose(started, {}, true);
  await exportElsewhere(started, { scopeId: TEAM });
  const running = (await hub.call("clari_get_forecast")).answer;
  expect(running.status).toBe("running");
  hub.clock.advance(60_000);
  const taken = counting(started);
  const resumed = await hub.call("clari_get_forecast_job", { job_id: running.job_id });
  expect(resumed).toBeRefused("not_found");
  clari.configure({ jobDurationMs: { started: 1_000 } });
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer).toMatchObject({ status: "done", notices: [SENT_AGAIN] });
  expect(taken()).toBe(1);
});

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("a lost export of the company is found again, once its top is known, and that is said", async () => {
    const started = await startKnowing(dialect);
    const { hub } = started;
    const taken = counting(started);
    await lose(started, {});
    const { answer } = await hub.call("clari_get_forecast");
    expect(answer).toMatchObject({ status: "done", notices: expect.arrayContaining([RECOGNISED]) });
    const again = (await hub.call("clari_get_forecast")).answer;
    expect(again.notices).toContainEqual(RECOGNISED);
    expect(taken()).toBe(1);
  });

  test("a lost trend is found again in the first week of a quarter, too", async () => {
    const started = await startKnowing(dialect, "2026-10-02T09:00:00Z");
    const { hub } = started;
    const asked = { view: "trend", scope_id: TEAM };
    const taken = counting(started);
    await lose(started, asked);
    const { answer } = await hub.call("clari_get_forecast", asked);
    expect(answer.notices).toContainEqual(RECOGNISED);
    expect(answer.rows.rows.length).toBe(1);
    expect(taken()).toBe(1);
  });
});

test("two lost submissions that their currency tells apart are both found again", async () => {
  const started = await startKnowing();
  const taken = counting(started);
  for (const currency of ["EUR", "GBP"]) await lose(started, { currency });
  started.hub.clock.advance(10_000);
  for (const currency of ["EUR", "GBP"]) {
    const { answer } = await started.hub.call("clari_get_forecast", { currency });
    expect(answer).toMatchObject({ status: "done", currency });
    expect(answer.notices).toEqual([RECOGNISED]);
  }
  expect(taken()).toBe(2);
});

test("a lost job that is still queued, and so has no start, is found again", async () => {
  const started = await startKnowing();
  const taken = counting(started);
  started.clari.configure({ startAtOnce: false, jobDurationMs: { scheduled: 20_000 } });
  await lose(started, {});
  expect((await started.hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(taken()).toBe(1);
});

test.each([
  ["an odd job in it", JSON.stringify([{ jobId: 123, status: "DONE" }])],
  ["another shape", '{"surprise":true}'],
])("a job list with %s does not stand in the way of a new export", async (_, body) => {
  const started = await startKnowing();
  const { hub, clari } = started;
  await lose(started, {}, true);
  clari.fault({ match: "GET .*/export/jobs\\?", status: 200, body });
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer.status).toBe("done");
  expect(answer.notices).toContainEqual(SENT_AGAIN);
});

test("an odd job beside the lost one does not hide it", async () => {
  const started = await startKnowing();
  const { hub, clari } = started;
  const taken = counting(started);
  await lose(started, {});
  const listed = await fetch(`${clari.url}/v4/export/jobs`, { headers: { apikey: "sandbox-admin" } });
  const body = JSON.stringify([{ jobId: 123, status: "DONE" }, ...((await listed.json()) as object[])]);
  clari.fault({ match: "GET .*/export/jobs\\?", status: 200, body });
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(taken()).toBe(1);
});
