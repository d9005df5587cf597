/** What there is in Clari: limits, jobs, forecasts, quarters and people, none of which but two it lists. */
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import {
  DIALECTS,
  lines,
  planned,
  records,
  sent,
  startAnother,
  startClari,
  submissions,
} from "./clari-hub.ts";

const HOUR = 3_600_000;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  describe("limits", () => {
    test("say in words what is left and what runs", async () => {
      const { hub, clari } = await startClari(dialect);
      clari.configure({ jobDurationMs: { started: 600_000 }, crmTypes: "accept" });
      const running = (await hub.call("clari_get_forecast")).answer.job_id;
      const { answer } = await hub.call("clari_get_admin_limits");
      expect(answer).toMatchObject({
        summary: "999 of 1000 exports left in 30 rolling days; 2 of 3 slots free.",
        monthlyQuota: 1000,
        left: 999,
        concurrentLimit: 3,
        freeSlots: 2,
        running: [running],
      });
    });

    test.each([
      [{ monthlyQuota: 0 }, /No export can be made until/],
      [{ concurrentLimit: 0 }, /waits until one ends/],
    ])("with %j left say what that means", async (limits, meaning) => {
      const { hub, clari } = await startClari(dialect);
      clari.configure({ limits });
      const { answer } = await hub.call("clari_get_admin_limits");
      expect(answer.summary).toMatch(meaning);
      expect(answer.running).toEqual([]);
    });

    test("of which a number is missing are not made up", async () => {
      const { hub, clari } = await startClari(dialect);
      clari.fault({ match: "limits", status: 200, body: '{"jobs":{"concurrentLimit":3}}' });
      expect(await hub.call("clari_get_admin_limits")).toBeRefused("vendor_malformed");
    });
  });

  describe.each(["bare", "jobs"])("export jobs in a list that is %s", (jobListEnvelope) => {
    test("come newest first, with state, age, expiry and what was cut", async () => {
      const { hub, clari } = await startClari(dialect);
      clari.configure({ jobListEnvelope, crmTypes: "accept", nextJob: "truncate" });
      await hub.call("clari_get_forecast");
      hub.clock.advance(2 * HOUR);
      clari.configure({ nextJob: "fail" });
      expect(await hub.call("clari_get_forecast")).toBeRefused("vendor_rejected");
      clari.configure({ nextJob: "truncate-cells" });
      await hub.call("clari_get_forecast", { forecast_id: "renewals" });

      const { answer } = await hub.call("clari_list_export_jobs");
      const rows = records(answer.jobs);
      expect(rows.map(({ state, truncated }) => [state, truncated])).toEqual([
        ["DONE", "cells"],
        ["FAILED", null],
        ["DONE", "rows"],
      ]);
      const oldest = rows.at(-1)!;
      expect(oldest).toMatchObject({
        title: "Forecast Export",
        file: expect.stringMatching(/^clari_export_net_arr_2026_Q4/),
        ageHours: 2,
        ranSeconds: 5,
      });
      const expires = Date.parse(String(oldest.expiresAt)) - Date.parse(String(oldest.madeAt));
      expect(expires).toBe(30 * 24 * HOUR + 5_000);
      const { answer: one } = await hub.call("clari_list_export_jobs", { limit: 1 });
      expect(one.jobs).toMatchObject({ returned: 1, total: 3, truncated: true });
    });
  });

  describe("forecasts", () => {
    test("are the configured ones and those exported, each with what is known of it", async () => {
      const started = await startClari(dialect);
      const { hub, clari } = started;
      await hub.call("clari_get_forecast");
      await hub.call("clari_get_forecast", { forecast_id: "net_arr_monthly" });
      await hub.call("clari_get_forecast", { forecast_id: "net_ar" });
      const exports = submissions(clari).length;
      const { answer } = await hub.call("clari_list_forecasts");
      const rows = records(answer.forecasts);
      expect(rows.map(({ name, id, state }) => [name, id, state])).toEqual([
        ["default", "net_arr", "read"],
        ["renewals", "renewals", "not yet read"],
        [null, "net_ar", "unknown to Clari: correct the id"],
        [null, "net_arr_monthly", "read"],
      ]);
      expect(rows[0]!.lastReadAt).toBe(rows[0]!.lastExportedAt);
      expect(answer.otherIds).toContain("app.clari.com/forecast/net_arr");
      expect(submissions(clari).length).toBe(exports);

      // Another hub has read nothing itself; Clari's list of jobs still shows it.
      const other = await (await startAnother(started)).call("clari_list_forecasts");
      expect(records(other.answer.forecasts).map(({ id, state }) => [id, state])).toEqual([
        ["net_arr", "exported before"],
        ["renewals", "not yet read"],
        ["net_arr_monthly", "exported before"],
      ]);
    });

    test("come from the configuration alone when Clari does not answer, which is said", async () => {
      const { hub, clari } = await startClari(dialect);
      clari.fault({ match: "export/jobs", status: 500, body: "{}" });
      const { answer, isError } = await hub.call("clari_list_forecasts");
      expect(isError).toBe(false);
      expect(answer.forecasts.total).toBe(2);
      expect(answer.notices).toContainEqual(expect.stringMatching(/^Partial answer, without the list/));
    });

    test("that others exported under odd names add nothing", async () => {
      const { hub, clari } = await startClari(dialect);
      const file = (fileName: unknown) => ({ jobId: "a1", status: "DONE", endTime: 1795251600000, fileName });
      const jobs = [
        file("clari_export_activity_3001_20261121.json"),
        file("x"),
        file(null),
        file("clari_export_../x_2026_Q4"),
      ];
      clari.fault({ match: "export/jobs", status: 200, body: JSON.stringify(jobs) });
      expect((await hub.call("clari_list_forecasts")).answer.forecasts.total).toBe(2);
    });
  });

  describe("quarters", () => {
    test("are computed until an export has shown them, and labelled so", async () => {
      const { hub, clari } = await startClari(dialect);
      const before = (await hub.call("clari_list_time_periods")).answer;
      expect(clari.requests()).toEqual([]);
      expect(before.current).toBe("2026_Q4");
      expect(new Set(records(before.periods).map(({ source }) => source))).toEqual(new Set(["calendar"]));
      expect(before.sources).toMatchObject([{ system: "clari", requests: 0, cached: true }]);

      await hub.call("clari_get_forecast");
      await hub.call("clari_get_forecast", { time_period: "2026_Q2" });
      const after = (await hub.call("clari_list_time_periods")).answer;
      const told = records(after.periods).filter(({ source }) => source === "clari");
      const quarters = new Map(hub.company.quarters.map((one) => [one.id, one]));
      expect(told.map(({ id }) => id)).toEqual(["2026_Q2", "2026_Q4"]);
      for (const { id, from, to } of told)
        expect({ from, to }).toEqual({
          from: quarters.get(String(id))!.start,
          to: quarters.get(String(id))!.end,
        });
      const ids = records(after.periods).map(({ id }) => id);
      expect(ids).toEqual([...ids].sort());
    });

    test("tell when the configured calendar is not Clari's", async () => {
      const started = await startClari(dialect);
      await started.hub.call("clari_get_forecast");
      const hub = await startAnother(started, {
        config: { fiscalYearStartMonth: 2 },
        home: started.hub.home,
      });
      const { answer } = await hub.call("clari_list_time_periods");
      expect(answer.current).toBe("2026_Q4");
      expect(answer.notices).toContainEqual(expect.stringMatching(/2026_Q4.*fiscalYearStartMonth/));
    });
  });

  describe("people", () => {
    test("stand in the hierarchy of the company, each role once, below their manager", async () => {
      const { hub } = await startClari(dialect);
      const { answer } = await hub.call("clari_list_users");
      const rows = records(answer.users);
      const { people } = hub.company;
      const seats = people
        .filter(({ isActive, optedIn }) => isActive && optedIn)
        .flatMap((person) =>
          [person.role, person.secondRole].flatMap((role) => (role ? [{ person, role }] : [])),
        );
      expect(answer.users.total).toBe(seats.length);
      expect(answer.people).toBe(new Set(seats.map(({ person }) => person.id)).size);
      for (const { person, role } of seats) {
        const row = rows.find((one) => one.crmId === person.id && one.role === role.name)!;
        expect(row.name).toBe(person.name);
        const manager = seats.find((one) => one.role.id === role.parentId);
        expect(row.manager).toBe(manager ? manager.person.name : null);
        if (person.role === role && manager) expect(row.level).toBe(person.level);
      }
      const place = new Map(rows.map(({ name, role }, n) => [`${name} ${role}`, n]));
      for (const { person, role } of seats) {
        const manager = seats.find((one) => one.role.id === role.parentId);
        if (manager)
          expect(place.get(`${manager.person.name} ${manager.role.name}`)).toBeLessThan(
            place.get(`${person.name} ${role.name}`)!,
          );
      }
      expect(answer.notices).toContainEqual(expect.stringContaining("opted in"));
    });

    test("cost no export beside the forecast's own, and their scope_id narrows it", async () => {
      const { hub, clari } = await startClari(dialect);
      await hub.call("clari_get_forecast");
      const exports = submissions(clari).length;
      hub.clock.advance(1_000);
      const { answer } = await hub.call("clari_list_users", { limit: 3 });
      expect(submissions(clari).length).toBe(exports);
      expect(answer.users).toMatchObject({ returned: 3, truncated: true });
      expect(answer.sources[0].cached).toBe(true);
      const manager = records(answer.users)[1]!;
      const team = (await hub.call("clari_get_forecast", { scope_id: manager.scopeId })).answer;
      expect(team.status).toBe("done");
      expect(team.people).toBeLessThan(answer.people);
    });

    test("of a forecast that was read within a day are shown as they were then", async () => {
      const started = await startClari(dialect);
      const { hub, clari } = started;
      await hub.call("clari_get_forecast");
      const later = await startAnother(started, { home: hub.home });
      hub.clock.advance(20 * HOUR);
      const exports = submissions(clari).length;
      const { answer } = await later.call("clari_list_users");
      expect(submissions(clari).length).toBe(exports);
      expect(answer.sources).toMatchObject([{ asOf: "2026-11-21T09:00:05.000Z", requests: 0, cached: true }]);
      hub.clock.advance(5 * HOUR);
      expect((await later.call("clari_list_users")).answer.sources[0].cached).toBe(false);
      expect(submissions(clari).length).toBeGreaterThan(exports);
    });

    test("of an export that takes too long are asked for again, with the same job", async () => {
      const { hub, clari } = await startClari(dialect);
      clari.configure({ jobDurationMs: { started: 90_000 }, crmTypes: "accept" });
      const early = await hub.call("clari_list_users");
      expect(early).toBeRefused("deadline_exceeded");
      expect(early.answer.error).toMatchObject({ status: "running", job_id: expect.any(String) });
      hub.clock.advance(90_000);
      expect((await hub.call("clari_list_users")).isError).toBe(false);
      expect(submissions(clari).length).toBe(1);
    });

    test("in a circle of managers are all there, without a level", async () => {
      const { hub, clari } = await startClari(dialect);
      const user = (userId: string, hierarchyId: string, parentHierarchyId: string) => ({
        userId,
        name: userId,
        hierarchyId,
        parentHierarchyId,
      });
      const file = {
        entries: [],
        users: [user("1:a", "a", "b"), user("2:b", "b", "a"), user("3:c", "c", "")],
        fields: [],
        timePeriods: [{ timePeriodId: "2026_Q4", startDate: "2026-10-01", endDate: "2026-12-31" }],
        timeFrames: [],
      };
      clari.fault({ match: "GET .*/results", status: 200, body: JSON.stringify(file) });
      const { answer } = await hub.call("clari_list_users");
      expect(records(answer.users)).toMatchObject([
        { name: "3:c", level: 1 },
        { name: "1:a", manager: "2:b", level: null },
        { name: "2:b", manager: "1:a", level: null },
      ]);
    });
  });

  test.each([
    ["clari_get_admin_limits", {}],
    ["clari_list_export_jobs", {}],
    ["clari_list_forecasts", {}],
    [
      "clari_list_audit_events",
      { from: "2026-11-10", to: "2026-11-12", event: "api.accessed", actor: "3001" },
    ],
  ])("%s sends what its dry run shows", async (tool, input) => {
    const { hub, clari } = await startClari(dialect);
    const { answer } = await hub.call(tool, { ...input, dry_run: true });
    expect(clari.requests()).toEqual([]);
    await hub.call(tool, input);
    const readable = sent(clari.requests()).map((one) => ({ ...one, query: decodeURIComponent(one.query) }));
    expect(readable).toEqual(planned(answer.dry_run.requests));
  });
});

test("jobs that cannot be read are counted, not passed over", async () => {
  const { hub, clari } = await startClari();
  clari.fault({ match: "export/jobs", status: 200, body: '[{"jobId":7},{"jobId":"a1","status":"DONE"}]' });
  const { answer } = await hub.call("clari_list_export_jobs");
  expect(answer.jobs.total).toBe(1);
  expect(answer.notices).toContainEqual(expect.stringMatching(/^1 jobs .* could not be read/));
});

test("another token's forecasts are not shown as one's own", async () => {
  const started = await startClari();
  await started.hub.call("clari_get_forecast");
  const variables = { SANDBOX_CLARI_TOKEN: "sandbox-rep" };
  const rep = await startAnother(started, { variables, home: started.hub.home });
  const { answer } = await rep.call("clari_list_forecasts");
  expect(records(answer.forecasts).map(({ state }) => state)).toEqual(["not yet read", "not yet read"]);
  expect(lines(started.clari.requests()).at(-1)).toBe("GET /v4/export/jobs 200");
});

test("what every conversation pays for these nine tools", async () => {
  const { hub } = await startClari();
  const { tools } = await hub.client.listTools();
  const own = tools.filter(({ name }) => /^clari_(list_|get_admin|get_opportunity)/.test(name));
  expect(own.length).toBe(9);
  const tokens = own.reduce((sum, tool) => sum + encode(JSON.stringify(tool)).length, 0);
  expect(tokens).toBeLessThanOrEqual(2_700);
});
