import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";
import { startHubWithout } from "./hidden-field.ts";

type Row = Record<string, unknown> & { id: string; name: string; percent: number };

const compare = async (hub: TestHub, input: Record<string, unknown> = {}) => {
  const { answer, isError } = await hub.call("revops_compare_forecast", { limit: 200, ...input });
  expect(isError, JSON.stringify(answer)).toBe(false);
  const rows = (name: string) => (answer[name].columns ? records(answer[name]) : []) as Row[];
  return {
    answer,
    people: rows("people"),
    deals: rows("deals"),
    accuracy: rows("accuracy"),
    notices: (answer.notices ?? []).join(" ") as string,
  };
};

const cents = (amounts: readonly (number | null)[]) =>
  amounts.reduce<number>((sum, amount) => sum + Math.round((amount ?? 0) * 100), 0) / 100;

/** What the CRM of the made-up company says of one person's deals in a quarter. */
const crmOf = ({ company }: TestHub, ownerId: string, quarter = 4) => {
  const { start, end } = company.quarters[quarter]!;
  const own = company.deals.filter(
    (deal) => deal.ownerId === ownerId && deal.closeDate >= start && deal.closeDate <= end,
  );
  return {
    closed: cents(own.filter(({ stage }) => stage === "Closed Won").map(({ amount }) => amount)),
    commit: cents(own.filter(({ stage }) => stage === "Commit").map(({ amount }) => amount)),
  };
};

const callOf = ({ company }: TestHub, personId: string, quarterId = "2026_Q4", weekStart = "2026-11-16") =>
  cents(
    company.submissions
      .filter(
        (one) =>
          one.forecastId === "net_arr" &&
          one.personId === personId &&
          one.quarterId === quarterId &&
          one.weekStart === weekStart,
      )
      .map(({ commit }) => commit),
  );

test("who calls otherwise than the CRM says is found, with the deals that may explain it", async () => {
  const hub = await startHub();
  const { answer, people, deals } = await compare(hub);
  const { disagreeingOwner } = hub.company.stories;
  const { closed, commit } = crmOf(hub, disagreeingOwner);
  const call = callOf(hub, disagreeingOwner);
  const difference = cents([call, -closed, -commit]);
  expect(people[0]).toMatchObject({
    id: disagreeingOwner,
    call,
    closed,
    commit,
    difference,
    percent: Math.round((difference / (closed + commit)) * 1000) / 10,
    disagrees: true,
  });
  expect(answer).toMatchObject({ quarter: "2026_Q4", above: 10 });
  expect(people.filter(({ disagrees }) => disagrees).map(({ id }) => id)).toEqual([disagreeingOwner]);
  expect(answer.totals).toEqual([
    {
      currency: "USD",
      people: people.length,
      compared: people.filter((one) => one.call !== null).length,
      disagreeing: 1,
    },
  ]);

  const explaining = deals.filter(({ person }) => person === people[0]!.name);
  expect(explaining.length).toBeGreaterThan(0);
  for (const { id, may, amount } of explaining) {
    const deal = hub.company.deals.find((one) => one.id === id)!;
    expect(deal).toMatchObject({ ownerId: disagreeingOwner, amount });
    expect(may).toBe("may_be_counted");
    expect(["Commit", "Closed Won", "Closed Lost"]).not.toContain(deal.stage);
  }
});

test("every owner's call stands beside what the CRM has of that owner", async () => {
  const hub = await startHub();
  const { people } = await compare(hub);
  expect(people.length).toBeGreaterThan(20);
  for (const { id, closed, commit, call } of people) {
    expect({ id, closed, commit }).toEqual({ id, ...crmOf(hub, id) });
    if (call !== null) expect(call).toBe(callOf(hub, id));
  }
  const known = new Set(hub.company.people.filter(({ level }) => level < 4).map(({ id }) => id));
  expect(people.some(({ id }) => known.has(id))).toBe(false);
});

test("an assistant who neither forecasts nor owns deals makes nobody a manager", async () => {
  const hub = await startHub();
  const { disagreeingOwner } = hub.company.stories;
  const idle = hub.company.people.find(
    ({ id, role }) => role === null && !hub.company.deals.some(({ ownerId }) => ownerId === id),
  )!;
  Object.assign(idle, { managerId: disagreeingOwner });
  expect((await compare(hub)).people.map(({ id }) => id)).toContain(disagreeingOwner);
  expect((await compare(hub, { by: "manager" })).people.map(({ id }) => id)).not.toContain(disagreeingOwner);
});

test("by manager it is the whole team", async () => {
  const hub = await startHub();
  const { people } = await compare(hub, { by: "manager" });
  const { cro, manager } = hub.company.stories;
  const managers = new Set(
    hub.company.people.filter(({ level }) => level > 0 && level < 4).map(({ id }) => id),
  );
  expect(new Set(people.map(({ id }) => id))).toEqual(managers);
  const team = hub.company.people.filter(({ managerId }) => managerId === manager);
  const own = [manager, ...team.map(({ id }) => id)].map((id) => crmOf(hub, id));
  expect(people.find(({ id }) => id === manager)).toMatchObject({
    call: callOf(hub, manager),
    closed: cents(own.map(({ closed }) => closed)),
    commit: cents(own.map(({ commit }) => commit)),
  });
  expect(people.find(({ id }) => id === cro)!.call).toBe(callOf(hub, cro));
});

test("a call below what the CRM has is explained by Commit deals, then by won ones", async () => {
  const hub = await startHub();
  const deal = hub.company.deals.find(({ id }) => id === hub.company.stories.healthy)!;
  Object.assign(deal, { amount: 5_000_000 });
  const { people, deals } = await compare(hub);
  expect(people[0]).toMatchObject({ id: deal.ownerId, disagrees: true });
  expect(deals.find(({ id }) => id === deal.id)).toMatchObject({
    may: "commit_left_out",
    person: people[0]!.name,
  });

  Object.assign(deal, { stage: "Closed Won" });
  const again = await compare(hub);
  expect(again.deals.find(({ id }) => id === deal.id)).toMatchObject({ may: "won_left_out" });
});

test("the threshold is the company's", async () => {
  const connectors = {
    clari: {},
    salesforce: { config: { currency: "USD" } },
    revops: { config: { differenceAbove: 90 } },
  };
  const hub = await startHub({ connectors });
  const { answer, people, deals } = await compare(hub);
  expect(answer.above).toBe(90);
  expect(people.filter(({ disagrees }) => disagrees)).toEqual([]);
  expect(deals).toEqual([]);
});

describe("past calls", () => {
  const at = (day: string) => Date.parse(`${day}T09:00:00Z`);

  test("as kept in the middle and at the end of the quarter, beside what was won in it", async () => {
    const hub = await startHub();
    for (const day of ["2026-08-12", "2026-08-19", "2026-09-29"]) {
      hub.clock.set(at(day));
      await compare(hub);
    }
    hub.clock.set(at("2026-11-21"));
    const { accuracy, notices } = await compare(hub);
    expect(new Set(accuracy.map(({ quarter, readOn }) => `${quarter} ${readOn}`))).toEqual(
      new Set(["2026_Q3 2026-08-12", "2026_Q3 2026-09-29"]),
    );
    const { disagreeingOwner } = hub.company.stories;
    const own = accuracy.filter(({ id }) => id === disagreeingOwner);
    const { closed } = crmOf(hub, disagreeingOwner, 3);
    const calls = { "2026-09-29": "2026-09-28", "2026-08-12": "2026-08-10" };
    for (const [readOn, week] of Object.entries(calls)) {
      const call = callOf(hub, disagreeingOwner, "2026_Q3", week);
      expect(own.find((one) => one.readOn === readOn)).toMatchObject({
        call,
        won: closed,
        percent: Math.round(((call - closed) / closed) * 1000) / 10,
      });
    }
    expect(notices).toMatch(
      /calls of 2026_Q2 .* is not known\. No such reading .* is kept; the first that is kept is from 2026-08-12\./,
    );
  });

  test("of which nothing came in come first", async () => {
    const hub = await startHub();
    hub.clock.set(at("2026-09-29"));
    await compare(hub);
    hub.clock.set(at("2026-11-21"));
    const { start, end } = hub.company.quarters[3]!;
    const last = (await compare(hub)).accuracy.at(-1)!;
    for (const deal of hub.company.deals)
      if (deal.ownerId === last.id && deal.closeDate >= start && deal.closeDate <= end)
        Object.assign(deal, { stage: "Closed Lost" });
    const [first] = (await compare(hub)).accuracy;
    expect(first).toMatchObject({ id: last.id, won: 0 });
    expect(first!.percent ?? null).toBeNull();
  });

  test("of which none is kept are not made up, and cost no request", async () => {
    const hub = await startHub();
    const { accuracy, notices } = await compare(hub);
    expect(accuracy).toEqual([]);
    expect(notices).toMatch(/calls of 2026_Q3 .* or before is kept\. Each forecast that is read is kept/);
    const asked = hub
      .sandbox("salesforce")
      .requests()
      .map(({ query }) => decodeURIComponent(query));
    expect(asked.join(" ")).toContain("2026-10-01");
    expect(asked.join(" ")).not.toContain("2026-07-01");
  });

  test("are not looked at where the company does not want them", async () => {
    const connectors = {
      clari: {},
      salesforce: { config: { currency: "USD" } },
      revops: { config: { accuracyQuarters: 0 } },
    };
    const hub = await startHub({ connectors });
    expect((await compare(hub)).notices).not.toMatch(/kept from then/);
  });
});

describe("a system that is missing makes a partial answer", () => {
  test("without calls there is what the CRM says, and nobody disagrees", async () => {
    const hub = await startHub();
    hub.sandbox("clari").fault({ status: 503, body: "{}" });
    const { people, deals, notices } = await compare(hub);
    expect(people.length).toBeGreaterThan(20);
    expect(people.every(({ call, disagrees }) => (call ?? null) === null && !disagrees)).toBe(true);
    expect(deals).toEqual([]);
    expect(notices).toMatch(/without clari: the calls\./);
  });

  test("while the export runs, the notice says to ask again", async () => {
    const hub = await startHub();
    hub.sandbox("clari").configure({ jobDurationMs: { scheduled: 0, started: 10 * 60_000 } });
    expect((await compare(hub)).notices).toMatch(/without clari: the calls\. .*Ask again in a minute/);
  });

  test("without deals there are the calls", async () => {
    const hub = await startHub();
    hub.sandbox("salesforce").fault({ spoil: "drop", before: true });
    const { people, notices } = await compare(hub);
    const { disagreeingOwner } = hub.company.stories;
    const own = people.find(({ id }) => id === disagreeingOwner)!;
    expect(own.call).toBe(callOf(hub, disagreeingOwner));
    expect(own.closed ?? null).toBeNull();
    expect(people.every(({ disagrees }) => !disagrees)).toBe(true);
    expect(notices).toMatch(/without salesforce: the deals;/);
  });

  test("killed is missing too; without both there is nothing to compare", async () => {
    const hub = await startHub();
    await hub.built.trail.kill("clari", true, "admin");
    expect((await compare(hub)).notices).toMatch(/kill switch/);
    expect(hub.sandbox("clari").requests()).toEqual([]);
    await hub.built.trail.kill("salesforce", true, "admin");
    expect(await hub.call("revops_compare_forecast")).toBeRefused("killed");
  });

  test("amounts that may not be read are no zeros", async () => {
    const hub = await startHubWithout("Opportunity.Amount");
    const { people, notices } = await compare(hub);
    expect(people.length).toBeGreaterThan(20);
    expect(people.every(({ closed, commit }) => (closed ?? null) === null && (commit ?? null) === null)).toBe(
      true,
    );
    expect(notices).toMatch(/amounts cannot be read/);
  });
});

test("where the CRM names no currency, deals are in that of the calls", async () => {
  const hub = await startHub({ connectors: { clari: {}, revops: {}, salesforce: {} } });
  const { people } = await compare(hub);
  const { disagreeingOwner } = hub.company.stories;
  expect(people.filter(({ id }) => id === disagreeingOwner)).toEqual([
    expect.objectContaining({ ...crmOf(hub, disagreeingOwner), call: callOf(hub, disagreeingOwner) }),
  ]);
});

test("deals in another currency than the call are compared for themselves", async () => {
  const hub = await startHub({
    connectors: { clari: {}, revops: {}, salesforce: { config: { currency: "EUR" } } },
  });
  const { answer, people } = await compare(hub);
  const { disagreeingOwner } = hub.company.stories;
  const own = people.filter(({ id }) => id === disagreeingOwner);
  expect(own.map(({ currency, call, difference }) => [currency, call ?? null, difference ?? null])).toEqual(
    expect.arrayContaining([
      ["EUR", null, null],
      ["USD", callOf(hub, disagreeingOwner), null],
    ]),
  );
  expect(people.some(({ disagrees, currency }) => disagrees && currency === "EUR")).toBe(false);
  expect(answer.totals.map(({ currency }: { currency: string }) => currency).sort()).toEqual(["EUR", "USD"]);
});

test("a dry run shows both systems' requests and sends none", async () => {
  const hub = await startHub();
  const { answer } = await hub.call("revops_compare_forecast", { dry_run: true });
  const { requests } = answer.dry_run as { requests: { system: string; note?: string }[] };
  expect(new Set(requests.map(({ system }) => system))).toEqual(new Set(["clari", "salesforce"]));
  expect(
    requests.filter(({ note }) => note === "only where calls of that quarter are kept").length,
  ).toBeGreaterThan(0);
  expect(hub.sandbox("salesforce").requests()).toEqual([]);
  expect(hub.sandbox("clari").requests()).toEqual([]);
});

test("a small budget holds for all of an answer, notices and sources included", async () => {
  const hub = await startHub({ config: { limits: { answerTokens: 1_500 } } });
  const { answer } = await hub.call("revops_compare_forecast", { limit: 100 });
  expect(answer.notices.length).toBeGreaterThan(0);
  expect(answer.people).toMatchObject({ truncated: true });
  expect(encode(JSON.stringify(answer)).length).toBeLessThanOrEqual(1_500);
});
