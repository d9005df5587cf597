import { describe, expect, test } from "vitest";
import { type Clari, ERROR_ID, openSandbox } from "./open-sandbox.ts";

const submitRaw = ({ ask }: Clari) => ask("/v4/export/forecast/net_arr", { method: "POST" });

const cancel = ({ ask }: Clari, jobId: string) =>
  ask(`/v4/export/jobs/${jobId}`, { method: "PATCH", body: { type: "CANCEL" } });

const quotaReached = (quota: number, concurrent: number) => ({
  code: "export_monthly_quota_reached",
  namespace: "exports",
  errorId: ERROR_ID,
  message: `The monthly quota limit of ${quota} or concurrent limit of ${concurrent} has been reached.`,
  orgId: 101,
  source: "Export",
});

describe("the life of an export job", () => {
  test.each(["live", "spec"])(
    "runs from STARTED to DONE in five seconds, in the %s dialect",
    async (dialect) => {
      const { ask, submit, clock } = await openSandbox({ dialect });
      const startTime = clock.now();
      const jobId = await submit({ timePeriod: "2026_Q3" });
      const job = async () => {
        const { body } = await ask(`/v4/export/jobs/${jobId}`);
        return dialect === "live" ? body.job : body;
      };
      const started = {
        jobId,
        userId: 3001,
        orgId: 101,
        title: "Forecast Export",
        module: "FORECAST",
        startTime,
        version: 1,
        fileName: "clari_export_net_arr_2026_Q33001_20261121_090000.json",
        fileType: "JSON",
        status: "STARTED",
        viewed: false,
        cellsTruncated: false,
        rowsTruncated: false,
        downloads: 0,
        deliveryStatusMap: {},
        currency: "USD",
      };
      expect(await job()).toEqual(started);
      clock.advance(4999);
      expect(await job()).toEqual(started);
      clock.advance(1);
      const endTime = startTime + 5000;
      const done = { ...started, status: "DONE", endTime, expiredTime: endTime + 2_592_000_000 };
      expect(await job()).toEqual(done);

      await ask(`/v4/export/jobs/${jobId}/results`);
      await ask(`/v4/export/jobs/${jobId}/results`);
      expect(await job()).toEqual({ ...done, viewed: true, downloads: 2 });
    },
  );

  test("has no start while it is queued", async () => {
    const { ask, submit, clock } = await openSandbox({ startAtOnce: false });
    const jobId = await submit();
    const job = async () => (await ask(`/v4/export/jobs/${jobId}`)).body.job;
    expect(await job()).toMatchObject({ status: "SCHEDULED" });
    expect(await job()).not.toHaveProperty("startTime");
    clock.advance(1000);
    expect(await job()).toMatchObject({ status: "STARTED", startTime: expect.any(Number) });
  });

  test("has an id of 24 hex digits that begins with the second of its creation", async () => {
    const { submit, clock } = await openSandbox();
    const jobId = await submit();
    expect(jobId).toMatch(/^[0-9a-f]{24}$/);
    expect(Number.parseInt(jobId.slice(0, 8), 16)).toBe(Math.floor(clock.now() / 1000));
    expect(await submit()).not.toBe(jobId);
  });

  test("waits a second in SCHEDULED behind another job", async () => {
    const { submit, statusOf, clock } = await openSandbox();
    await submit();
    const second = await submit();
    expect(await statusOf(second)).toBe("SCHEDULED");
    clock.advance(1000);
    expect(await statusOf(second)).toBe("STARTED");
    clock.advance(5000);
    expect(await statusOf(second)).toBe("DONE");
  });

  test("takes the phases it is told to", async () => {
    const jobDurationMs = { scheduled: 60_000, started: 120_000 };
    const { submit, statusOf, clock } = await openSandbox({ startAtOnce: false, jobDurationMs });
    const jobId = await submit();
    clock.advance(59_999);
    expect(await statusOf(jobId)).toBe("SCHEDULED");
    clock.advance(1);
    expect(await statusOf(jobId)).toBe("STARTED");
    clock.advance(120_000);
    expect(await statusOf(jobId)).toBe("DONE");
  });

  test.each([
    ["fail", "FAILED"],
    ["stall", "SCHEDULED"],
  ])("can be made to %s, once", async (nextJob, status) => {
    const { submit, statusOf, clock } = await openSandbox({ nextJob });
    const spoilt = await submit();
    const whole = await submit();
    clock.advance(3_600_000);
    expect(await statusOf(spoilt)).toBe(status);
    expect(await statusOf(whole)).toBe("DONE");
  });

  test("can be made to lose half its rows and say so", async () => {
    const { exported, ask, server } = await openSandbox();
    const whole = await exported();
    server.configure({ nextJob: "truncate" });
    const cut = await exported();
    const [job] = (await ask("/v4/export/jobs")).body;
    expect(job.rowsTruncated).toBe(true);
    expect(cut.entries).toEqual(whole.entries.slice(0, whole.entries.length / 2));
  });

  test("lists one's own jobs, newest first, without their delivery", async () => {
    const { ask, submit } = await openSandbox();
    const first = await submit();
    await submit({}, { token: "sandbox-rep" });
    const last = await submit({ exportFormat: "CSV" }, { forecastId: "renewals" });
    const { body } = await ask("/v4/export/jobs");
    expect(body.map((job: { jobId: string }) => job.jobId)).toEqual([last, first]);
    expect(body[0]).toMatchObject({
      fileName: "clari_export_renewals_2026_Q43001_20261121_090000.csv",
      fileType: "CSV",
      status: "SCHEDULED",
    });
    expect(body[0]).not.toHaveProperty("deliveryStatusMap");
  });

  test("expires thirty days after its end", async () => {
    const { ask, submit, clock } = await openSandbox();
    const jobId = await submit();
    clock.advance(5000 + 2_592_000_000 - 1);
    expect((await ask(`/v4/export/jobs/${jobId}/results`)).status).toBe(200);
    clock.advance(1);
    const expired = await ask(`/v4/export/jobs/${jobId}/results`);
    expect(expired.status).toBe(400);
    expect(expired.body.code).toBe("invalid_jobId");
  });
});

describe("refusals about jobs", () => {
  const NOT_FINISHED = {
    code: "invalid_jobId",
    namespace: "exports",
    errorId: ERROR_ID,
    message: "Cannot retrieve data for job because it has not finished executing.",
    orgId: 101,
  };

  test("an unknown job went wrong", async () => {
    const clari = await openSandbox();
    const wrong = {
      code: "SWW",
      namespace: "exports",
      errorId: ERROR_ID,
      message: "Something went wrong",
      orgId: 101,
    };
    for (const answer of [await clari.ask("/v4/export/jobs/nope"), await cancel(clari, "nope")]) {
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(wrong);
    }
  });

  test("another user's job is forbidden, its file too", async () => {
    const { ask, submit } = await openSandbox();
    const jobId = await submit();
    for (const path of [`/v4/export/jobs/${jobId}`, `/v4/export/jobs/${jobId}/results`]) {
      const answer = await ask(path, { token: "sandbox-rep" });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: "forbidden", namespace: "exports", orgId: 101 });
    }
  });

  test("there is no file of an unknown, running, failed or stalled job", async () => {
    const { ask, submit, server, clock } = await openSandbox();
    const running = await submit();
    expect((await ask(`/v4/export/jobs/${running}/results`)).body).toEqual(NOT_FINISHED);
    server.configure({ nextJob: "fail" });
    const failed = await submit();
    server.configure({ nextJob: "stall" });
    const stalled = await submit();
    clock.advance(60_000);
    for (const jobId of [failed, stalled, "nope"]) {
      const answer = await ask(`/v4/export/jobs/${jobId}/results`);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(NOT_FINISHED);
    }
  });

  test("a cancel must say CANCEL", async () => {
    const { ask, submit, statusOf } = await openSandbox();
    const jobId = await submit();
    const answer = await ask(`/v4/export/jobs/${jobId}`, { method: "PATCH", body: { type: "STOP" } });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe("bad_request");
    expect(await statusOf(jobId)).toBe("STARTED");
  });
});

describe("cancelling", () => {
  test("aborts what runs, cancels what waits, and gives both back", async () => {
    const clari = await openSandbox();
    const running = await clari.submit();
    const waiting = await clari.submit();
    for (const jobId of [running, waiting]) {
      const answer = await cancel(clari, jobId);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ status: "CANCELLED", successful: true });
    }
    clari.clock.advance(60_000);
    expect(await clari.statusOf(running)).toBe("ABORTED");
    expect(await clari.statusOf(waiting)).toBe("CANCELLED");
    expect((await clari.ask("/v4/admin/limits")).body.jobs).toEqual({
      concurrentLimit: 3,
      monthlyQuota: 1000,
      submittedJobIds: [],
      availableConcurrentLimit: 3,
      availableMonthlyQuota: 1000,
    });
  });

  test("comes too late for a finished or cancelled job", async () => {
    const clari = await openSandbox();
    const done = await clari.submit();
    clari.clock.advance(5000);
    const aborted = await clari.submit();
    await cancel(clari, aborted);
    for (const jobId of [done, aborted]) {
      const answer = await cancel(clari, jobId);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        code: "export_failed_to_cancel",
        namespace: "exports",
        errorId: ERROR_ID,
        message: "Cannot cancel the job because it already finished executing.",
        orgId: 101,
      });
    }
  });
});

describe("limits", () => {
  test("count running and waiting jobs of the whole organisation", async () => {
    const { ask, submit, clock } = await openSandbox();
    const done = await submit();
    clock.advance(5000);
    const running = await submit({}, { token: "sandbox-rep" });
    const waiting = await submit();
    expect((await ask("/v4/admin/limits")).body).toEqual({
      jobs: {
        concurrentLimit: 3,
        monthlyQuota: 1000,
        runningJobIds: [running],
        submittedJobIds: [waiting, running, done],
        availableConcurrentLimit: 1,
        availableMonthlyQuota: 997,
      },
    });
  });

  test("refuse for quota and for concurrency with one and the same error", async () => {
    const clari = await openSandbox({ limits: { concurrentLimit: 1, monthlyQuota: 2 } });
    await clari.submit();
    const tooMany = await submitRaw(clari);
    const busy = (await clari.ask("/v4/admin/limits")).body.jobs;
    clari.clock.advance(5000);
    await clari.submit();
    clari.clock.advance(5000);
    const usedUp = await submitRaw(clari);
    const spent = (await clari.ask("/v4/admin/limits")).body.jobs;

    for (const answer of [tooMany, usedUp]) {
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual(quotaReached(2, 1));
    }
    expect(busy).toMatchObject({ availableConcurrentLimit: 0, availableMonthlyQuota: 1 });
    expect(spent).toMatchObject({ availableConcurrentLimit: 1, availableMonthlyQuota: 0 });
    expect(spent).not.toHaveProperty("runningJobIds");
  });

  test("forget a job after thirty days, and count a failed one until then", async () => {
    const clari = await openSandbox({ limits: { monthlyQuota: 1 }, nextJob: "fail" });
    await clari.submit();
    clari.clock.advance(2_592_000_000 - 1);
    expect((await submitRaw(clari)).body).toEqual(quotaReached(1, 3));
    clari.clock.advance(1);
    expect((await submitRaw(clari)).status).toBe(200);
  });

  test("count audit and activity exports as well", async () => {
    const { ask } = await openSandbox({ limits: { concurrentLimit: 2 } });
    const body = { activityTypes: ["MEETING"], startDate: "2026-11-01", endDate: "2026-11-20" };
    const audit = await ask("/v4/export/audit/events", { method: "POST" });
    const activity = await ask("/v4/export/activity", { method: "POST", body });
    expect([audit.status, activity.status]).toEqual([202, 202]);
    const third = await ask("/v4/export/activity", { method: "POST", body });
    expect(third.body).toEqual(quotaReached(1000, 2));
  });
});
