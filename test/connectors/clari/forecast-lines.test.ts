import { describe, expect, test } from "vitest";
import type { ForecastLine } from "#connector";
import { startHub, type TestHub } from "../../kit/hub.ts";
import { ASKER, DIALECTS, type Dialect, submissions } from "./clari-hub.ts";

const start = async (dialect: Dialect) => {
  const hub = await startHub({ connectors: { clari: {}, asker: { from: ASKER } } });
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

  test("a dry run names the export, and none for the past", async () => {
    const { hub, clari } = await start(dialect);
    const dry = async (query: object) =>
      (await hub.call("asker_get_dataset", { dataset: "forecastLines", query, dry_run: true })).answer.dry_run
        .requests;
    const [submit] = await dry({ period: "Q3-2026" });
    expect(submit).toMatchObject({ method: "POST", body: { timePeriod: "2026_Q3" } });
    expect(await dry({ asOf: "2026-11-07" })).toEqual([]);
    expect(clari.requests()).toEqual([]);
  });
});
