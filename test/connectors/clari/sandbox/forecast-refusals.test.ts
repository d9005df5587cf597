import { describe, expect, test } from "vitest";
import { ERROR_ID, openSandbox, personOf } from "./open-sandbox.ts";

const CRM_TYPES_REFUSED =
  "CRM Totals and CRM Closed are not supported typeToExport values for Export API. Please see Forecast " +
  "API documentation if you'd like to retrieve CRM Totals or CRM Closed values.";

const refusal = (code: string, message: string) => ({
  code,
  namespace: "fcw",
  errorId: ERROR_ID,
  message,
  orgId: 101,
});

describe("a forecast export is refused", () => {
  test.each<[string, string, unknown, object]>([
    [
      "for an unknown forecast",
      "/net_arrr",
      {},
      refusal("no_such_forecast_config", "Forecast net_arrr does not exist in the ForecastTemplate."),
    ],
    [
      "without a forecast",
      "",
      {},
      refusal("missing_forecast_id", "The forecastId query parameter is required."),
    ],
    [
      "without a forecast",
      "/",
      {},
      refusal("missing_forecast_id", "The forecastId query parameter is required."),
    ],
    [
      "when the body is not JSON",
      "/net_arr",
      "{timePeriod",
      refusal("bad_request", "The request body was malformed: {timePeriod"),
    ],
    [
      "when the body is no object",
      "/net_arr",
      "[1]",
      refusal("bad_request", "The request body was malformed: [1]"),
    ],
    [
      "when a parameter has the wrong type",
      "/net_arr",
      { includeHistorical: "yes" },
      refusal("bad_request", 'The request body was malformed: {"includeHistorical":"yes"}'),
    ],
    [
      "for types that do not exist",
      "/net_arr",
      { typesToExport: ["forecast_value", "forecast", "quota_value"] },
      refusal(
        "bad_request",
        'The following typesToExport values are invalid: ["forecast_value", "quota_value"]',
      ),
    ],
    [
      "for a currency it has no rate for",
      "/net_arr",
      { currency: "XYZ" },
      refusal("bad_request", "The currency parameter is invalid."),
    ],
  ])("%s (%s)", async (_, path, body, expected) => {
    const { ask } = await openSandbox();
    const answer = await ask(`/v4/export/forecast${path}`, { method: "POST", body });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(expected);
  });

  test.each(["crm_total", "crm_closed"])("for %s, where CRM types are not supported", async (type) => {
    const { ask, exported } = await openSandbox({ dialect: "spec" });
    const body = { typesToExport: ["forecast", type] };
    const answer = await ask("/v4/export/forecast/net_arr", { method: "POST", body });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(refusal("type_not_supported", CRM_TYPES_REFUSED));
    expect((await exported({ typesToExport: ["forecast"] })).entries.length).toBeGreaterThan(0);
  });

  test("to someone who is not opted in", async () => {
    const { ask, company } = await openSandbox();
    const { clariId } = personOf(company, company.stories.optedOut);
    const answer = await ask("/v4/export/forecast/net_arr", { method: "POST", token: "sandbox-noopt" });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(
      refusal("no_optin", `No optins for scope ${clariId}::REP for forecast 'net_arr'.`),
    );
  });

  test.each([
    ["sandbox-admin", "9999::MGR"],
    ["sandbox-admin", "3003::MGR"],
    ["sandbox-admin", "nonsense"],
    ["sandbox-rep", "3002::MGR"],
  ])("to %s for the scope %s", async (token, scopeId) => {
    const { ask } = await openSandbox();
    const answer = await ask("/v4/export/forecast/renewals", { method: "POST", token, body: { scopeId } });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(
      refusal("no_optin", `No optins for scope ${scopeId} for forecast 'renewals'.`),
    );
  });

  test("for one reason at a time, in Clari's order", async () => {
    const { ask } = await openSandbox({ limits: { monthlyQuota: 0 }, crmTypes: "type_not_supported" });
    const codeOf = async (token: string, forecastId: string, body: unknown) => {
      const answer = await ask(`/v4/export/forecast/${forecastId}`, { method: "POST", token, body });
      return answer.body.code ?? answer.body.message;
    };
    const wrong = { typesToExport: ["nope"], currency: "XYZ" };
    expect(await codeOf("sandbox-revoked", "nope", "{")).toBe("Invalid authentication credentials");
    expect(await codeOf("sandbox-noopt", "nope", "{")).toBe("no_such_forecast_config");
    expect(await codeOf("sandbox-noopt", "net_arr", "{")).toBe("bad_request");
    expect(await codeOf("sandbox-noopt", "net_arr", { ...wrong, typesToExport: ["crm_total"] })).toBe(
      "type_not_supported",
    );
    expect(await codeOf("sandbox-noopt", "net_arr", { currency: "XYZ" })).toBe("bad_request");
    expect(await codeOf("sandbox-noopt", "net_arr", {})).toBe("no_optin");
    expect(await codeOf("sandbox-admin", "net_arr", {})).toBe("export_monthly_quota_reached");
  });

  test("synchronously for the same reasons, quota excepted", async () => {
    const { ask } = await openSandbox({ limits: { monthlyQuota: 0 } });
    expect((await ask("/v4/forecast/nope")).body).toEqual(
      refusal("no_such_forecast_config", "Forecast nope does not exist in the ForecastTemplate."),
    );
    expect((await ask("/v4/forecast/net_arr?currency=XYZ")).body.code).toBe("bad_request");
    expect((await ask("/v4/forecast/net_arr")).status).toBe(200);
  });
});
