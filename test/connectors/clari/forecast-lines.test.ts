import { describe, expect, test } from "vitest";
import type { ForecastLine } from "#connector";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { ASKER, DIALECTS, type Dialect, submissions } from "./clari-hub.ts";

const start = async (dialect: Dialect) => {
  const hub = await startHub({
    connectors: { clari: {}, asker: { from: ASKER } },
    config: { limits: { answerTokens: 5_000_000 } },
  });
  const clari = hub.sandbox("clari");
  clari.configure({ dialect });
  return { hub, clari };
};

const ask = async (hub: TestHub, query: Record<string, unknown> = {}) => {
  const { answer } = await hub.call("asker_get_dataset", { dataset: "forecastLines", query });
  return answer as { rows: ForecastLine[]; missing: { reason: string }[]; notices?: string[] };
};

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("everyone's calls come under their names and their managers'", async () => {
    const { hub, clari } = await start(dialect);
    const { company } = hub;
    const { rows } = await ask(hub);
    const commits = rows.filter(({ figure }) => figure === "commit");
    const latest = company.submissions.filter(
      (one) => one.forecastId === "net_arr" && one.quarterId === "2026_Q4" && one.weekStart === "2026-11-16",
    );
    for (const line of commits) {
      const person = company.people.find(({ id }) => id === line.personId)!;
      expect(line).toMatchObject({
        personName: person.name,
        period: "2026_Q4",
        periodStart: "2026-10-01",
        periodEnd: "2026-12-31",
        week: "2026-11-16",
        currency: "USD",
      });
      expect(latest.filter(({ personId }) => personId === person.id).map(({ commit }) => commit)).toContain(
        line.value,
      );
    }
    const { cro } = company.stories;
    const below = company.people.filter(({ level }) => level === 2).map(({ id }) => id);
    const reports = commits.filter(({ managerId }) => managerId === cro).map(({ personId }) => personId);
    expect(new Set(reports)).toEqual(new Set(below));
    expect(commits.find(({ personId }) => personId === cro)!.managerId).toBeNull();
    const figures = new Set(rows.map(({ figure }) => figure));
    expect(figures).toEqual(
      new Set(
        dialect === "live"
          ? ["commit", "best_case", "quota", "closed", "pipeline", "adjusted"]
          : ["commit", "best_case", "quota", "adjusted"],
      ),
    );
    expect(submissions(clari).filter(({ status }) => status === 200).length).toBe(1);
  });

  test("as of an earlier day they come from what the hub read then", async () => {
    const { hub, clari } = await start(dialect);
    const then = await ask(hub);
    hub.clock.advance(14 * 86_400_000);
    const before = clari.requests().length;
    const past = await ask(hub, { asOf: "2026-11-21" });
    expect(past.rows).toEqual(then.rows);
    expect(clari.requests().length).toBe(before);
    const none = await ask(hub, { asOf: "2026-11-01" });
    expect(none.rows).toEqual([]);
    expect(none.missing[0]!.reason).toContain("is kept");
  });

  test("as of a day in an earlier quarter, current is the quarter of that day", async () => {
    const { hub } = await start(dialect);
    hub.clock.set(Date.parse("2026-08-10T09:00:00Z"));
    await ask(hub);
    hub.clock.set(Date.parse("2026-11-21T09:00:00Z"));
    const { rows } = await ask(hub, { period: "current", asOf: "2026-08-10" });
    expect(new Set(rows.map(({ period }) => period))).toEqual(new Set(["2026_Q3"]));
  });

  test("every week of the quarter so far comes from one export, oldest week first", async () => {
    const { hub, clari } = await start(dialect);
    const { company } = hub;
    const quarter = company.quarters.find(({ id }) => id === "2026_Q4")!;
    const soFar = quarter.weeks.map(({ start }) => start).filter((day) => day <= "2026-11-21");
    const { rows } = await ask(hub, { everyWeek: true });
    expect([...new Set(rows.map(({ week }) => week))]).toEqual(soFar);
    const { cro } = company.stories;
    for (const week of soFar) {
      const called = company.submissions.find(
        (one) =>
          one.forecastId === "net_arr" &&
          one.quarterId === quarter.id &&
          one.personId === cro &&
          one.weekStart === week,
      )!;
      expect(
        rows
          .filter((one) => one.week === week && one.personId === cro && one.figure === "commit")
          .map(({ value }) => value),
      ).toEqual([called.commit]);
    }
    const sent = submissions(clari).filter(({ status }) => status === 200);
    expect(sent.map(({ body }) => JSON.parse(body).includeHistorical)).toEqual([true]);

    // The same weeks again cost nothing, and the latest of them is what the other question gives.
    const before = clari.requests().length;
    expect((await ask(hub, { everyWeek: true })).rows).toEqual(rows);
    expect(clari.requests().length).toBe(before);
    const latest = await ask(hub);
    const bare = (lines: readonly ForecastLine[]) =>
      lines
        .map(({ asOf: _, ...line }) => JSON.stringify(line))
        .sort()
        .join("\n");
    expect(bare(rows.filter(({ week }) => week === soFar.at(-1)))).toBe(bare(latest.rows));
  });

  test("every week of a quarter that is over", async () => {
    const { hub } = await start(dialect);
    const { rows } = await ask(hub, { period: "previous", everyWeek: true });
    const quarter = hub.company.quarters.find(({ id }) => id === "2026_Q3")!;
    expect([...new Set(rows.map(({ week }) => week))]).toEqual(quarter.weeks.map(({ start }) => start));
  });

  test("every week as of an earlier day needs a reading of every week from then", async () => {
    const { hub, clari } = await start(dialect);
    await ask(hub);
    hub.clock.advance(3 * 86_400_000);
    const none = await ask(hub, { asOf: "2026-11-21", everyWeek: true });
    expect(none.rows).toEqual([]);
    expect(none.missing[0]!.reason).toContain("is kept");

    const then = await ask(hub, { everyWeek: true });
    hub.clock.advance(14 * 86_400_000);
    const before = clari.requests().length;
    expect((await ask(hub, { asOf: "2026-11-24", everyWeek: true })).rows).toEqual(then.rows);
    expect(clari.requests().length).toBe(before);
  });

  test("a dry run names the export, and none for the past", async () => {
    const { hub, clari } = await start(dialect);
    const dry = async (query: object) =>
      (await hub.call("asker_get_dataset", { dataset: "forecastLines", query, dry_run: true })).answer.dry_run
        .requests;
    const [submit] = await dry({ period: "Q3-2026" });
    expect(submit).toMatchObject({ method: "POST", body: { timePeriod: "2026_Q3" } });
    expect(await dry({ asOf: "2026-11-07" })).toEqual([]);
    expect(await dry({ asOf: "2026-11-07", everyWeek: true })).toEqual([]);
    expect((await dry({ everyWeek: true }))[0]).toMatchObject({ body: { includeHistorical: true } });
    expect(clari.requests()).toEqual([]);
  });
});
