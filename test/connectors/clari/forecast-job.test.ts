import { describe, expect, test } from "vitest";
import { DIALECTS, records, startAnother, startClari, submissions } from "./clari-hub.ts";

const accepted = (clari: Parameters<typeof submissions>[0]) =>
  submissions(clari).filter(({ status }) => status === 200).length;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("a job that a deadline cut is resumed by its id, in the view that was asked for", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: 90_000 } });
    const asked = { view: "trend", weeks: 2, time_period: "Q3-2026", scope_id: "3002::MGR" };
    const cut = (await hub.call("clari_get_forecast", asked)).answer;
    expect(cut).toMatchObject({ status: "running", forecastId: "net_arr", state: "running" });
    expect(cut.elapsedSeconds).toBeGreaterThan(30);
    expect(cut.notices).toContainEqual(expect.stringContaining("clari_get_forecast_job"));

    const { job_id } = cut;
    const still = (await hub.call("clari_get_forecast_job", { job_id })).answer;
    expect(still).toMatchObject({ status: "running", job_id, state: "running" });
    expect(still.elapsedSeconds).toBeGreaterThan(cut.elapsedSeconds);

    const done = (await hub.call("clari_get_forecast_job", { job_id })).answer;
    expect(done).toMatchObject({ status: "done", period: { id: "2026_Q3" } });
    expect(records(done.rows).map(({ week }) => week)).toEqual(["2026-09-21", "2026-09-28"]);
    expect(accepted(clari)).toBe(1);
    const same = (await hub.call("clari_get_forecast", asked)).answer;
    expect({ ...same, age: done.age, sources: done.sources }).toEqual(done);
    expect(accepted(clari)).toBe(1);
  });

  test("another process resumes it, too, and the view is that of who asked last", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: 90_000 } });
    const first = await startAnother({ hub, clari });
    const { job_id } = (await first.call("clari_get_forecast")).answer;
    expect((await first.call("clari_get_forecast", { view: "rows" })).answer.job_id).toBe(job_id);
    await first.stop();
    const other = await startAnother({ hub, clari }, { home: first.home });
    const { answer } = await other.call("clari_get_forecast_job", { job_id });
    expect(answer.status).toBe("done");
    expect(answer.rows.columns).toContain("kind");
    expect(accepted(clari)).toBe(1);
  });

  test("the previous quarter stays the one that was meant, also when the next has begun", async () => {
    const { hub, clari } = await startClari(dialect);
    hub.clock.set(Date.parse("2026-09-30T23:59:00Z"));
    clari.configure({ jobDurationMs: { started: 60_000 } });
    const { job_id } = (await hub.call("clari_get_forecast", { time_period: "previous" })).answer;
    hub.clock.set(Date.parse("2026-10-20T00:10:00Z"));
    const dry = (await hub.call("clari_get_forecast_job", { job_id, dry_run: true })).answer;
    expect(dry.dry_run.requests.map(({ method }: { method: string }) => method)).toEqual(["GET", "GET"]);
    const { answer } = await hub.call("clari_get_forecast_job", { job_id });
    expect(answer).toMatchObject({ status: "done", period: { id: "2026_Q2" }, age: "19 days" });
    expect(accepted(clari)).toBe(1);
  });

  test.each([
    ["FAILED", "fail", "failed"],
    ["ABORTED", "abort", "was cancelled while it ran"],
    ["CANCELLED", "cancel", "was cancelled before it began"],
  ])("a job that ended as %s is said so, and nothing is submitted for it", async (state, how, words) => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: 90_000 }, ...(how === "cancel" && { nextJob: "stall" }) });
    if (how === "fail") clari.configure({ nextJob: "fail" });
    const { job_id } = (await hub.call("clari_get_forecast")).answer;
    if (how === "fail") hub.clock.advance(90_000);
    else
      await fetch(`${clari.url}/v4/export/jobs/${job_id}`, {
        method: "PATCH",
        headers: { apikey: "sandbox-admin", "content-type": "application/json" },
        body: '{"type":"CANCEL"}',
      });
    const result = await hub.call("clari_get_forecast_job", { job_id });
    expect(result).toBeRefused("vendor_rejected");
    expect(result.answer.error).toMatchObject({ state, message: expect.stringContaining(words) });
    expect(accepted(clari)).toBe(1);
    // Asking anew is what the error advises: it must not meet the same job again.
    clari.configure({ nextJob: null, jobDurationMs: { started: 1_000 } });
    expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
    expect(accepted(clari)).toBe(2);
  });

  test("a result that Clari no longer has is said to be gone", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ nextJob: "stall" });
    const { job_id } = (await hub.call("clari_get_forecast")).answer;
    clari.reset();
    clari.configure({ dialect });
    const result = await hub.call("clari_get_forecast_job", { job_id });
    expect(result).toBeRefused("not_found");
    expect(result.answer.error.message).toContain("30 days");
    expect(submissions(clari)).toEqual([]);
  });

  test("an unknown job is refused with those that are known, without asking Clari", async () => {
    const { hub, clari } = await startClari(dialect);
    const unknown = { job_id: "6a12b2c44f1d9a0c7be3a001" };
    expect((await hub.call("clari_get_forecast_job", unknown)).answer.error.hint).toContain("no jobs at all");
    await hub.call("clari_get_forecast", { forecast_id: "renewals" });
    const asked = clari.requests().length;
    const result = await hub.call("clari_get_forecast_job", unknown);
    expect(result).toBeRefused("not_found");
    expect(result.answer.error.known).toEqual([
      {
        job_id: expect.stringMatching(/^[0-9a-f]{24}$/),
        forecastId: "renewals",
        submittedAt: expect.any(String),
      },
    ]);
    expect(clari.requests().length).toBe(asked);
    // What one token submitted is not another's to know.
    const rep = await startAnother(
      { hub, clari },
      { home: hub.home, variables: { SANDBOX_CLARI_TOKEN: "sandbox-rep" } },
    );
    const { job_id } = result.answer.error.known[0];
    expect((await rep.call("clari_get_forecast_job", { job_id })).answer.error.known).toEqual([]);
  });
});
