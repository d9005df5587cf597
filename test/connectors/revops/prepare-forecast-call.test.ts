import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";
import { startHubWithout } from "./hidden-field.ts";
import { witnessed } from "./witness.ts";

const prepare = async (hub: TestHub, input: Record<string, unknown> = {}) => {
  const { answer, isError } = await hub.call("revops_prepare_forecast_call", input);
  expect(isError, JSON.stringify(answer)).toBe(false);
  return {
    answer,
    weeks: records(answer.weeks),
    ask: answer.ask.columns ? records(answer.ask) : [],
    notices: (answer.notices ?? []).join(" ") as string,
  };
};

const personOf = ({ company }: TestHub, id: string) => company.people.find((one) => one.id === id)!;

/** That person and everybody below, by id. */
const teamOf = ({ company }: TestHub, id: string) => {
  const team = new Set([id]);
  for (const one of team)
    for (const { id: report, managerId } of company.people) if (managerId === one) team.add(report);
  return team;
};

/** What the CRM says of a team's quarter, in cents. */
const dealsOf = (hub: TestHub, team: ReadonlySet<string>) => {
  const { start, end } = hub.company.quarters[4]!;
  const own = hub.company.deals.filter(
    ({ closeDate, ownerId }) => closeDate >= start && closeDate <= end && team.has(ownerId),
  );
  const sum = (some: typeof own) =>
    some.reduce((cents, { amount }) => cents + Math.round((amount ?? 0) * 100), 0) / 100;
  return {
    won: sum(own.filter(({ stage }) => stage === "Closed Won")),
    open: sum(own.filter(({ stage }) => !stage.startsWith("Closed"))),
    commits: own.filter(({ stage }) => stage === "Commit"),
  };
};

const callsOf = ({ company }: TestHub, id: string) =>
  company.submissions.filter(
    ({ forecastId, quarterId, personId }) =>
      forecastId === "net_arr" && quarterId === "2026_Q4" && personId === id,
  );

const quotaOf = ({ company }: TestHub, id: string) =>
  company.quotas.find(
    ({ forecastId, quarterId, personId }) =>
      forecastId === "net_arr" && quarterId === "2026_Q4" && personId === id,
  )!.value;

test("without a name it is the call of who stands at the top", async () => {
  const hub = await startHub();
  const { answer, weeks, ask } = await prepare(hub);
  const { cro } = hub.company.stories;
  const [before, latest] = callsOf(hub, cro).slice(-2);
  const { won, open } = dealsOf(hub, teamOf(hub, cro));
  const quota = quotaOf(hub, cro);
  expect(answer).toMatchObject({
    quarter: "2026_Q4",
    week: "2026-11-16",
    who: { id: cro, name: personOf(hub, cro).name, role: personOf(hub, cro).role!.name },
    call: {
      currency: "USD",
      call: latest!.commit,
      lastWeek: before!.commit,
      change: latest!.commit - before!.commit,
      bestCase: latest!.bestCase,
      quota,
      closed: won,
      gap: Math.round((quota - won) * 100) / 100,
      openPipeline: open,
      coverage: Math.round((open / (quota - won)) * 100) / 100,
    },
  });
  expect(weeks.map(({ week, call }) => [week, call])).toEqual(
    callsOf(hub, cro).map(({ weekStart, commit }) => [weekStart, commit]),
  );
  expect(ask).toHaveLength(5);
  expect(answer.sources.map(({ system }: { system: string }) => system)).toEqual(["clari", "salesforce"]);
  expect(countTokens(JSON.stringify(answer))).toBeLessThanOrEqual(3_000);
});

test("a manager's call is about the manager's team alone", async () => {
  const hub = await startHub();
  const { manager } = hub.company.stories;
  const team = teamOf(hub, manager);
  const { answer, ask } = await prepare(hub, { manager });
  const { won, open, commits } = dealsOf(hub, team);
  expect(answer.call).toMatchObject({ closed: won, openPipeline: open, quota: quotaOf(hub, manager) });
  const ids = new Set(commits.map(({ id }) => id));
  expect(ask.length).toBeGreaterThan(0);
  expect(ask.every(({ id }) => ids.has(String(id)))).toBe(true);

  const start = Date.parse("2026-11-16T00:00:00Z");
  const { opening, closing, ...steps } = witnessed(hub.company, start, hub.clock.now(), ({ ownerId }) =>
    team.has(ownerId),
  );
  expect(answer.moved).toMatchObject({
    since: "2026-11-16",
    until: "2026-11-21",
    opening: opening!.amount,
    closing: closing!.amount,
    net: Math.round((closing!.amount - opening!.amount) * 100) / 100,
  });
  const told = answer.moved.steps.map(({ step, ...rest }: { step: string }) => [step, rest]);
  expect(Object.fromEntries(told)).toEqual(steps);
});

test("the deals to ask about are the largest at risk, each with a question made of its own facts", async () => {
  const hub = await startHub();
  const { ask, answer } = await prepare(hub);
  const amounts = ask.map(({ amount }) => Number(amount));
  expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
  const { answer: review } = await hub.call("revops_review_commits", { limit: 50 });
  const risky = records(review.deals).filter(({ reasons }) => reasons && reasons !== "unknown_to_forecast");
  expect(ask.map(({ id }) => id)).toEqual(risky.slice(0, 5).map(({ id }) => id));
  for (const { id, question, evidence, name } of ask) {
    expect(question).toMatch(/\?$/);
    expect(evidence).toBe(risky.find((deal) => deal.id === id)!.evidence);
    expect(question).not.toContain(String(name).split(" ")[0]);
  }
  const cut = ask.find(({ id }) => id === hub.company.stories.amountCut);
  expect(cut?.question).toContain(`cut to ${Number(cut?.amount).toLocaleString("en-US")}:`);
  expect(answer.link).toContain("{id}");
});

describe("who is meant", () => {
  test("part of a name in any case, the whole name, the CRM's id, and both as lists offer them mean the same", async () => {
    const hub = await startHub();
    const { id, name, lastName } = personOf(hub, hub.company.stories.manager);
    for (const manager of [lastName.toUpperCase(), name, ` ${id} `, id.slice(0, 15), `${name} (${id})`])
      expect((await prepare(hub, { manager })).answer.who).toMatchObject({ id, name });
  });

  test("nobody, or more than one, is refused", async () => {
    const hub = await startHub();
    expect(await hub.call("revops_prepare_forecast_call", { manager: "Nobody Here" })).toBeRefused(
      "not_found",
    );
    const several = await hub.call("revops_prepare_forecast_call", { manager: "a" });
    expect(several).toBeRefused("invalid_input");
    expect(several.answer.error.ids.length).toBeGreaterThan(1);
  });

  test("an integration's user above everybody calls nothing, and is not the top", async () => {
    const hub = await startHub();
    hub.sandbox("clari").configure({ integrationUser: "above" });
    expect((await prepare(hub)).answer.who.id).toBe(hub.company.stories.cro);
  });

  test("of somebody whom the CRM does not know, what was won is as Clari has it, and not nothing", async () => {
    const hub = await startHub();
    const { submissions, quotas, adjustments, stories } = hub.company;
    const own = callsOf(hub, stories.disagreeingOwner).at(-1)!;
    const person = personOf(hub, stories.disagreeingOwner);
    for (const one of [...submissions, ...quotas, ...adjustments])
      if (one.personId === person.id) Object.assign(one, { personId: "guest" });
    Object.assign(person, { id: "guest", name: "Guest of Clari" });
    const { answer, notices } = await prepare(hub, { manager: "Guest of Clari" });
    expect(answer.who).toEqual({ name: "Guest of Clari", id: null, role: person.role!.name });
    expect(answer.call).toMatchObject({
      call: own.commit,
      closed: own.crmClosed,
      openPipeline: own.crmPipeline,
    });
    expect(answer.moved).toBeUndefined();
    expect(notices).toContain("The CRM does not know this person");
  });

  test("calls in two roles are one person's", async () => {
    const hub = await startHub();
    const { twoRoles } = hub.company.stories;
    const { answer } = await prepare(hub, { manager: twoRoles });
    const latest = callsOf(hub, twoRoles).filter(({ weekStart }) => weekStart === "2026-11-16");
    expect(latest).toHaveLength(2);
    expect(answer.call.call).toBe(latest.reduce((sum, { commit }) => sum + commit, 0));
    expect(answer.who.role ?? null).toBeNull();
  });

  test("what a manager expects instead is shown beside the call", async () => {
    const hub = await startHub();
    const adjusted = hub.company.adjustments.find(
      ({ forecastId, quarterId, weekStart }) =>
        forecastId === "net_arr" && quarterId === "2026_Q4" && weekStart === "2026-11-16",
    )!;
    const { answer } = await prepare(hub, { manager: adjusted.personId });
    expect(answer.call.adjusted).toBe(adjusted.value);
  });
});

test.each([
  ["monday", "2026-11-22", "2026-11-23"],
  ["wednesday", "2026-11-24", "2026-11-25"],
] as const)(
  "before anybody has called for a week that begins on %s, the answer says whose call it shows",
  async (weekStart, last, first) => {
    const connectors = { clari: {}, salesforce: {}, revops: { config: { weekStart } } };
    const hub = await startHub({ connectors });
    const asked = async (day: string) => {
      hub.clock.set(Date.parse(`${day}T09:00:00Z`));
      const { answer, notices } = await prepare(hub);
      return [answer.week, /no call of this week yet: call is that of 2026-11-16/.test(notices)];
    };
    expect(await asked(last)).toEqual(["2026-11-16", false]);
    expect(await asked(first)).toEqual(["2026-11-16", true]);
  },
);

test("the last call was on the configured day, where the company is", async () => {
  const connectors = {
    clari: {},
    salesforce: { config: { currency: "USD" } },
    revops: { config: { timeZone: "America/Los_Angeles", callDay: "friday" as const } },
  };
  const hub = await startHub({ connectors });
  // Still Friday there: the call of today has not been.
  hub.clock.set(Date.parse("2026-11-21T07:30:00Z"));
  expect((await prepare(hub)).answer.moved).toMatchObject({ since: "2026-11-13", until: "2026-11-20" });
  hub.clock.set(Date.parse("2026-11-21T09:00:00Z"));
  expect((await prepare(hub)).answer.moved).toMatchObject({ since: "2026-11-20", until: "2026-11-21" });
});

describe("a system that is missing makes a partial answer", () => {
  const export_ = { scheduled: 0, started: 10 * 60_000 };

  test("while the export runs, the numbers of the call are missing, and the notice says to ask again", async () => {
    const hub = await startHub();
    hub.sandbox("clari").configure({ jobDurationMs: export_ });
    const { answer, ask, notices } = await prepare(hub);
    const { won, open } = dealsOf(hub, new Set(hub.company.people.map(({ id }) => id)));
    expect(answer.call).toMatchObject({
      call: null,
      quota: null,
      gap: null,
      closed: won,
      openPipeline: open,
    });
    expect(answer.weeks.total).toBe(0);
    expect(answer.who.name).toBe("everyone");
    expect(answer.moved.closing).toBe(open);
    expect(ask).toHaveLength(5);
    expect(notices).toMatch(/without clari: the calls\. .*Ask again in a minute/);

    hub.clock.advance(10 * 60_000);
    expect((await prepare(hub)).answer.who.id).toBe(hub.company.stories.cro);
  });

  test("while the export runs, a manager's team is who reports to them in the CRM", async () => {
    const hub = await startHub();
    hub.sandbox("clari").configure({ jobDurationMs: export_ });
    const { manager } = hub.company.stories;
    const { answer } = await prepare(hub, { manager });
    expect(answer.call).toMatchObject({ openPipeline: dealsOf(hub, teamOf(hub, manager)).open, call: null });
    expect(answer.who).toMatchObject({ id: manager, name: personOf(hub, manager).name });
  });

  test("without the forecasting system there is what the CRM knows", async () => {
    const hub = await startHub();
    hub.sandbox("clari").fault({ status: 503, body: "{}" });
    const { answer, ask } = await prepare(hub);
    expect(answer.call.openPipeline).toBeGreaterThan(0);
    expect(answer.moved).toBeUndefined();
    expect(ask.length).toBeGreaterThan(0);
    const told = answer.notices.filter((notice: string) => notice.includes("without clari"));
    expect(told).toEqual([
      expect.stringMatching(
        /: the calls; what moved since the last call; scores, .*fewer deals count as at risk\. /,
      ),
    ]);
  });

  test("without the CRM there are the calls, and what was won as the forecasting system saw it", async () => {
    const hub = await startHub();
    hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
    const { answer, ask, notices } = await prepare(hub);
    const latest = callsOf(hub, hub.company.stories.cro).at(-1)!;
    expect(answer.call).toMatchObject({
      call: latest.commit,
      closed: latest.crmClosed,
      openPipeline: latest.crmPipeline,
    });
    expect(answer.moved).toBeUndefined();
    expect(ask).toEqual([]);
    expect(notices).toMatch(/without salesforce: what moved and whom to ask about/);
  });

  test("killed is missing too; without both there is nothing to say", async () => {
    const hub = await startHub();
    await hub.built.trail.kill("clari", true, "admin");
    const { notices } = await prepare(hub);
    expect(notices).toMatch(/kill switch/);
    expect(hub.sandbox("clari").requests()).toEqual([]);
    await hub.built.trail.kill("salesforce", true, "admin");
    expect(await hub.call("revops_prepare_forecast_call")).toBeRefused("killed");
  });
});

test("amounts that may not be read are no zeros", async () => {
  const hub = await startHubWithout("Opportunity.Amount");
  const { answer, notices } = await prepare(hub);
  const latest = callsOf(hub, hub.company.stories.cro).at(-1)!;
  expect(answer.call).toMatchObject({ closed: latest.crmClosed, openPipeline: latest.crmPipeline });
  expect(answer.moved).toBeUndefined();
  expect(notices).toMatch(/amounts cannot be read/);
});

test("where the CRM names no currency, deals are in that of the calls", async () => {
  const hub = await startHub({ connectors: { clari: {}, revops: {}, salesforce: {} } });
  const { answer, ask, notices } = await prepare(hub);
  const { won, open } = dealsOf(hub, teamOf(hub, hub.company.stories.cro));
  expect(answer.call).toMatchObject({ currency: "USD", closed: won, openPipeline: open });
  expect(answer.moved.closing).toBe(open);
  expect(ask).toHaveLength(5);
  expect(notices).toMatch(/does not say in which currency/);
});

test("progress is told, and a dry run shows every request once and sends none", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_prepare_forecast_call", { dry_run: true });
  const { requests } = answer.dry_run as { requests: { system: string; method: string; url: string }[] };
  expect(new Set(requests.map(({ system }) => system))).toEqual(new Set(["clari", "salesforce"]));
  expect(new Set(requests.map((one) => JSON.stringify(one))).size).toBe(requests.length);
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
  expect(hub.sandbox("clari").requests()).toEqual([]);

  const told: string[] = [];
  await hub.call(
    "revops_prepare_forecast_call",
    {},
    { onprogress: ({ message }) => told.push(message ?? "") },
  );
  expect(told.join(" ")).toMatch(
    /reading calls, deals and what changed.*reading risk and meetings of \d+ Commit deals/,
  );
});
