/** Answers that are a little off: what can be used is used, what cannot is said, and nothing is made up. */
import { describe, expect, test } from "vitest";
import { records, startAnother, startClari, submissions } from "./clari-hub.ts";

const ABSURD = [1e17, 8.7e15, -9e15, "not a time"];

describe("times that cannot be", () => {
  test.each(ABSURD)("of a job (%s) leave the forecast as of now", async (endTime) => {
    const { hub, clari } = await startClari();
    const job = { jobId: "abc", status: "DONE", startTime: endTime, endTime };
    clari.fault({ match: "GET .*/export/jobs/[^/]+\\?", status: 200, body: JSON.stringify({ job }) });
    clari.fault({
      match: "GET .*/results",
      status: 200,
      body: JSON.stringify(fileWith({ forecastValue: 5 })),
    });
    const { answer } = await hub.call("clari_get_forecast");
    expect(answer.status).toBe("done");
    expect(answer.sources[0].asOf).toBe(new Date(hub.clock.now()).toISOString());
  });

  test("a job that ends in the future is as of now", async () => {
    const { hub, clari } = await startClari();
    const job = { jobId: "abc", status: "DONE", endTime: hub.clock.now() + 3_600_000 };
    clari.fault({ match: "GET .*/export/jobs/[^/]+\\?", status: 200, body: JSON.stringify({ job }) });
    clari.fault({
      match: "GET .*/results",
      status: 200,
      body: JSON.stringify(fileWith({ forecastValue: 5 })),
    });
    const { answer } = await hub.call("clari_get_forecast");
    expect(Date.parse(answer.sources[0].asOf)).toBeLessThanOrEqual(hub.clock.now());
  });

  test.each(ABSURD)("of an update (%s) are left out of the row", async (updatedOn) => {
    const { answer } = await rowsOf([{ forecastValue: 5, updatedOn }]);
    expect(records(answer.rows)).toMatchObject([{ value: 5 }]);
    expect(answer.rows.columns).not.toContain("updatedAt");
  });
});

const ENTRY = {
  userId: "1:a",
  fieldId: "fc_commit",
  timePeriodId: "2026_Q4",
  timeFrameId: "TF:2026-11-16",
};

const fileWith = (...entries: readonly object[]) => ({
  entries: entries.map((values) => ({ ...ENTRY, ...values })),
  users: [{ userId: "1:a", name: "Chief", hierarchyId: "a", scopeId: null }],
  fields: [],
  timePeriods: [{ timePeriodId: "2026_Q4", startDate: "2026-10-01", endDate: "2026-12-31" }],
  timeFrames: [{ timeFrameId: "TF:2026-11-16" }],
});

const askedOf = async (file: object, input: Record<string, unknown>) => {
  const { hub, clari } = await startClari("live");
  clari.fault({ match: "GET .*/results", status: 200, body: JSON.stringify(file) });
  return hub.call("clari_get_forecast", input);
};

const rowsOf = (entries: readonly object[]) => askedOf(fileWith(...entries), { view: "rows" });

describe("entries", () => {
  test("a manager's adjustment of what nobody called is a row", async () => {
    const { answer } = await rowsOf([{ adjustmentValue: 80 }]);
    expect(records(answer.rows)).toMatchObject([{ kind: "forecast", adjustment: 80 }]);
  });

  test("a value is not lost to an empty one that comes after it", async () => {
    const { answer } = await rowsOf([
      { forecastValue: 7, quotaValue: 5 },
      { forecastValue: null, quotaValue: null, isUpdated: true },
    ]);
    expect(records(answer.rows).map(({ kind, value }) => [kind, value])).toEqual([
      ["forecast", 7],
      ["quota", 5],
    ]);
  });

  test("the day a deal closed on is not what it closed at", async () => {
    const { answer } = await askedOf(
      fileWith({ forecastValue: 7 }, { fieldId: "crm_won", aggregationTotal: 5, closedOn: 1779372000000 }),
      {},
    );
    expect(answer.totals.crmClosed).toBe(5);
  });

  test("amounts in several currencies name theirs in every row", async () => {
    const { answer } = await rowsOf([
      { forecastValue: 7, currency: { code: "USD" } },
      { fieldId: "fc_best_case", forecastValue: 900, currency: "JPY" },
    ]);
    expect(answer.currency).toBeUndefined();
    expect(records(answer.rows).map(({ value, currency }) => [value, currency])).toEqual([
      [7, "USD"],
      [900, "JPY"],
    ]);
  });

  test("what says the opposite in the same words is no figure, not even where it stands alone", async () => {
    const { answer } = await askedOf(
      fileWith(
        { fieldId: "closed_lost", aggregationTotal: 5 },
        { fieldId: "fc_uncommitted", forecastValue: 7 },
        { fieldId: "fc_best_case", forecastValue: 9 },
      ),
      {},
    );
    expect(answer.totals).toMatchObject({ bestCase: 9, commit: null, crmClosed: null });
    expect(answer.fields).toEqual({ bestCase: "fc_best_case" });
  });

  test("of all weeks say which field a figure is: a summary of a trend means the same field", async () => {
    const { hub, clari } = await startClari();
    const file = fileWith(
      { forecastValue: 7, timeFrameId: "TF:2026-11-09" },
      { fieldId: "fc_commit_stretch", forecastValue: 90 },
    );
    const body = JSON.stringify({
      ...file,
      timeFrames: [{ timeFrameId: "TF:2026-11-09" }, ...file.timeFrames],
    });
    clari.fault({ match: "GET .*/results", status: 200, body });
    const trend = (await hub.call("clari_get_forecast", { view: "trend" })).answer;
    const { answer } = await hub.call("clari_get_forecast", { as_of: "2026-11-21" });
    expect(answer.fields).toEqual({ commit: "fc_commit" });
    expect(answer.fields).toEqual(trend.fields);
    expect(answer.notices).toContainEqual(expect.stringMatching(/^Several Clari fields could be commit/));
  });

  test("of a week that nobody can name are refused, not shown as empty", async () => {
    const result = await askedOf(fileWith({ forecastValue: 7, timeFrameId: "week 7" }), {});
    expect(result).toBeRefused("vendor_malformed");
  });
});

describe("a hierarchy", () => {
  const reporting = (...roles: readonly [string, string][]) => ({
    ...fileWith(...roles.map(([role]) => ({ userId: `1:${role}`, forecastValue: 7 }))),
    users: roles.map(([role, above]) => ({
      userId: `1:${role}`,
      crmId: role,
      name: role,
      hierarchyId: role,
      parentHierarchyId: above,
      scopeId: null,
    })),
  });

  test("whose top reports to itself has that top", async () => {
    const { answer } = await askedOf(reporting(["Cro", "Cro"], ["Vp", "Cro"]), {});
    expect(answer.totals.commit).toBe(7);
    expect(records(answer.rows).map(({ name, level }) => [name, level])).toEqual([
      ["Cro", 1],
      ["Vp", 2],
    ]);
    expect(answer.notices).toBeUndefined();
  });

  test("that is a circle has no top, and the answer says why it is empty", async () => {
    const { answer } = await askedOf(reporting(["East", "West"], ["West", "East"], ["Rep", "West"]), {});
    expect(answer.totals).toBeUndefined();
    expect(answer.people).toBe(3);
    expect(answer.notices).toEqual([expect.stringMatching(/^3 roles .* in a circle/)]);
  });

  test("with a circle beside the top says who is left out", async () => {
    const { answer } = await askedOf(reporting(["Cro", ""], ["East", "West"], ["West", "East"]), {});
    expect(answer.totals.commit).toBe(7);
    expect(answer.notices).toEqual([expect.stringMatching(/^2 roles .* in a circle/)]);
  });
});

describe.each([
  ["without the table of weeks", { omitTimeFrames: true }],
  ["under an integration user above the top", { integrationUser: "above" }],
  ["with an integration user beside the top", { integrationUser: "beside" }],
])("a forecast %s", (_, switches) => {
  test("has the same figures", async () => {
    const { hub, clari } = await startClari();
    const usual = (await hub.call("clari_get_forecast")).answer;
    clari.configure(switches);
    const { answer } = await (await startAnother({ hub, clari })).call("clari_get_forecast");
    expect(answer.totals).toEqual(usual.totals);
    expect(answer.totals.commit).toBeGreaterThan(0);
    expect(answer.latestWeek).toBe(usual.latestWeek);
    expect(records(answer.rows)).toEqual(records(usual.rows));
  });
});

describe("quarters", () => {
  test("one that Clari does not know is not paid for twice in a day, whatever the view", async () => {
    const { hub, clari } = await startClari("live");
    const first = await hub.call("clari_get_forecast", { time_period: "2031_Q1" });
    hub.clock.advance(3_600_000);
    const second = await hub.call("clari_get_forecast", { time_period: "2031_Q1", view: "rows" });
    expect(second).toBeRefused("vendor_malformed");
    const { asked, returned, askedAgainAfter } = first.answer.error;
    expect(second.answer.error).toMatchObject({ asked, returned, askedAgainAfter });
    expect(submissions(clari).length).toBe(1);
    // The current one can be asked for, and after a day the other again.
    expect((await hub.call("clari_get_forecast")).answer.status).toBe("done");
    hub.clock.advance(24 * 3_600_000);
    await hub.call("clari_get_forecast", { time_period: "2031_Q1" });
    expect(submissions(clari).length).toBe(3);
  });

  test("one without its year is checked against Clari's fiscal calendar", async () => {
    const { hub, clari } = await startClari();
    expect((await hub.call("clari_get_forecast", { time_period: "Q3" })).answer.period.id).toBe("2026_Q3");
    // To this hub the third quarter began in June; Clari's began in July.
    const another = await startAnother({ hub, clari }, { config: { fiscalYearStartMonth: 12 } });
    const result = await another.call("clari_get_forecast", { time_period: "Q3", view: "rows" });
    expect(result).toBeRefused("config");
    expect(result.answer.error.hint).toContain("fiscalYearStartMonth");
  });
});
