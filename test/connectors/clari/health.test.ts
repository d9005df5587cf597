/** What doctor says of Clari, and that it costs no export to say it. */
import { describe, expect, test } from "vitest";
import connector from "../../../connectors/clari/connector.ts";
import type { TestHub } from "../../kit/hub.ts";
import { DIALECTS, lines, startAnother, startClari } from "./clari-hub.ts";

const healthOf = (hub: TestHub) => {
  const { api } = hub.built.supervised.find(({ name }) => name === "clari")!;
  return connector.health(api as Parameters<typeof connector.health>[0], {
    signal: AbortSignal.timeout(5_000),
  });
};

const HOUR = 3_600_000;

describe.each(DIALECTS)("with the %s dialect", (dialect) => {
  test("a new hub: what is left, and which forecasts are not verified yet", async () => {
    const { hub, clari } = await startClari(dialect);
    expect(await healthOf(hub)).toEqual({
      summary: "token accepted; 1000 of 1000 exports left in 30 rolling days; 3 of 3 slots free",
      checks: [
        { level: "ok", what: "address", detail: `${clari.url}/v4` },
        { level: "ok", what: "export quota", detail: "1000 of 1000 exports are left of 30 rolling days" },
        { level: "ok", what: "export slots", detail: "3 of 3 are free" },
        {
          level: "warning",
          what: "forecast default",
          detail: "whether Clari has net_arr is not verified yet.",
          hint: 'Ask clari_get_forecast once with forecast_id "default": it costs one export.',
        },
        {
          level: "warning",
          what: "forecast renewals",
          detail: "whether Clari has renewals is not verified yet.",
          hint: 'Ask clari_get_forecast once with forecast_id "renewals": it costs one export.',
        },
        { level: "ok", what: "kept data", detail: "no forecast has been read yet" },
      ],
    });
    expect(lines(clari.requests())).toEqual(["GET /v4/admin/limits 200", "GET /v4/export/jobs 200"]);
  });

  test("a forecast that was read exists, also for a hub started later; one that was refused does not", async () => {
    const started = await startClari(dialect);
    const { hub, clari } = started;
    await hub.call("clari_get_forecast");
    expect(await hub.call("clari_get_forecast", { forecast_id: "net_ar" })).toBeRefused("invalid_input");
    const forecasts = { default: "net_arr", typo: "net_ar" };
    const later = await startAnother(started, { config: { forecasts }, home: hub.home });
    const submitted = clari.requests("POST").length;
    hub.clock.advance(3 * HOUR);
    const { checks } = await healthOf(later);
    expect(checks).toContainEqual({
      level: "ok",
      what: "forecast default",
      detail: "net_arr was read 3 hours ago",
    });
    expect(checks).toContainEqual({
      level: "problem",
      what: "forecast typo",
      detail: "Clari has no forecast net_ar (asked 3 hours ago).",
      hint: expect.stringContaining("app.clari.com/forecast/net_arr"),
    });
    expect(clari.requests("POST").length).toBe(submitted);
  });

  test("an export that somebody else's program made shows that a forecast exists", async () => {
    const started = await startClari(dialect);
    await started.hub.call("clari_get_forecast");
    const other = await startAnother(started);
    const { checks } = await healthOf(other);
    expect(checks).toContainEqual(
      expect.objectContaining({
        level: "ok",
        detail: expect.stringMatching(/^net_arr was exported .*not by/),
      }),
    );
  });
});

test("a token whose user is not opted in is a problem with something to do", async () => {
  const started = await startClari();
  const variables = { SANDBOX_CLARI_TOKEN: "sandbox-noopt" };
  const hub = await startAnother(started, { variables });
  expect(await hub.call("clari_get_forecast")).toBeRefused("vendor_rejected");
  const { checks } = await healthOf(hub);
  expect(checks).toContainEqual(
    expect.objectContaining({
      level: "problem",
      what: "forecast default",
      hint: expect.stringMatching(/opted in/),
    }),
  );
});

test("a team that is not opted in says nothing about the forecast", async () => {
  const { hub } = await startClari();
  expect(await hub.call("clari_get_forecast", { scope_id: "9999::MGR" })).toBeRefused("vendor_rejected");
  const { checks = [] } = await healthOf(hub);
  expect(checks.find(({ what }) => what === "forecast default")).toMatchObject({
    level: "warning",
    detail: expect.stringContaining("not verified yet"),
  });
});

test.each([
  [100, "ok"],
  [10, "ok"],
  [9, "warning"],
  [1, "warning"],
])("%i of a hundred exports left: %s", async (left, level) => {
  const { hub, clari } = await startClari();
  const jobs = {
    concurrentLimit: 3,
    monthlyQuota: 100,
    availableConcurrentLimit: 3,
    availableMonthlyQuota: left,
  };
  clari.fault({ match: "limits", status: 200, body: JSON.stringify({ jobs }) });
  const { checks = [] } = await healthOf(hub);
  expect(checks.find(({ what }) => what === "export quota")).toMatchObject({ level });
});

test("it warns of what will not work for long, or not at all", async () => {
  const started = await startClari();
  started.clari.configure({ limits: { monthlyQuota: 0, concurrentLimit: 0 } });
  const hub = await startAnother(started, { config: { forecasts: {} } });
  const { checks = [] } = await healthOf(hub);
  const warnings = checks.filter(({ level }) => level === "warning");
  expect(warnings).toMatchObject([
    { what: "export quota", detail: expect.stringContaining("used up") },
    { what: "export slots", detail: expect.stringContaining("none of 0") },
    { what: "forecast", detail: "none is configured." },
  ]);
  for (const { hint } of warnings) expect(hint).toMatch(/\w/);
});

test("old data is a warning", async () => {
  const { hub } = await startClari();
  await hub.call("clari_get_forecast");
  hub.clock.advance(9 * 24 * HOUR);
  const { checks } = await healthOf(hub);
  expect(checks).toContainEqual({
    level: "warning",
    what: "kept data",
    detail: "the newest forecast is of 9 days ago.",
    hint: expect.stringMatching(/weekly/),
  });
});

test("another base path is named, whether it answers or not", async () => {
  const started = await startClari();
  const { clari } = started;
  const hub = await startAnother(started, { config: { baseUrl: `${clari.url}/v5` } });
  await expect(healthOf(hub)).rejects.toMatchObject({
    code: "config",
    message: "Clari has no API under /v5.",
    hint: expect.stringContaining("https://api.clari.com/v4"),
  });
  clari.configure({ serveV5Alias: true });
  const { checks } = await healthOf(hub);
  expect(checks).toContainEqual(
    expect.objectContaining({ level: "warning", what: "address", detail: expect.stringMatching(/^\/v5 /) }),
  );
});

test("a refused token is said as such", async () => {
  const started = await startClari();
  const hub = await startAnother(started, { variables: { SANDBOX_CLARI_TOKEN: "sandbox-revoked" } });
  await expect(healthOf(hub)).rejects.toMatchObject({
    code: "needs_login",
    hint: expect.stringMatching(/deactivated/),
  });
});

test("a list of jobs that does not come leaves the rest", async () => {
  const { hub, clari } = await startClari();
  clari.fault({ match: "GET .*/export/jobs", status: 500, body: "{}" });
  expect((await healthOf(hub)).checks?.length).toBeGreaterThan(4);
});
