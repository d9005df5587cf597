import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { Clari } from "../../../connectors/clari/clari.ts";
import { TEST_NOW } from "../../kit/clock.ts";
import type { TestHub } from "../../kit/hub.ts";
import { DIALECTS, records, startAnother, startClari } from "./clari-hub.ts";

const DAY = 86_400_000;
const snapshotsOf = (hub: TestHub) =>
  (hub.built.supervised.find(({ name }) => name === "clari")!.api as Clari).snapshots;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("what was called two weeks ago is answered without asking Clari, also by another process", async () => {
    const { hub, clari } = await startClari(dialect);
    hub.clock.set(TEST_NOW - 14 * DAY);
    const then = (await hub.call("clari_get_forecast")).answer;
    hub.clock.set(TEST_NOW);
    const now = (await hub.call("clari_get_forecast")).answer;
    expect(now.latestWeek).not.toBe(then.latestWeek);

    const asked = clari.requests().length;
    const other = await startAnother({ hub, clari }, { home: hub.home });
    const { answer } = await other.call("clari_get_forecast", { as_of: "2026-11-07" });
    expect(answer).toMatchObject({
      status: "done",
      latestWeek: then.latestWeek,
      totals: then.totals,
      rows: then.rows,
      age: "14 days",
    });
    expect(answer.sources).toEqual([
      { system: "clari", asOf: then.sources[0].asOf, requests: 0, cached: true },
    ]);
    expect(answer.notices ?? []).toEqual(then.notices ?? []);
    // Between the two the older one stands; afterwards the newer.
    expect((await other.call("clari_get_forecast", { as_of: "2026-11-16" })).answer.totals).toEqual(
      then.totals,
    );
    expect((await other.call("clari_get_forecast", { as_of: "2026-11-21" })).answer.totals).toEqual(
      now.totals,
    );
    expect(clari.requests().length).toBe(asked);
  });

  test("a day before everything that is kept names the oldest, and a day to come is refused", async () => {
    const { hub, clari } = await startClari(dialect);
    const { sources } = (await hub.call("clari_get_forecast")).answer;
    const asked = clari.requests().length;
    const none = await hub.call("clari_get_forecast", { as_of: "2026-11-07" });
    expect(none).toBeRefused("not_found");
    expect(none.answer.error).toMatchObject({ oldest: sources[0].asOf, forecastId: "net_arr" });
    expect(await hub.call("clari_get_forecast", { as_of: "2027-01-01" })).toBeRefused("invalid_input");
    expect(await hub.call("clari_get_forecast", { as_of: "last week" })).toBeRefused("invalid_input");
    expect(await hub.call("clari_get_forecast", { as_of: "2026-11-21", fresh: true })).toBeRefused(
      "invalid_input",
    );
    expect(
      await hub.call("clari_get_forecast", { as_of: "2026-11-21", forecast_id: "renewals" }),
    ).toBeRefused("not_found");
    expect(clari.requests().length).toBe(asked);
  });

  test("a time period is meant as on the day asked for", async () => {
    const { hub } = await startClari(dialect);
    hub.clock.set(Date.parse("2026-08-10T09:00:00Z"));
    for (const time_period of ["previous", "current"])
      expect((await hub.call("clari_get_forecast", { time_period })).answer, time_period).toMatchObject({
        status: "done",
      });
    hub.clock.set(TEST_NOW);
    const as_of = "2026-08-10";
    const periodOf = async (time_period?: string) =>
      (await hub.call("clari_get_forecast", { as_of, ...(time_period && { time_period }) })).answer.period.id;
    expect(await periodOf()).toBe("2026_Q3");
    expect(await periodOf("current")).toBe("2026_Q3");
    expect(await periodOf("previous")).toBe("2026_Q2");
    expect(await periodOf("Q2")).toBe("2026_Q2");
    expect(await hub.call("clari_get_forecast", { as_of, time_period: "next" })).toBeRefused("not_found");
  });

  test("a quarter that lies elsewhere for Clari than the config says is refused, as it is live", async () => {
    const { hub, clari } = await startClari(dialect);
    for (const time_period of ["2026_Q3", "2026_Q4"]) await hub.call("clari_get_forecast", { time_period });
    const config = { fiscalYearStartMonth: 12 };
    const wrong = await startAnother({ hub, clari }, { home: hub.home, config });
    const live = await wrong.call("clari_get_forecast", { time_period: "Q3" });
    expect(live).toBeRefused("config");
    const past = await wrong.call("clari_get_forecast", { time_period: "Q3", as_of: "2026-11-21" });
    expect(past).toBeRefused("config");
    expect(past.answer.error.message).toBe(live.answer.error.message);
    // With its year a quarter is what Clari says it is.
    const named = await wrong.call("clari_get_forecast", { time_period: "2026_Q3", as_of: "2026-11-21" });
    expect(named.answer.period.id).toBe("2026_Q3");
  });

  test("a kept trend answers as a trend, and as a summary", async () => {
    const { hub } = await startClari(dialect);
    const trend = (await hub.call("clari_get_forecast", { view: "trend" })).answer;
    const as_of = "2026-11-21";
    expect((await hub.call("clari_get_forecast", { view: "trend", as_of })).answer.rows).toEqual(trend.rows);
    const { answer } = await hub.call("clari_get_forecast", { as_of });
    expect(answer.totals).toEqual(trend.totals);
    expect(records(answer.rows)[0]).toMatchObject({ level: 1, commit: trend.totals.commit });
  });

  test("a renewed token reads what its user kept, once Clari has said whose it is", async () => {
    const { hub, clari } = await startClari(dialect);
    hub.clock.set(TEST_NOW - 14 * DAY);
    const { totals } = (await hub.call("clari_get_forecast")).answer;
    hub.clock.set(TEST_NOW);
    const renewed = await startAnother(
      { hub, clari },
      { home: hub.home, variables: { SANDBOX_CLARI_TOKEN: "sandbox-admin-renewed" } },
    );
    const early = await renewed.call("clari_get_forecast", { as_of: "2026-11-07" });
    expect(early).toBeRefused("not_found");
    expect(early.answer.error.hint).toContain("renewed token");
    await renewed.call("clari_get_forecast", { forecast_id: "renewals" });
    expect((await renewed.call("clari_get_forecast", { as_of: "2026-11-07" })).answer.totals).toEqual(totals);
  });

  test("what one user read is not shown to another", async () => {
    const { hub, clari } = await startClari(dialect);
    await hub.call("clari_get_forecast");
    const rep = await startAnother(
      { hub, clari },
      { home: hub.home, variables: { SANDBOX_CLARI_TOKEN: "sandbox-rep" } },
    );
    expect(await rep.call("clari_get_forecast", { as_of: "2026-11-21" })).toBeRefused("not_found");
    await rep.call("clari_get_forecast");
    expect((await rep.call("clari_get_forecast", { as_of: "2026-11-21" })).answer.people).toBe(1);
  });
});

/** What is on disk of readings, and the day it expires on. */
const rowsIn = (home: string) => {
  const db = new DatabaseSync(join(home, "state.db"), { readOnly: true });
  const rows = db
    .prepare("SELECT expires_at FROM keyed WHERE key LIKE 'snapshot %' OR key LIKE 'figures %'")
    .all();
  db.close();
  return rows.map(({ expires_at }) => new Date(Number(expires_at)).toISOString().slice(0, 10));
};

test("of one day one stays after a few days, and nothing beyond the days configured", async () => {
  const { hub, clari } = await startClari();
  const brief = await startAnother({ hub, clari }, { config: { snapshots: { keepDays: 10 } } });
  const kept = () => rowsIn(brief.home);
  for (let n = 0; n < 4; n += 1) {
    await brief.call("clari_get_forecast");
    hub.clock.advance(2 * 3_600_000);
  }
  expect(kept().length).toBe(8);
  hub.clock.advance(4 * DAY);
  await brief.call("clari_get_forecast");
  expect(kept().length).toBe(4);
  hub.clock.advance(9 * DAY);
  await brief.call("clari_get_forecast");
  expect(kept().length).toBe(4);
  expect(await brief.call("clari_get_forecast", { as_of: "2026-11-21" })).toBeRefused("not_found");
});

test("what is kept expires by itself, and sooner where fewer days are configured afterwards", async () => {
  const { hub, clari } = await startClari();
  const first = await startAnother({ hub, clari }, { config: { snapshots: { keepDays: 40 } } });
  await first.call("clari_get_forecast");
  expect(rowsIn(first.home)).toEqual(["2026-12-31", "2027-01-30"]);
  hub.clock.advance(14 * DAY);
  const as_of = "2026-11-21";
  expect((await first.call("clari_get_forecast", { as_of })).isError).toBe(false);
  const config = { snapshots: { keepDays: 1 } };
  const brief = await startAnother({ hub, clari }, { home: first.home, config });
  expect(await brief.call("clari_get_forecast", { as_of })).toBeRefused("not_found");
});

test("callers that share one export keep it once", async () => {
  const { hub, clari } = await startClari();
  clari.configure({ jobDurationMs: { started: 3_000 } });
  await hub.call("clari_get_forecast", { as_of: "2026-11-21" });
  const db = new DatabaseSync(join(hub.home, "state.db"));
  db.exec(`
    CREATE TABLE writes (what TEXT);
    CREATE TRIGGER put AFTER INSERT ON keyed BEGIN INSERT INTO writes VALUES (NEW.key); END;
    CREATE TRIGGER put_again AFTER UPDATE ON keyed BEGIN INSERT INTO writes VALUES (NEW.key); END;
  `);
  const called = await Promise.all(Array.from({ length: 5 }, () => hub.call("clari_get_forecast")));
  expect(called.map(({ answer }) => answer.status)).toEqual(Array(5).fill("done"));
  const writes = db.prepare("SELECT what FROM writes").all();
  db.close();
  const kinds = writes.map(({ what }) => String(what).split(" ")[0]);
  expect(kinds.filter((kind) => kind === "figures")).toEqual(["figures"]);
  expect(kinds.filter((kind) => kind === "snapshot")).toEqual(["snapshot"]);
  expect(kinds.filter((kind) => kind === "known")).toEqual(["known", "known"]);
});

test("readings of another user are not kept longer", async () => {
  const { hub, clari } = await startClari();
  const config = { snapshots: { keepDays: 400 } };
  const rep = await startAnother(
    { hub, clari },
    { config, variables: { SANDBOX_CLARI_TOKEN: "sandbox-rep" } },
  );
  await rep.call("clari_get_forecast");
  hub.clock.advance(5 * DAY);
  const { home } = rep;
  const brief = await startAnother({ hub, clari }, { home, config: { snapshots: { keepDays: 3 } } });
  await brief.call("clari_get_forecast");
  expect(rowsIn(home)).toEqual(["2026-11-29", "2026-12-29"]);
});

test("nothing that was kept stays where nothing shall be kept any more", async () => {
  const { hub, clari } = await startClari();
  hub.clock.set(TEST_NOW - 14 * DAY);
  await hub.call("clari_get_forecast");
  hub.clock.set(TEST_NOW);
  const config = { snapshots: { keepDays: 0 } };
  const forgetful = await startAnother({ hub, clari }, { home: hub.home, config });
  const past = { as_of: "2026-11-07" };
  expect(await forgetful.call("clari_get_forecast", past)).toBeRefused("not_found");
  await forgetful.call("clari_get_forecast");
  expect(rowsIn(hub.home)).toEqual([]);
});

test("nothing is kept where nothing shall be", async () => {
  const { hub, clari } = await startClari("live");
  const forgetful = await startAnother({ hub, clari }, { config: { snapshots: { keepDays: 0 } } });
  expect((await forgetful.call("clari_get_forecast")).answer.notices).toBeUndefined();
  expect(await forgetful.call("clari_get_forecast", { as_of: "2026-11-21" })).toBeRefused("not_found");
});

test("two moments can be compared: each forecast once, the whole rather than its teams", async () => {
  const { hub } = await startClari();
  const from = TEST_NOW - 7 * DAY;
  hub.clock.set(from);
  for (const input of [{}, { scope_id: "3002::MGR" }, { forecast_id: "renewals" }])
    await hub.call("clari_get_forecast", input);
  hub.clock.set(TEST_NOW);
  for (const input of [{}, { scope_id: "3002::MGR" }]) await hub.call("clari_get_forecast", input);

  const pairs = await snapshotsOf(hub).between(from, hub.clock.now());
  expect(pairs.map(({ before, after }) => [before.forecastId, before.scopeId, after.scopeId])).toEqual([
    ["net_arr", undefined, undefined],
  ]);
  const [{ before, after }] = pairs as [(typeof pairs)[0]];
  expect(after.asOf - before.asOf).toBeGreaterThan(6 * DAY);
  expect(before.reading.weeks.at(-1)!.timeFrameId).toBe("TF:2026-11-09");
  expect(after.reading.weeks.at(-1)!.timeFrameId).toBe("TF:2026-11-16");
  expect(JSON.stringify(before.reading)).not.toContain("@");
  expect(await snapshotsOf(hub).between(from + 30 * DAY, from + 31 * DAY)).toEqual([]);
});
