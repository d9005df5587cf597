import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { DIALECTS, startAnother, startClari, submissions } from "./clari-hub.ts";

const POLL = /^GET .*\/export\/jobs\/[^/]+$/;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test.each([2, 5, 12])("an export of %i s is answered within a quarter more", async (seconds) => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: seconds * 1000 } });
    for (let n = 0; n < 20; n += 1) {
      const asked = clari.requests(POLL).length;
      const begun = hub.clock.now();
      expect((await hub.call("clari_get_forecast", { fresh: true })).answer.status).toBe("done");
      expect(hub.clock.now() - begun).toBeGreaterThanOrEqual(seconds * 1000);
      expect(hub.clock.now() - begun).toBeLessThanOrEqual(seconds * 1250);
      expect(clari.requests(POLL).length - asked).toBeLessThanOrEqual(20);
    }
  });

  test("in a minute that the call has, there are twenty looks at the most", async () => {
    const { hub, clari } = await startClari(dialect, { config: { limits: { timeoutMs: 90_000 } } });
    clari.configure({ nextJob: "stall" });
    const begun = hub.clock.now();
    expect((await hub.call("clari_get_forecast")).answer.status).toBe("running");
    expect(hub.clock.now() - begun).toBe(60_000);
    const polls = clari.requests(POLL);
    expect(polls.length).toBeGreaterThan(10);
    expect(polls.length).toBeLessThanOrEqual(20);
  });

  test("twenty equal calls from four hubs over one state folder are one export", async () => {
    const { hub, clari } = await startClari(dialect);
    const hubs = [hub];
    for (let n = 0; n < 3; n += 1) hubs.push(await startAnother({ hub, clari }, { home: hub.home }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => hubs[n % hubs.length]!.call("clari_get_forecast")),
    );
    for (const { answer } of answers) expect(answer.totals).toEqual(answers[0]!.answer.totals);
    expect(submissions(clari).filter(({ status }) => status === 200).length).toBe(1);
  });

  test("answers cost a model few tokens", async () => {
    const { hub } = await startClari(dialect);
    const tokens = (answer: object) => encode(JSON.stringify(answer)).length;
    const summary = (await hub.call("clari_get_forecast")).answer;
    expect(summary.people).toBeGreaterThanOrEqual(60);
    expect(tokens(summary)).toBeLessThanOrEqual(2_500);
    const rows = (await hub.call("clari_get_forecast", { view: "rows" })).answer;
    expect(rows.rows.returned).toBe(Math.min(200, rows.rows.total));
    expect(tokens(rows)).toBeLessThanOrEqual(14_000);
  });

  test("fresh asks anew although a result is young enough, and shares what is under way", async () => {
    const { hub, clari } = await startClari(dialect);
    await hub.call("clari_get_forecast");
    const before = submissions(clari).filter(({ status }) => status === 200).length;
    hub.clock.advance(1000);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => hub.call("clari_get_forecast", { fresh: true })),
    );
    for (const { answer } of answers) {
      expect(answer.age).toBe("0 seconds");
      expect(answer.sources[0].cached).toBe(false);
    }
    expect(submissions(clari).filter(({ status }) => status === 200).length).toBe(before + 1);
    hub.clock.advance(130_000);
    const { answer } = await hub.call("clari_get_forecast");
    expect(answer).toMatchObject({ age: "2 minutes", sources: [{ cached: true }] });
  });

  test("fresh does not take the unread result of an old export", async () => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ jobDurationMs: { started: 60_000 } });
    const running = (await hub.call("clari_get_forecast")).answer;
    expect(running.status).toBe("running");
    hub.clock.advance(600_000);
    clari.configure({ jobDurationMs: { started: 2_000 } });
    const { answer } = await hub.call("clari_get_forecast", { fresh: true });
    expect(answer).toMatchObject({ status: "done", age: "0 seconds" });
    expect(submissions(clari).filter(({ status }) => status === 200).length).toBe(2);
  });
});
