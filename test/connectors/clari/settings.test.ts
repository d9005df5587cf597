import { describe, expect, test } from "vitest";
import connector from "../../../connectors/clari/connector.ts";
import { settings, settingsFrom } from "../../../connectors/clari/settings.ts";
import { startAnother, startClari } from "./clari-hub.ts";

describe("settings", () => {
  test("nothing but the token has to be said", () => {
    expect(settings.parse({})).toEqual({
      baseUrl: "https://api.clari.com/v4",
      apiToken: "env:CLARI_API_TOKEN",
      forecasts: {},
      fields: {},
      poll: { maxAttempts: 12, intervalSeconds: 5 },
      reuseSeconds: 300,
      snapshots: { keepDays: 400 },
      changes: {
        mostDeals: 3_000,
        auditEvents: {
          kinds: {
            stage: ["OPPORTUNITY_STAGE_CHANGED"],
            amount: ["OPPORTUNITY_AMOUNT_CHANGED"],
            close_date: ["OPPORTUNITY_CLOSE_DATE_CHANGED"],
            owner: ["OPPORTUNITY_OWNER_CHANGED"],
            adjustment: ["forecast.adjustment.updated", "ADJUSTMENT_CREATED", "ADJUSTMENT_UPDATED"],
            forecast: [],
          },
          ignored: ["api.accessed"],
        },
      },
      fiscalYearStartMonth: 1,
    });
  });

  test.each([
    "http://api.clari.com/v4",
    "https://user:pass@api.clari.com/v4",
    "https://api.clari.com/v4?x=1",
    "ftp://127.0.0.1",
    "api.clari.com",
  ])("%s is not accepted as the address", (baseUrl) => {
    expect(settings.safeParse({ baseUrl }).success).toBe(false);
  });

  test.each(["http://127.0.0.1:4010/v4", "http://localhost:4010/v4/", "https://api.clari.com/v4"])(
    "%s is accepted",
    (baseUrl) => {
      expect(settings.parse({ baseUrl }).baseUrl).toBe(baseUrl.replace(/\/$/, ""));
    },
  );

  test("a token in plain text is refused", () => {
    expect(settings.safeParse({ apiToken: "abc123" }).success).toBe(false);
  });

  test("the variables of single-system servers configure it", () => {
    const described = settingsFrom({
      CLARI_API_TOKEN: "t",
      CLARI_BASE_URL: "https://api.clari.com/v4",
      CLARI_FORECAST_ID: "net_arr",
      CLARI_POLL_MAX_ATTEMPTS: "6",
      CLARI_POLL_INTERVAL_SECONDS: "2.5",
    });
    expect(settings.parse(described)).toMatchObject({
      apiToken: "env:CLARI_API_TOKEN",
      forecasts: { default: "net_arr" },
      poll: { maxAttempts: 6, intervalSeconds: 2.5 },
    });
    expect(settingsFrom({ CLARI_FORECAST_ID: "net_arr" })).toBeUndefined();
    expect(
      settings.safeParse(settingsFrom({ CLARI_API_TOKEN: "t", CLARI_POLL_MAX_ATTEMPTS: "many" })).success,
    ).toBe(false);
  });
});

describe("health", () => {
  const healthOf = async (
    config: object = {},
    switches: object = {},
    variables: Record<string, string> = {},
  ) => {
    const started = await startClari();
    started.clari.configure({ ...switches });
    const hub = await startAnother(started, {
      config: Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
          key,
          typeof value === "function" ? value(started.clari.url) : value,
        ]),
      ),
      variables: { ...started.clari.variables, ...variables },
    });
    const api = hub.built.supervised[0]!.api as Parameters<typeof connector.health>[0];
    return connector.health(api, { signal: AbortSignal.timeout(5_000) });
  };

  test("it says what is left of the allowance", async () => {
    expect(await healthOf()).toEqual({
      summary: "token accepted; 1000 of 1000 exports left in 30 days, 3 of 3 slots free",
      checks: [],
    });
  });

  test("it warns of what will not work for long, or not at all", async () => {
    const { checks } = await healthOf({ forecasts: {} }, { limits: { monthlyQuota: 0 } });
    expect(checks).toMatchObject([
      { level: "warning", what: "export quota", detail: expect.stringContaining("used up") },
      { level: "warning", what: "forecast", hint: expect.stringMatching(/\w/) },
    ]);
    const v5 = await healthOf({ baseUrl: (url: string) => `${url}/v5` }, { serveV5Alias: true });
    expect(v5.checks).toMatchObject([{ what: "address", hint: expect.stringContaining("/v4") }]);
  });

  test("it throws what is wrong with token or address", async () => {
    await expect(healthOf({}, {}, { SANDBOX_CLARI_TOKEN: "sandbox-revoked" })).rejects.toMatchObject({
      code: "needs_login",
    });
    await expect(healthOf({ baseUrl: (url: string) => `${url}/v5` })).rejects.toMatchObject({
      code: "config",
    });
  });
});
