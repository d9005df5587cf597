import { describe, expect, test } from "vitest";
import type { Company, Submission } from "#sandbox/company/types.ts";
import { DIALECTS, planned, records, sent, startAnother, startClari, submissions } from "./clari-hub.ts";

const CURRENT = "2026_Q4";

const callOf = (company: Company, personId: string, quarterId = CURRENT): Submission => {
  const calls = company.submissions.filter(
    (one) => one.forecastId === "net_arr" && one.personId === personId && one.quarterId === quarterId,
  );
  return calls.sort((a, b) => (a.weekStart < b.weekStart ? -1 : 1)).at(-1)!;
};

const personNamed = (company: Company, name: unknown) =>
  company.people.find((person) => person.name === name)!;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("the summary shows the top two levels, and the total is the top person's own call", async () => {
    const { hub } = await startClari(dialect);
    const { company } = hub;
    const { answer, isError } = await hub.call("clari_get_forecast");
    expect(isError).toBe(false);

    const cro = callOf(company, company.stories.cro);
    const quota = company.quotas.find(
      (one) =>
        one.forecastId === "net_arr" && one.personId === company.stories.cro && one.quarterId === CURRENT,
    )!;
    expect(answer).toMatchObject({
      status: "done",
      forecastId: "net_arr",
      period: { id: CURRENT, from: "2026-10-01", to: "2026-12-31" },
      latestWeek: "2026-11-16",
      currency: "USD",
    });
    expect(answer.totals).toMatchObject({
      commit: cro.commit,
      bestCase: cro.bestCase,
      quota: quota.value,
      gap: quota.value - cro.commit,
    });

    const rows = records(answer.rows);
    const vicePresidents = company.people.filter(({ level }) => level === 2);
    expect(rows.map(({ name }) => name)).toEqual([
      personNamed(company, rows[0]!.name).name,
      ...vicePresidents.map(({ name }) => name),
    ]);
    expect(rows[0]).toMatchObject({
      level: 1,
      role: "CRO",
      commit: cro.commit,
      reports: vicePresidents.length,
    });
    for (const row of rows.slice(1))
      expect(row).toMatchObject({
        level: 2,
        commit: callOf(company, personNamed(company, row.name).id).commit,
      });
    // The managers' calls add up to something else, which nobody called.
    const sum = rows.reduce((total, { commit }) => total + Number(commit), 0);
    expect(answer.totals.commit).toBeLessThan(sum);
  });

  test("a scope_id of the answer asks for one team, whose manager is then the top", async () => {
    const { hub } = await startClari(dialect);
    const rows = records((await hub.call("clari_get_forecast")).answer.rows);
    const vp = rows[1]!;
    const { answer } = await hub.call("clari_get_forecast", { scope_id: vp.scope_id as string });
    const team = records(answer.rows);
    expect(team[0]).toMatchObject({ name: vp.name, level: 1, commit: vp.commit });
    expect(answer.totals.commit).toBe(vp.commit);
    expect(team.length).toBe(1 + Number(vp.reports));
  });

  test("a quarter that Clari has no data for is refused, not shown as another one", async () => {
    const { hub } = await startClari(dialect);
    const result = await hub.call("clari_get_forecast", { time_period: "2031_Q1" });
    expect(result).toBeRefused("vendor_malformed");
    expect(result.answer.error).toMatchObject({ asked: "2031_Q1", returned: [CURRENT] });
    expect(JSON.stringify(result.answer)).not.toContain("commit");
  });

  test("a quarter that was missing is asked for again with fresh, and is no longer missing once it is there", async () => {
    const { hub, clari } = await startClari(dialect);
    const quarter = { time_period: "2026_Q4" };
    hub.clock.set(Date.parse("2026-09-27T20:00:00Z"));
    expect(await hub.call("clari_get_forecast", quarter)).toBeRefused("vendor_malformed");
    hub.clock.set(Date.parse("2026-09-28T09:00:00Z"));
    const asked = clari.requests().length;
    const remembered = await hub.call("clari_get_forecast", quarter);
    expect(remembered.answer.error.hint).toContain("fresh");
    expect(clari.requests().length).toBe(asked);
    const { answer } = await hub.call("clari_get_forecast", { ...quarter, fresh: true });
    expect(answer.period.id).toBe("2026_Q4");
    hub.clock.advance(600_000);
    expect((await hub.call("clari_get_forecast", quarter)).answer.period.id).toBe("2026_Q4");
  });

  test("a past quarter is answered with its last week, and says who is missing", async () => {
    const { hub } = await startClari(dialect);
    const { company } = hub;
    const { answer } = await hub.call("clari_get_forecast", { time_period: "previous", view: "rows" });
    expect(answer.period.id).toBe("2026_Q3");
    expect(answer.latestWeek).toBe("2026-09-28");
    expect(answer.notices).toContainEqual(expect.stringContaining("left or opted out"));
    const optedOut = company.people.find(({ id }) => id === company.stories.optedOut)!;
    expect(callOf(company, optedOut.id, "2026_Q3")).toBeDefined();
    expect(records(answer.rows).map(({ name }) => name)).not.toContain(optedOut.name);
  });

  test("the trend is the top's call week by week, oldest first, week 0 of it before the quarter", async () => {
    const { hub } = await startClari(dialect);
    const { company } = hub;
    const { answer } = await hub.call("clari_get_forecast", { view: "trend", scope_id: "3002::MGR" });
    const manager = company.people.find(({ clariId }) => clariId === 3002)!;
    const called = company.submissions
      .filter(
        (one) => one.forecastId === "net_arr" && one.personId === manager.id && one.quarterId === CURRENT,
      )
      .sort((a, b) => (a.weekStart < b.weekStart ? -1 : 1));
    const rows = records(answer.rows);
    expect(rows.map(({ week, commit, bestCase }) => ({ week, commit, bestCase }))).toEqual(
      called.map(({ weekStart, commit, bestCase }) => ({ week: weekStart, commit, bestCase })),
    );
    expect(rows[0]!.week).toBe("2026-09-28");
    expect(rows.map(({ commitChange }) => commitChange)).toEqual(
      called.map(({ commit }, n) => (n === 0 ? null : commit - called[n - 1]!.commit)),
    );
    expect(answer.totals.commit).toBe(called.at(-1)!.commit);
  });

  test("of a trend the latest weeks alone can be had, from the same export", async () => {
    const { hub, clari } = await startClari(dialect);
    const whole = (await hub.call("clari_get_forecast", { view: "trend" })).answer;
    const exports = submissions(clari).length;
    const { answer } = await hub.call("clari_get_forecast", { view: "trend", weeks: 3 });
    expect(answer.rows.rows.length).toBe(3);
    expect(records(answer.rows).map(({ week, commit }) => [week, commit])).toEqual(
      records(whole.rows)
        .slice(-3)
        .map(({ week, commit }) => [week, commit]),
    );
    expect(submissions(clari).length).toBe(exports);
    expect(await hub.call("clari_get_forecast", { weeks: 3 })).toBeRefused("invalid_input");
  });

  test("a dry run shows exactly the requests that are then sent, and sends nothing", async () => {
    const { hub, clari } = await startClari(dialect);
    const question = { time_period: "Q3 2026", scope_id: "3002::MGR", currency: "eur" };
    // Where Clari refuses the CRM types, it is known after the first question.
    await hub.call("clari_get_forecast", { time_period: "2026_Q2" });
    const before = clari.requests().length;
    const dry = await hub.call("clari_get_forecast", { ...question, dry_run: true });
    expect(clari.requests().length).toBe(before);

    await hub.call("clari_get_forecast", question);
    const requests = sent(clari.requests().slice(before));
    const jobId = requests[1]!.path.split("/").at(-1)!;
    const [submit, poll, results] = planned(dry.answer.dry_run.requests).map((one) => ({
      ...one,
      path: decodeURIComponent(one.path).replace("<job_id>", jobId),
    }));
    expect(requests[0]).toEqual(submit);
    expect(requests.at(-1)).toEqual(results);
    for (const request of requests.slice(1, -1)) expect(request).toEqual(poll);
  });
});

test("where Clari refuses CRM totals, it is asked once without them and the answer says so", async () => {
  const { hub, clari } = await startClari("spec");
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer.status).toBe("done");
  expect(answer.totals).toMatchObject({ crmPipeline: null, crmClosed: null, attainment: null });
  expect(answer.notices).toContainEqual(expect.stringContaining("does not export CRM totals"));
  expect(submissions(clari).map(({ status }) => status)).toEqual([400, 200]);

  // It is not asked in vain again, and the notice stays with a kept result.
  await hub.call("clari_get_forecast", { forecast_id: "net_arr", time_period: "2026_Q3" });
  expect(submissions(clari).map(({ status }) => status)).toEqual([400, 200, 200]);
  const again = await hub.call("clari_get_forecast");
  expect(again.answer.notices).toEqual(answer.notices);
});

test("CRM totals and attainment are those of the top person where Clari exports them", async () => {
  const { hub } = await startClari("live");
  const { crmPipeline, crmClosed } = callOf(hub.company, hub.company.stories.cro);
  const { answer } = await hub.call("clari_get_forecast");
  expect(answer.totals).toMatchObject({ crmPipeline, crmClosed });
  expect(answer.totals.attainment).toBeCloseTo(crmClosed / answer.totals.quota, 3);
  expect(answer.fields).toEqual({
    quota: "quota",
    commit: "fc_net_commit",
    bestCase: "fc_net_best_case",
    crmPipeline: "crm_pipeline",
    crmClosed: "crm_closed",
  });
});

test.each(["2026_Q3", "2026-Q3", "Q3-2026", "Q3 2026", "q3 2026", "previous"])(
  "%s is the third quarter",
  async (time_period) => {
    const { hub } = await startClari();
    const { answer } = await hub.call("clari_get_forecast", { time_period, dry_run: true });
    expect(answer.dry_run.requests[0].body.timePeriod).toBe("2026_Q3");
  },
);

test.each(["last year", "2026", "Q5-2026", "2026_Q0", "2026_Q3; DROP"])(
  "%s is no quarter, and Clari is not asked",
  async (time_period) => {
    const { hub, clari } = await startClari();
    expect(await hub.call("clari_get_forecast", { time_period })).toBeRefused("invalid_input");
    expect(clari.requests()).toEqual([]);
  },
);

test("everything that can be asked for is asked for, because Clari's default is two types of six", async () => {
  const { hub, clari } = await startClari();
  await hub.call("clari_get_forecast");
  expect(JSON.parse(submissions(clari)[0]!.body)).toEqual({
    typesToExport: ["forecast", "forecast_updated", "quota", "adjustment", "crm_total", "crm_closed"],
    schedule: "NONE",
    includeHistorical: false,
    exportFormat: "JSON",
  });
});

test("the next quarter by a fiscal calendar that is not Clari's is refused with the setting to correct", async () => {
  const { hub, clari } = await startClari();
  const another = await startAnother({ hub, clari }, { config: { fiscalYearStartMonth: 7 } });
  // To this hub the current quarter is 2027_Q2 and the previous one 2027_Q1, of which Clari knows nothing …
  expect(await another.call("clari_get_forecast", { time_period: "previous" })).toBeRefused(
    "vendor_malformed",
  );
  // … while a year that begins in October makes it 2026_Q4, which for Clari is now.
  const third = await startAnother({ hub, clari }, { config: { fiscalYearStartMonth: 10 } });
  expect((await third.call("clari_get_forecast", { time_period: "previous" })).answer.error).toMatchObject({
    code: "config",
    hint: expect.stringContaining("fiscalYearStartMonth"),
  });
  // The current quarter is Clari's, whatever the config says.
  expect((await third.call("clari_get_forecast")).answer.period.id).toBe(CURRENT);
});

test("an unknown forecast names the configured ones and where ids are found", async () => {
  const { hub } = await startClari();
  const result = await hub.call("clari_get_forecast", { forecast_id: "net_arrr" });
  expect(result).toBeRefused("invalid_input");
  expect(result.answer.error).toMatchObject({
    configured: ["default", "renewals"],
    hint: expect.stringContaining("app.clari.com/forecast/"),
    vendor: { code: "no_such_forecast_config" },
  });
});

test("a forecast is asked for by its configured name", async () => {
  const { hub, clari } = await startClari();
  const another = await startAnother(
    { hub, clari },
    { config: { forecasts: { default: "renewals", arr: "net_arr" } } },
  );
  expect((await another.call("clari_get_forecast")).answer.forecastId).toBe("renewals");
  expect((await another.call("clari_get_forecast", { forecast_id: "arr" })).answer.forecastId).toBe(
    "net_arr",
  );
});

test("without any configured forecast the tool says where to find one", async () => {
  const { hub, clari } = await startClari();
  const another = await startAnother({ hub, clari }, { config: { forecasts: {} } });
  const result = await another.call("clari_get_forecast");
  expect(result).toBeRefused("invalid_input");
  expect(result.answer.error.hint).toContain("app.clari.com/forecast/");
  expect(clari.requests()).toEqual([]);
  expect((await another.call("clari_get_forecast", { forecast_id: "net_arr" })).answer.status).toBe("done");
});

test.each(["../../admin/limits", "a/b", "a%2fb", "net arr", "constructor", ""])(
  "%j is no forecast id and reaches no address",
  async (forecast_id) => {
    const { hub, clari } = await startClari();
    const result = await hub.call("clari_get_forecast", { forecast_id });
    expect(result).toBeRefused("invalid_input");
    expect(clari.requests().every(({ path }) => path === "/v4/export/forecast/constructor")).toBe(true);
  },
);

test("rows show everyone's entries of the latest week, a person in two roles under both", async () => {
  const { hub } = await startClari("live");
  const { company } = hub;
  const { answer } = await hub.call("clari_get_forecast", { view: "rows" });
  expect(answer.rows.total).toBeGreaterThan(200);
  let rows = records(answer.rows);
  for (let { cursor } = answer.rows; cursor; ) {
    const more = (await hub.call("hub_get_more", { cursor })).answer.rows;
    rows = [...rows, ...records(more)];
    cursor = more.cursor;
  }
  expect(rows.length).toBe(answer.rows.total);
  const person = company.people.find(({ id }) => id === company.stories.twoRoles)!;
  const commits = rows.filter(({ name, field }) => name === person.name && field === "Net Commit");
  expect(commits.map(({ role }) => role).sort()).toEqual([person.role!.name, person.secondRole!.name].sort());
  expect(new Set(rows.map(({ name, role, field }) => `${name} ${role} ${field}`)).size).toBe(rows.length);
});

test("a person in two roles counts once", async () => {
  const { hub } = await startClari();
  const { people } = (await hub.call("clari_get_forecast")).answer;
  const forecasting = hub.company.people.filter(
    ({ level, optedIn, isActive }) => level > 0 && optedIn && isActive,
  );
  expect(people).toBe(forecasting.length);
});

test("amounts come in the currency asked for, named once", async () => {
  const { hub } = await startClari();
  const dollars = (await hub.call("clari_get_forecast")).answer;
  const euros = (await hub.call("clari_get_forecast", { currency: "eur" })).answer;
  expect(euros.currency).toBe("EUR");
  expect(euros.totals.commit).toBeCloseTo(dollars.totals.commit * 0.92, 1);
});

test("a currency that Clari does not know, or that is none, is named as the fault", async () => {
  const { hub } = await startClari();
  const unknown = await hub.call("clari_get_forecast", { currency: "XTS" });
  expect(unknown).toBeRefused("invalid_input");
  expect(unknown.answer.error.message).toContain("currency");
  expect(await hub.call("clari_get_forecast", { currency: "euro" })).toBeRefused("invalid_input");
});

test("a scope that Clari shows nothing of is refused with what to do", async () => {
  const { hub } = await startClari();
  const result = await hub.call("clari_get_forecast", { scope_id: "9999::MGR" });
  expect(result).toBeRefused("vendor_rejected");
  expect(result.answer.error.vendor.code).toBe("no_optin");
  expect(result.answer.error.hint).toContain("opted in");
});

test("an export that Clari cut says that it is incomplete", async () => {
  const { hub, clari } = await startClari();
  clari.configure({ nextJob: "truncate" });
  const { answer } = await hub.call("clari_get_forecast", { view: "rows" });
  expect(answer.notices).toContainEqual(expect.stringContaining("incomplete"));
});

test("configured fields win over the ones that look right", async () => {
  const { hub, clari } = await startClari();
  const another = await startAnother(
    { hub, clari },
    { config: { fields: { commit: ["fc_net_best_case"] } } },
  );
  const { answer } = await another.call("clari_get_forecast");
  expect(answer.fields.commit).toBe("fc_net_best_case");
  expect(answer.totals.commit).toBe(answer.totals.bestCase);
});
