import { describe, expect, test } from "vitest";
import type { Adjustment, Company, Person } from "#sandbox/company/types.ts";
import { type Clari, type Entry, type ForecastResult, openSandbox, personOf } from "./open-sandbox.ts";

const ALL_TYPES = ["forecast", "forecast_updated", "quota", "adjustment", "crm_total", "crm_closed"];
const THIS_WEEK = "2026-11-16";

const entriesOf = (result: ForecastResult, person: Person): readonly Entry[] =>
  result.entries.filter(({ userId }) => userId === `${person.clariId}:${person.role!.id}`);

const submissionOf = ({ submissions }: Company, person: Person, weekStart = THIS_WEEK) =>
  submissions.find(
    (one) =>
      one.forecastId === "net_arr" &&
      one.personId === person.id &&
      one.weekStart === weekStart &&
      one.quarterId === "2026_Q4",
  )!;

const namesOf = (result: ForecastResult) => new Set(result.users.map(({ name }) => name));

const reportsOf = ({ people }: Company, manager: Person): Person[] => {
  const direct = people.filter(({ managerId }) => managerId === manager.id);
  return direct.flatMap((person) => [person, ...reportsOf({ people } as Company, person)]);
};

describe("a forecast export", () => {
  test("says what everybody called, as the company data has it", async () => {
    const { exported, company } = await openSandbox();
    const owner = personOf(company, company.stories.disagreeingOwner);
    const submission = submissionOf(company, owner);
    const quota = company.quotas.find(
      (one) => one.personId === owner.id && one.quarterId === "2026_Q4" && one.forecastId === "net_arr",
    )!;
    const adjustment = company.adjustments.find(
      (one) => one.personId === owner.id && one.weekStart === THIS_WEEK,
    );
    const result = await exported({ typesToExport: ALL_TYPES });

    const keys = (fieldId: string) => ({
      userId: `${owner.clariId}:${owner.role!.id}`,
      fieldId,
      timePeriodId: "2026_Q4",
      timeFrameId: "TF:2026-11-16",
      currency: { code: "USD", symbol: "$" },
    });
    const updated = submission.isUpdated
      ? { isUpdated: true, updatedBy: String(owner.clariId), updatedOn: submission.updatedAt }
      : { isUpdated: false };
    const adjusted = adjustment && {
      adjustmentValue: adjustment.value,
      adjustedBy: String(personOf(company, adjustment.byId).clariId),
      adjustedOn: adjustment.at,
    };
    expect(entriesOf(result, owner)).toEqual([
      { ...keys("fc_net_commit"), forecastValue: submission.commit, ...adjusted, ...updated },
      { ...keys("fc_net_best_case"), forecastValue: submission.bestCase, ...updated },
      { ...keys("quota"), quotaValue: quota.value },
      { ...keys("crm_pipeline"), aggregationTotal: submission.crmPipeline },
      { ...keys("crm_closed"), aggregationClosed: submission.crmClosed },
    ]);
  });

  test("describes its people, fields, period and week", async () => {
    const { exported, company } = await openSandbox();
    const rep = company.people.find(({ clariId }) => clariId === 3003)!;
    const cro = personOf(company, company.stories.cro);
    const result = await exported({ typesToExport: ALL_TYPES });
    expect(result.users).toContainEqual({
      userId: `3003:${rep.role!.id}`,
      name: rep.name,
      email: rep.email,
      crmId: rep.id,
      scopeId: { type: "FORECAST_ROLE", userId: 3003, userType: "REP" },
      hierarchyId: rep.role!.id,
      hierarchyName: rep.role!.name,
      parentHierarchyId: rep.role!.parentId,
      parentHierarchyName: rep.role!.parentName,
    });
    expect(result.users).toContainEqual({
      userId: `${cro.clariId}:${cro.role!.id}`,
      name: cro.name,
      email: cro.email,
      crmId: cro.id,
      scopeId: { type: "FORECAST_ROLE", userId: cro.clariId, userType: "MGR" },
      hierarchyId: cro.role!.id,
      hierarchyName: cro.role!.name,
    });
    expect(result.fields).toEqual([
      { fieldId: "fc_net_commit", fieldName: "Net Commit", fieldType: "FORECAST" },
      { fieldId: "fc_net_best_case", fieldName: "Net Best Case", fieldType: "FORECAST" },
      { fieldId: "quota", fieldName: "Quota", fieldType: "QUOTA" },
      { fieldId: "crm_pipeline", fieldName: "Pipeline", fieldType: "AGGREGATION" },
      { fieldId: "crm_closed", fieldName: "Closed", fieldType: "AGGREGATION" },
    ]);
    expect(result.timePeriods).toEqual([
      {
        timePeriodId: "2026_Q4",
        type: "QUARTER",
        label: "Q4",
        year: "2026",
        startDate: "2026-10-01",
        endDate: "2026-12-31",
        crmId: expect.stringMatching(/^026[a-zA-Z0-9]{15}$/),
      },
    ]);
    expect(result.timeFrames).toEqual([
      { timeFrameId: "TF:2026-11-16", startDate: "2026-11-16", endDate: "2026-11-22" },
    ]);
  });

  const KEYS = ["userId", "fieldId", "timePeriodId", "timeFrameId", "currency"];
  test.each<[string, string[] | undefined, string[], string[]]>([
    [
      "forecast and its updates by default",
      undefined,
      ["forecastValue", "isUpdated", "updatedBy", "updatedOn"],
      ["fc_net_commit", "fc_net_best_case"],
    ],
    ["forecast alone", ["forecast"], ["forecastValue"], ["fc_net_commit", "fc_net_best_case"]],
    [
      "updates alone",
      ["forecast_updated"],
      ["isUpdated", "updatedBy", "updatedOn"],
      ["fc_net_commit", "fc_net_best_case"],
    ],
    ["quota alone", ["quota"], ["quotaValue"], ["quota"]],
    ["adjustments alone", ["adjustment"], ["adjustmentValue", "adjustedBy", "adjustedOn"], ["fc_net_commit"]],
    ["CRM totals alone", ["crm_total"], ["aggregationTotal"], ["crm_pipeline"]],
    ["CRM closed alone", ["crm_closed"], ["aggregationClosed"], ["crm_closed"]],
  ])("holds %s, and no key or field beyond", async (_, typesToExport, values, fields) => {
    const { exported } = await openSandbox();
    const result = await exported({ includeHistorical: true, ...(typesToExport && { typesToExport }) });
    const keys = new Set(result.entries.flatMap((entry) => Object.keys(entry)));
    expect([...keys].sort()).toEqual([...KEYS, ...values].sort());
    expect(new Set(result.entries.map(({ fieldId }) => fieldId))).toEqual(new Set(fields));
    expect(result.fields.map(({ fieldId }) => fieldId)).toEqual(fields);
    expect(result.entries.flatMap((entry) => Object.values(entry))).not.toContain(null);
  });

  test.each(["Q2-2026", "2031_Q1", "2027_Q1", "2026-Q2", "", "2026_q2"])(
    "answers for the current quarter when asked for %j, without a word",
    async (timePeriod) => {
      const { exported } = await openSandbox();
      const result = await exported({ timePeriod });
      expect(result.timePeriods.map(({ timePeriodId }) => timePeriodId)).toEqual(["2026_Q4"]);
      expect(new Set(result.entries.map((entry) => entry.timePeriodId))).toEqual(new Set(["2026_Q4"]));
    },
  );

  test("answers for a past quarter with its last week", async () => {
    const { exported } = await openSandbox();
    const result = await exported({ timePeriod: "2026_Q2" });
    expect(result.timePeriods.map(({ timePeriodId }) => timePeriodId)).toEqual(["2026_Q2"]);
    expect(result.timeFrames.map(({ timeFrameId }) => timeFrameId)).toEqual(["TF:2026-06-29"]);
    expect(result.entries.length).toBeGreaterThan(0);
  });

  test("gives every week from the quarter's first when asked for history, in no order", async () => {
    const { exported, company } = await openSandbox();
    const result = await exported({ includeHistorical: true });
    const weeks = result.timeFrames.map(({ startDate }) => startDate);
    const begun = company.quarters[4]!.weeks.map(({ start }) => start).filter(
      (start) => start <= "2026-11-21",
    );
    expect(weeks.toSorted()).toEqual(begun);
    expect(weeks).not.toEqual(begun);
    expect(begun[0]).toBe("2026-09-28");

    const frames = result.entries.map(({ timeFrameId }) => timeFrameId);
    expect(new Set(frames)).toEqual(new Set(begun.map((week) => `TF:${week}`)));
    expect(frames).not.toEqual(frames.toSorted());
    expect(await exported({ includeHistorical: true })).toEqual(result);
  });

  test("knows nothing of weeks that have not begun", async () => {
    const { exported, clock } = await openSandbox();
    clock.set(Date.parse("2026-10-10T09:00:00Z"));
    const { timeFrames } = await exported({ includeHistorical: true });
    expect(timeFrames.map(({ startDate }) => startDate).toSorted()).toEqual(["2026-09-28", "2026-10-05"]);
  });

  test("leaves out those who opted out or left, in past quarters too", async () => {
    const { exported, company } = await openSandbox();
    const gone = company.people.filter(({ optedIn, isActive, role }) => role && !(optedIn && isActive));
    expect(gone.map(({ id }) => id)).toContain(company.stories.optedOut);
    for (const timePeriod of ["2025_Q4", "2026_Q4"]) {
      const result = await exported({ timePeriod, includeHistorical: true });
      expect(result.timePeriods[0]?.timePeriodId).toBe(timePeriod);
      for (const person of gone) {
        expect(company.submissions.some((one) => one.personId === person.id)).toBe(true);
        expect(result.users.some(({ crmId }) => crmId === person.id)).toBe(false);
        expect(result.entries.some(({ userId }) => userId.startsWith(`${person.clariId}:`))).toBe(false);
      }
    }
  });

  test("has two users for the person with two roles", async () => {
    const { exported, company } = await openSandbox();
    const person = personOf(company, company.stories.twoRoles);
    const result = await exported();
    const users = result.users.filter(({ crmId }) => crmId === person.id);
    expect(users.map(({ userId }) => userId)).toEqual([
      `${person.clariId}:${person.role!.id}`,
      `${person.clariId}:${person.secondRole!.id}`,
    ]);
    for (const { userId } of users)
      expect(result.entries.filter((entry) => entry.userId === userId)).toHaveLength(2);
  });

  test("shows an adjustment in the person's first role only", async () => {
    const { exported, company } = await openSandbox();
    const person = personOf(company, company.stories.twoRoles);
    (company.adjustments as Adjustment[]).push({
      forecastId: "net_arr",
      personId: person.id,
      byId: company.stories.cro,
      quarterId: "2026_Q4",
      weekStart: THIS_WEEK,
      value: 1000,
      at: company.madeAt,
    });
    const { entries } = await exported({ typesToExport: ["adjustment"] });
    const own = entries.filter(({ userId }) => userId.startsWith(`${person.clariId}:`));
    expect(own.map(({ userId }) => userId)).toEqual([`${person.clariId}:${person.role!.id}`]);
  });

  test("converts to the currency asked for", async () => {
    const { exported, company } = await openSandbox();
    const cro = personOf(company, company.stories.cro);
    const { commit } = submissionOf(company, cro);
    const first = async (currency: string) => entriesOf(await exported({ currency }), cro)[0];
    expect(await first("EUR")).toMatchObject({
      forecastValue: Math.round(commit * 92) / 100,
      currency: { code: "EUR", symbol: "€" },
    });
    expect(await first("GBP")).toMatchObject({
      forecastValue: Math.round(commit * 79) / 100,
      currency: { code: "GBP", symbol: "£" },
    });
  });

  test("takes its parameters from the query too, where the body does not name them", async () => {
    const { ask, clock } = await openSandbox();
    const submitted = await ask(
      "/v4/export/forecast/renewals?timePeriod=2026_Q1&typesToExport=quota&typesToExport=forecast&includeHistorical=true",
      { method: "POST", body: { timePeriod: "2026_Q2" } },
    );
    clock.advance(5000);
    const { body } = await ask(`/v4/export/jobs/${submitted.body.jobId}/results`);
    expect(body.timePeriods[0].timePeriodId).toBe("2026_Q2");
    expect(body.timeFrames.length).toBeGreaterThan(10);
    expect(body.fields.map((field: { fieldId: string }) => field.fieldId)).toContain("quota");
  });

  test("is what it was when it was made, whatever changes after", async () => {
    const { submit, ask, clock } = await openSandbox();
    const jobId = await submit();
    clock.advance(14 * 86_400_000);
    const { body } = await ask(`/v4/export/jobs/${jobId}/results`);
    expect(body.timeFrames[0].timeFrameId).toBe("TF:2026-11-16");
  });
});

describe("the scope of an export", () => {
  test("is everybody for the admin", async () => {
    const { exported, company } = await openSandbox();
    const everybody = company.people.filter(({ role, optedIn, isActive }) => role && optedIn && isActive);
    expect(namesOf(await exported())).toEqual(new Set(everybody.map(({ name }) => name)));
  });

  test("is one's own numbers for an account executive", async () => {
    const { exported, company } = await openSandbox();
    const rep = company.people.find(({ clariId }) => clariId === 3003)!;
    const result = await exported({}, { token: "sandbox-rep" });
    expect(namesOf(result)).toEqual(new Set([rep.name]));
    expect(result.entries).toHaveLength(2);
  });

  test("is a manager's team, the manager included, and nobody else", async () => {
    const { exported, company } = await openSandbox();
    const manager = personOf(company, company.stories.manager);
    const team = reportsOf(company, manager).filter(({ optedIn, isActive }) => optedIn && isActive);
    const result = await exported({ scopeId: `${manager.clariId}::MGR` });
    expect(namesOf(result)).toEqual(new Set([manager, ...team].map(({ name }) => name)));
    expect(team.length).toBeGreaterThan(2);
  });

  test("reaches a team down through several levels", async () => {
    const { exported, company } = await openSandbox();
    const vp = company.people.find(({ level }) => level === 2)!;
    const below = reportsOf(company, vp).filter(({ optedIn, isActive }) => optedIn && isActive);
    expect(below.some(({ level }) => level === 4)).toBe(true);
    expect(namesOf(await exported({ scopeId: `${vp.clariId}::MGR` }))).toEqual(
      new Set([vp, ...below].map(({ name }) => name)),
    );
  });

  test("holds a second role under its own manager only", async () => {
    const { exported, company } = await openSandbox();
    const person = personOf(company, company.stories.twoRoles);
    const second = company.people.find(({ role }) => role?.id === person.secondRole!.parentId)!;
    const result = await exported({ scopeId: `${second.clariId}::MGR` });
    expect(
      result.users.flatMap(({ crmId, hierarchyId }) => (crmId === person.id ? [hierarchyId] : [])),
    ).toEqual([person.secondRole!.id]);
  });
});

describe("an export as CSV", () => {
  const exportedCsv = async ({ ask, submit, clock }: Clari, body: object, forecastId = "net_arr") => {
    const jobId = await submit({ ...body, exportFormat: "CSV" }, { forecastId });
    clock.advance(5000);
    return ask(`/v4/export/jobs/${jobId}/results`);
  };

  test("has one line for each value", async () => {
    const clari = await openSandbox();
    const rep = clari.company.people.find(({ clariId }) => clariId === 3003)!;
    const { commit, bestCase, isUpdated, crmPipeline } = submissionOf(clari.company, rep);
    const answer = await exportedCsv(clari, {
      scopeId: "3003::REP",
      typesToExport: ["forecast", "forecast_updated", "crm_total"],
    });
    const role = rep.role!;
    const line = (field: string, type: string, value: string) =>
      `${rep.name},${rep.email},${rep.id},${role.name},${role.parentName},Q4 FY 2026,${field},7,11/16/2026,11/22/2026,${type},${value}`;
    const dollars = (value: number) => {
      const text = value.toLocaleString("en-US", { style: "currency", currency: "USD" });
      return text.includes(",") ? `"${text}"` : text;
    };
    const updated = isUpdated ? "Yes" : "No";
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.text.trimEnd().split("\n")).toEqual([
      "User,Email,CRM User ID,Role,Parent Role,Timeframe,Field,Week,Start Day,End Day,Data Type,Data Value",
      line("Net Commit", "Forecast Value", dollars(commit)),
      line("Net Commit", "Forecast Updated", updated),
      line("Net Best Case", "Forecast Value", dollars(bestCase)),
      line("Net Best Case", "Forecast Updated", updated),
      line("Pipeline", "CRM Total", dollars(crmPipeline)),
    ]);
  });

  test("names months where the tab is monthly", async () => {
    const { text } = await exportedCsv(
      await openSandbox(),
      { includeHistorical: true, scopeId: "3003::REP", typesToExport: ["forecast"] },
      "net_arr_monthly",
    );
    const lines = text.trimEnd().split("\n").slice(1);
    expect(new Set(lines.map((line) => line.split(",")[5]))).toEqual(
      new Set(["October FY 2026", "November FY 2026"]),
    );
  });
});

describe("the synchronous forecast", () => {
  test("is the export's file at once, without a job", async () => {
    const { ask, exported } = await openSandbox();
    const query = ALL_TYPES.map((type) => `typesToExport=${type}`).join("&");
    const { body } = await ask(
      `/v4/forecast/net_arr?timePeriod=2026_Q3&scopeId=3002::MGR&currency=EUR&${query}`,
    );
    expect((await ask("/v4/export/jobs")).body).toEqual([]);
    expect(body).toEqual(
      await exported({
        timePeriod: "2026_Q3",
        scopeId: "3002::MGR",
        currency: "EUR",
        typesToExport: ALL_TYPES,
      }),
    );
  });

  test("is gone from the specification, and takes CRM types where exports do not", async () => {
    const { ask, server } = await openSandbox({ dialect: "spec" });
    const path = "/v4/forecast/net_arr?typesToExport=crm_total";
    expect((await ask(path)).status).toBe(404);
    server.configure({ legacyForecastGet: true });
    expect((await ask(path)).body.fields).toHaveLength(1);
  });
});

describe("a result as big as a large organisation's", () => {
  test.each(["JSON", "CSV"])("is streamed as %s, with the same numbers in it", async (exportFormat) => {
    const { ask, server } = await openSandbox();
    const path = `/v4/forecast/net_arr?exportFormat=${exportFormat}`;
    const plain = await ask(path);
    server.configure({ padEntriesTo: 3_000_000 });
    const big = await ask(path);
    expect(big.headers.get("content-length")).toBeNull();
    expect(big.text.length).toBeGreaterThan(2_500_000);
    if (exportFormat === "CSV") {
      expect(big.text.startsWith(plain.text)).toBe(true);
      return;
    }
    const { entries, fields, ...rest } = big.body;
    const { entries: ownEntries, fields: ownFields, ...ownRest } = plain.body;
    expect(big.text.length).toBeGreaterThan(3_000_000);
    expect(rest).toEqual(ownRest);
    expect(entries.slice(0, ownEntries.length)).toEqual(ownEntries);
    expect(entries.slice(ownEntries.length).every((entry: Entry) => entry.forecastValue === 0)).toBe(true);
    const keys = entries.map(
      ({ userId, fieldId, timeFrameId }: Entry) => `${userId} ${fieldId} ${timeFrameId}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    const known = new Set(fields.map(({ fieldId }: { fieldId: string }) => fieldId));
    expect(known.size).toBeGreaterThan(ownFields.length);
    expect(entries.every((entry: Entry) => known.has(entry.fieldId))).toBe(true);
  });
});
