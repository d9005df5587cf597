import { describe, expect, test } from "vitest";
import { settings, settingsFrom } from "../../../connectors/clari/settings.ts";

describe("settings", () => {
  test("nothing but the token has to be said", () => {
    expect(settings.parse({})).toEqual({
      baseUrl: "https://api.clari.com/v4",
      apiToken: "env:CLARI_API_TOKEN",
      forecasts: {},
      fields: {},
      poll: { maxAttempts: 12, intervalSeconds: 5 },
      reuseSeconds: 300,
      activities: { lookBackDays: 30, reuseHours: 12 },
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
