import { describe, expect, test } from "vitest";
import { createClock, type ManualClock } from "../../kit/clock.ts";
import { DIALECTS, lines, startAnother, startClari, submissions } from "./clari-hub.ts";

const POLL = /^GET .*\/export\/jobs\/[^/]+$/;
const RESULTS = /\/results$/;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  const accepted = (clari: Parameters<typeof submissions>[0]) =>
    submissions(clari).filter(({ status }) => status === 200).length;

  test("identical questions asked at the same time are one export, one download, one rhythm of polls", async () => {
    const { hub, clari } = await startClari(dialect);
    const answers = await Promise.all(Array.from({ length: 6 }, () => hub.call("clari_get_forecast")));
    for (const { answer } of answers) expect(answer.totals).toEqual(answers[0]!.answer.totals);
    expect(accepted(clari)).toBe(1);
    expect(clari.requests(RESULTS).length).toBe(1);
    expect(clari.requests(POLL).length).toBeLessThan(8);
  });

  test("a finished export answers again for five minutes and says how old it is", async () => {
    const { hub, clari } = await startClari(dialect);
    const first = (await hub.call("clari_get_forecast")).answer;
    const asked = clari.requests().length;
    hub.clock.advance(200_000);
    const second = (await hub.call("clari_get_forecast")).answer;
    expect(clari.requests().length).toBe(asked);
    expect(second.sources).toEqual([
      { system: "clari", asOf: first.sources[0].asOf, requests: 0, cached: true },
    ]);
    expect(first.sources[0].cached).toBe(false);

    hub.clock.advance(200_000);
    const third = (await hub.call("clari_get_forecast")).answer;
    expect(accepted(clari)).toBe(2);
    expect(Date.parse(third.sources[0].asOf)).toBeGreaterThan(Date.parse(first.sources[0].asOf));
  });

  test("an export that takes too long is left running, and the same question resumes it", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: 90_000 } });
    const first = (await hub.call("clari_get_forecast")).answer;
    expect(first).toMatchObject({ status: "running", job_id: expect.stringMatching(/^[0-9a-f]{24}$/) });
    expect(first.notices).toContainEqual(expect.stringContaining("same arguments"));
    const second = (await hub.call("clari_get_forecast")).answer;
    expect(second.job_id).toBe(first.job_id);
    const third = (await hub.call("clari_get_forecast")).answer;
    expect(third.status).toBe("done");
    expect(accepted(clari)).toBe(1);
  });

  test("a restarted hub resumes the export of the one before it", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: 60_000 } });
    const before = await startAnother({ hub, clari });
    const running = (await before.call("clari_get_forecast")).answer;
    expect(running.status).toBe("running");
    await before.stop();

    const after = await startAnother({ hub, clari }, { home: before.home });
    const done = (await after.call("clari_get_forecast")).answer;
    expect(done.status).toBe("done");
    expect(accepted(clari)).toBe(1);
    await after.stop();

    // Downloaded anew, because memory is gone, but not exported anew.
    const third = await startAnother({ hub, clari }, { home: before.home });
    expect((await third.call("clari_get_forecast")).answer.totals).toEqual(done.totals);
    expect(accepted(clari)).toBe(1);
  });

  test("two hubs over one state folder share an export", async () => {
    const { hub, clari } = await startClari(dialect);
    const one = await startAnother({ hub, clari });
    const other = await startAnother({ hub, clari }, { home: one.home });
    const answers = await Promise.all([one.call("clari_get_forecast"), other.call("clari_get_forecast")]);
    expect(answers.map(({ answer }) => answer.status)).toEqual(["done", "done"]);
    expect(accepted(clari)).toBe(1);
  });

  test("a job that fails is named as failed, and the next call begins anew", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ nextJob: "fail" });
    const failed = await hub.call("clari_get_forecast");
    expect(failed).toBeRefused("vendor_rejected");
    expect(failed.answer.error).toMatchObject({ state: "FAILED" });
    expect(accepted(clari)).toBe(1);
    expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
    expect(accepted(clari)).toBe(2);
  });
});

test("when a shared export fails, all who waited are told, and none of them submits another", async () => {
  const { hub, clari } = await startClari("live");
  clari.configure({ nextJob: "fail" });
  const results = await Promise.all(Array.from({ length: 5 }, () => hub.call("clari_get_forecast")));
  for (const result of results) expect(result).toBeRefused("vendor_rejected");
  expect(submissions(clari).length).toBe(1);
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
});

test("a stalled export is polled a handful of times in a minute, not hundreds", async () => {
  const { hub, clari } = await startClari();
  const patient = await startAnother(
    { hub, clari },
    { config: { poll: { maxAttempts: 12, intervalSeconds: 5 } } },
  );
  clari.configure({ nextJob: "stall" });
  const startedAt = hub.clock.now();
  expect((await patient.call("clari_get_forecast")).answer.status).toBe("running");
  expect(hub.clock.now() - startedAt).toBeLessThanOrEqual(45_000);
  const polls = clari.requests(POLL).length;
  expect(polls).toBeGreaterThan(5);
  expect(polls).toBeLessThanOrEqual(20);
});

test("how long one call waits is configured", async () => {
  const { hub, clari } = await startClari();
  const brief = await startAnother(
    { hub, clari },
    { config: { poll: { maxAttempts: 3, intervalSeconds: 1 } } },
  );
  const startedAt = hub.clock.now();
  expect((await brief.call("clari_get_forecast")).answer.status).toBe("running");
  expect(hub.clock.now() - startedAt).toBe(3_000);
});

test("the time limit of a call is kept: it says running before it is cut off", async () => {
  const { hub, clari } = await startClari("live");
  clari.configure({ nextJob: "stall" });
  const hasty = await startAnother({ hub, clari });
  const strict = await startClari("live", { config: { limits: { timeoutMs: 4_000 } } });
  strict.clari.configure({ nextJob: "stall" });
  const startedAt = strict.hub.clock.now();
  expect((await strict.hub.call("clari_get_forecast")).answer.status).toBe("running");
  expect(strict.hub.clock.now() - startedAt).toBeLessThan(4_000);
  expect((await hasty.call("clari_get_forecast")).answer.status).toBe("running");
});

test("whoever asks with another token is not shown the export of the first", async () => {
  const { hub, clari } = await startClari("live");
  const admin = await startAnother({ hub, clari });
  const rep = await startAnother(
    { hub, clari },
    { home: admin.home, variables: { SANDBOX_CLARI_TOKEN: "sandbox-rep" } },
  );
  const whole = (await admin.call("clari_get_forecast")).answer;
  const own = (await rep.call("clari_get_forecast")).answer;
  expect(whole.people).toBeGreaterThan(50);
  expect(own.people).toBe(1);
  expect(submissions(clari).length).toBe(2);
});

test("a waiting person sees the state and the seconds go up", async () => {
  const { hub, clari } = await startClari();
  clari.configure({ startAtOnce: false });
  const seen: { progress: number; total?: number | undefined; message?: string | undefined }[] = [];
  await hub.call("clari_get_forecast", {}, { onprogress: (update) => void seen.push(update) });
  expect(seen.map(({ message }) => message)).toContainEqual(expect.stringMatching(/queued \(\d+\.\d s\)/));
  expect(seen.map(({ message }) => message)).toContainEqual(expect.stringMatching(/running \(\d+\.\d s\)/));
  const values = seen.map(({ progress }) => progress);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(new Set(values).size).toBe(values.length);
});

/** A clock on which one length of sleep lasts until it is ended: holds a request in the sandbox. */
const clockWithGate = (heldMs: number) => {
  const clock = createClock();
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const gated: ManualClock = {
    ...clock,
    sleep: (ms, signal) => (ms === heldMs ? gate : clock.sleep(ms, signal)),
  };
  return { clock: gated, open };
};

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

const HELD = 77_777;

test("who cancels takes nothing from another who asked the same", async () => {
  const { clock, open } = clockWithGate(HELD);
  const { hub, clari } = await startClari("live", { clock });
  clari.fault({ match: "GET .*/export/jobs/", times: 1, latencyMs: HELD });
  const cancelling = new AbortController();
  const cancelled = hub.call("clari_get_forecast", {}, { signal: cancelling.signal });
  const other = hub.call("clari_get_forecast");
  await until(() => clari.requests(POLL).length === 1);
  cancelling.abort();
  await expect(cancelled).rejects.toThrow();
  open();
  expect((await other).answer.status).toBe("done");
  expect(submissions(clari).length).toBe(1);
});

test("a call cancelled while it submits keeps the job, and the next call resumes it", async () => {
  const { clock, open } = clockWithGate(HELD);
  const { hub, clari } = await startClari("live", { clock });
  clari.fault({ match: "POST .*/export/forecast/", times: 1, latencyMs: HELD });
  const cancelling = new AbortController();
  const cancelled = hub.call("clari_get_forecast", {}, { signal: cancelling.signal });
  await until(() => submissions(clari).length === 1);
  cancelling.abort();
  await expect(cancelled).rejects.toThrow();
  await until(() => hub.trail.entries().some(({ kind }) => kind === "call"));
  expect(hub.trail.last()).toMatchObject({ tool: "clari_get_forecast", code: "cancelled" });
  open();
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(lines(submissions(clari))).toEqual(["POST /v4/export/forecast/net_arr 200"]);
});

test("a cancelled wait stops polling and leaves the job to the next call", async () => {
  const { clock, open } = clockWithGate(HELD);
  const { hub, clari } = await startClari("live", { clock });
  clari.fault({ match: "GET .*/export/jobs/", times: 1, latencyMs: HELD });
  const cancelling = new AbortController();
  const cancelled = hub.call("clari_get_forecast", {}, { signal: cancelling.signal });
  await until(() => clari.requests(POLL).length === 1);
  cancelling.abort();
  await expect(cancelled).rejects.toThrow();
  await until(() => hub.trail.entries().some(({ kind }) => kind === "call"));
  open();
  const polls = clari.requests(POLL).length;
  for (let n = 0; n < 50; n += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(clari.requests(POLL).length).toBe(polls);
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(submissions(clari).length).toBe(1);
});

test("a submission whose answer is lost is found again, not sent again", async () => {
  const { hub, clari } = await startClari("live");
  const team = { scope_id: "3002::MGR" };
  clari.fault({ match: "POST .*/export/forecast/", times: 1, spoil: "drop" });
  expect(await hub.call("clari_get_forecast", team)).toBeRefused("vendor_unavailable");
  const { answer } = await hub.call("clari_get_forecast", team);
  expect(answer.status).toBe("done");
  expect(submissions(clari).length).toBe(1);
  expect(clari.requests(/^GET .*\/export\/jobs$/).length).toBe(1);
});

test("an export of another forecast is not taken for the lost one", async () => {
  const { hub, clari } = await startClari("live");
  clari.fault({ match: "POST .*/export/forecast/", times: 1, spoil: "drop", before: true });
  expect(await hub.call("clari_get_forecast")).toBeRefused("vendor_unavailable");
  // Somebody else's, with the same token, in the same second, under a name that begins alike.
  const other = await startAnother({ hub, clari });
  await other.call("clari_get_forecast", { forecast_id: "net_arr_monthly" });
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer.forecastId).toBe("net_arr");
  expect(submissions(clari).map(({ path }) => path.split("/").at(-1))).toEqual([
    "net_arr",
    "net_arr_monthly",
    "net_arr",
  ]);
});

test("a lost submission that never reached Clari is sent again", async () => {
  const { hub, clari } = await startClari("live");
  clari.fault({ match: "POST .*/export/forecast/", times: 1, spoil: "drop", before: true });
  expect(await hub.call("clari_get_forecast")).toBeRefused("vendor_unavailable");
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(submissions(clari).length).toBe(2);
});

test("after the end of a quarter the current one is the new one, whatever was read or runs of the old", async () => {
  const { hub, clari } = await startClari("live");
  hub.clock.set(Date.parse("2026-09-30T23:30:00Z"));
  clari.configure({ jobDurationMs: { started: 60_000 } });
  const { job_id } = (await hub.call("clari_get_forecast")).answer;
  hub.clock.set(Date.parse("2026-10-01T00:20:00Z"));
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("running");
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer.period.id).toBe("2026_Q4");
  expect(submissions(clari).length).toBe(2);
  // Whoever comes back for the job of the old one means the old one.
  expect((await hub.call("clari_get_forecast_job", { job_id })).answer.period.id).toBe("2026_Q3");
});

test("the same where the configured calendar does not know that a quarter has ended", async () => {
  const { hub, clari } = await startClari("live");
  const wrong = await startAnother({ hub, clari }, { config: { fiscalYearStartMonth: 3 } });
  hub.clock.set(Date.parse("2026-09-30T23:58:00Z"));
  expect((await wrong.call("clari_get_forecast")).answer.period.id).toBe("2026_Q3");
  hub.clock.set(Date.parse("2026-10-01T00:01:00Z"));
  expect((await wrong.call("clari_get_forecast")).answer.period.id).toBe("2026_Q4");
  expect(submissions(clari).length).toBe(2);
});

test("a Clari that has not begun the new quarter yet is believed, not asked again and again, and it is said", async () => {
  const { hub, clari } = await startClari("live");
  const west = await startAnother({ hub, clari }, { home: hub.home });
  hub.clock.set(Date.parse("2026-09-30T23:58:00Z"));
  const old = await fetchedFile({ hub, clari });
  hub.clock.set(Date.parse("2026-10-01T00:01:00Z"));
  clari.fault({ match: "GET .*/results", status: 200, body: old });
  const before = submissions(clari).length;
  for (const asked of [west, west, hub]) {
    const { answer } = await asked.call("clari_get_forecast");
    expect(answer.period.id).toBe("2026_Q3");
    expect(answer.notices).toContainEqual(
      expect.stringContaining("still 2026_Q3, which ended on 2026-09-30"),
    );
  }
  expect(submissions(clari).length).toBe(before + 1);
});

/** What Clari exports of the current quarter now. */
const fetchedFile = async ({ hub, clari }: Awaited<ReturnType<typeof startClari>>): Promise<string> => {
  const [jobs, headers] = [`${clari.url}/v4/export/jobs`, { apikey: "sandbox-admin" }];
  await hub.call("clari_get_forecast");
  const [job] = (await (await fetch(jobs, { headers })).json()) as { jobId: string }[];
  return (await fetch(`${jobs}/${job!.jobId}/results`, { headers })).text();
};

test("a used-up quota and a full queue share one code at Clari, and are told apart", async () => {
  const { hub, clari } = await startClari("live");
  clari.configure({ limits: { monthlyQuota: 0 } });
  const quota = await hub.call("clari_get_forecast");
  expect(quota).toBeRefused("vendor_limit");
  expect(quota.answer.error).toMatchObject({ monthlyQuota: 0, message: expect.stringContaining("quota") });
  expect(submissions(clari).length).toBe(1);

  clari.configure({ limits: { monthlyQuota: 1000, concurrentLimit: 0 } });
  const slots = await hub.call("clari_get_forecast");
  expect(slots).toBeRefused("vendor_limit");
  expect(slots.answer.error).toMatchObject({
    concurrentLimit: 0,
    message: expect.stringContaining("at one time"),
  });
  expect(submissions(clari).length).toBeGreaterThan(2);
  expect(submissions(clari).length).toBeLessThan(20);
});

test("an export waits for a slot that becomes free in time", async () => {
  const { hub, clari } = await startClari();
  clari.configure({ limits: { concurrentLimit: 1 } });
  const [one, other] = await Promise.all([
    hub.call("clari_get_forecast"),
    hub.call("clari_get_forecast", { forecast_id: "renewals" }),
  ]);
  expect([one.answer.status, other.answer.status]).toEqual(["done", "done"]);
});

test("an export waits out a 429 with the time it names", async () => {
  const { hub, clari } = await startClari();
  clari.fault({
    match: "POST",
    times: 1,
    status: 429,
    headers: { "retry-after": "3" },
    body: '{"message":"API rate limit exceeded"}',
  });
  const startedAt = hub.clock.now();
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
  expect(hub.clock.now() - startedAt).toBeGreaterThanOrEqual(3_000);
});

test("after Clari's own memory of a job has gone the next call begins anew", async () => {
  const { hub, clari } = await startClari();
  clari.configure({ nextJob: "stall" });
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("running");
  clari.reset();
  expect(await hub.call("clari_get_forecast")).toBeRefused("vendor_rejected");
  expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
});
