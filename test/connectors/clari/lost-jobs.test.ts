import { describe, expect, test } from "vitest";
import { records, startAnother, startClari, submissions } from "./clari-hub.ts";

const SUBMISSION = "POST .*/export/forecast/";
const TEAM = "3002::MGR";

type Started = Awaited<ReturnType<typeof startClari>>;

/** Asks and gets no answer; `before`: Clari has not even received it. */
const lose = async ({ hub, clari }: Started, input: Record<string, unknown>, before = false) => {
  clari.fault({ match: SUBMISSION, times: 1, spoil: "drop", before });
  expect(await hub.call("clari_get_forecast", input)).toBeRefused("vendor_unavailable");
};

const SENT_AGAIN = expect.stringContaining("submitted again");

describe("another question's job is not taken for the lost one", () => {
  test("when both were lost, a team is not answered with the company's numbers", async () => {
    const started = await startClari();
    await lose(started, {});
    await lose(started, { scope_id: TEAM }, true);
    const { answer } = await started.hub.call("clari_get_forecast", { scope_id: TEAM });
    expect(records(answer.rows)[0]!.scope_id).toBe(TEAM);
    expect(answer.notices).toContainEqual(SENT_AGAIN);
    expect(submissions(started.clari).length).toBe(3);
  });

  test.each([
    ["the whole company", { scope_id: TEAM }, {}],
    ["every week", {}, { view: "trend" }],
    ["the latest week", { view: "trend" }, {}],
    ["another quarter", {}, { time_period: "2026_Q3" }],
    ["another currency", { currency: "EUR" }, { currency: "GBP" }],
  ])("when somebody else with the same token asked for %s at the same time", async (_, asked, others) => {
    const started = await startClari();
    const { hub, clari } = started;
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
    expect(submissions(clari).length).toBe(3);
  });
});

test("two lost submissions that their currency tells apart are both found again", async () => {
  const started = await startClari();
  for (const currency of ["EUR", "GBP"]) await lose(started, { currency });
  started.hub.clock.advance(10_000);
  for (const currency of ["EUR", "GBP"]) {
    const { answer } = await started.hub.call("clari_get_forecast", { currency });
    expect(answer).toMatchObject({ status: "done", currency });
    expect(answer.notices).toBeUndefined();
  }
  expect(submissions(started.clari).length).toBe(2);
});

test("a lost job that is still queued, and so has no start, is found again", async () => {
  const started = await startClari();
  started.clari.configure({ startAtOnce: false, jobDurationMs: { scheduled: 20_000 } });
  await lose(started, {});
  expect((await started.hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(submissions(started.clari).length).toBe(1);
});

test.each([
  ["an odd job in it", JSON.stringify([{ jobId: 123, status: "DONE" }])],
  ["another shape", '{"surprise":true}'],
])("a job list with %s does not stand in the way of a new export", async (_, body) => {
  const started = await startClari();
  const { hub, clari } = started;
  await lose(started, {}, true);
  clari.fault({ match: "GET .*/export/jobs\\?", status: 200, body });
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer.status).toBe("done");
  expect(answer.notices).toContainEqual(SENT_AGAIN);
});

test("an odd job beside the lost one does not hide it", async () => {
  const started = await startClari();
  const { hub, clari } = started;
  await lose(started, {});
  const listed = await fetch(`${clari.url}/v4/export/jobs`, { headers: { apikey: "sandbox-admin" } });
  const body = JSON.stringify([{ jobId: 123, status: "DONE" }, ...((await listed.json()) as object[])]);
  clari.fault({ match: "GET .*/export/jobs\\?", status: 200, body });
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(submissions(clari).length).toBe(1);
});
