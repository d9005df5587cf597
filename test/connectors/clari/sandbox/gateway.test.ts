import { describe, expect, test } from "vitest";
import { openSandbox } from "./open-sandbox.ts";

const NO_ROUTE = {
  message: "no Route matched with those values",
  request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
};

describe("the gateway before Clari", () => {
  test.each([
    ["GET", "/v5/admin/limits"],
    ["GET", "/v4/users"],
    ["GET", "/v4/opportunities"],
    ["GET", "/v4/export/forecast/list"],
    ["GET", "/v4/export/forecast/net_arr"],
    ["POST", "/v4/opportunity"],
    ["GET", "/v2/admin/limits"],
    ["GET", "/"],
  ])("knows no %s %s", async (method, path) => {
    const { ask } = await openSandbox();
    const answer = await ask(path, { method });
    expect(answer.status).toBe(404);
    expect(answer.body).toEqual(NO_ROUTE);
  });

  test("says that there is no such route before it asks for a token", async () => {
    const { ask } = await openSandbox();
    expect((await ask("/v4/users", { token: null })).status).toBe(404);
  });

  test("serves /v5 as /v4 only when told to", async () => {
    const { ask, server } = await openSandbox({ serveV5Alias: true });
    expect((await ask("/v5/admin/limits")).body).toEqual((await ask("/v4/admin/limits")).body);
    server.configure({ serveV5Alias: false });
    expect((await ask("/v5/admin/limits")).status).toBe(404);
  });

  test("wants a token", async () => {
    const { ask } = await openSandbox();
    const answer = await ask("/v4/admin/limits", { token: null });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ message: "No API key found in request" });
  });

  test.each(["sandbox-revoked", "anything", "constructor"])("refuses the token %s", async (token) => {
    const { ask } = await openSandbox();
    const answer = await ask("/v4/admin/limits", { token });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({ message: "Invalid authentication credentials" });
  });

  test("limits each token by itself, second by second", async () => {
    const { ask, clock } = await openSandbox({ requestsPerSecond: 2 });
    const statuses = async (token: string) => {
      const answers = [];
      for (let n = 0; n < 3; n++) answers.push((await ask("/v4/admin/limits", { token })).status);
      return answers;
    };
    expect(await statuses("sandbox-admin")).toEqual([200, 200, 429]);
    expect(await statuses("sandbox-rep")).toEqual([200, 200, 429]);
    clock.advance(1000);
    expect(await statuses("sandbox-admin")).toEqual([200, 200, 429]);
  });

  test.each([
    ["live", [null, "1", null, "1"]],
    ["spec", [null, null, null, null]],
  ])("sends Retry-After with a 429 as the %s dialect does", async (dialect, expected) => {
    const { ask } = await openSandbox({ dialect, requestsPerSecond: 1 });
    await ask("/v4/admin/limits");
    const seen = [];
    for (const _ of expected) {
      const answer = await ask("/v4/admin/limits");
      expect(answer.body).toEqual({ message: "API rate limit exceeded" });
      seen.push(answer.headers.get("retry-after"));
    }
    expect(seen).toEqual(expected);
  });
});

describe("the sandbox as the hub meets it", () => {
  test("comes with the connector's config and the variable it refers to", async () => {
    const { server } = await openSandbox();
    expect(server.config).toEqual({
      baseUrl: `${server.url}/v4`,
      apiToken: "env:SANDBOX_CLARI_TOKEN",
      forecasts: { default: "net_arr", renewals: "renewals" },
    });
    expect(server.variables).toEqual({ SANDBOX_CLARI_TOKEN: "sandbox-admin" });
  });

  test("names a switch it does not know, and keeps the old ones", async () => {
    const { server, ask } = await openSandbox();
    expect(() => server.configure({ serveV5Alias: true, dialekt: "spec" })).toThrow(RangeError);
    expect(() => server.configure({ dialekt: "spec" })).toThrow(/dialekt/);
    expect((await ask("/v5/admin/limits")).status).toBe(404);
  });

  test("takes a dialect and single switches that differ from it in one breath", async () => {
    const { server, ask, submit } = await openSandbox();
    server.configure({ dialect: "spec", jobEnvelope: "job" });
    const jobId = await submit();
    expect((await ask(`/v4/export/jobs/${jobId}`)).body.job.jobId).toBe(jobId);
    expect((await ask("/v4/forecast/net_arr")).status).toBe(404);
  });

  test("forgets jobs and switches when it is reset", async () => {
    const { server, ask, submit } = await openSandbox({ jobEnvelope: "bare", limits: { monthlyQuota: 5 } });
    await submit();
    server.reset();
    expect((await ask("/v4/export/jobs")).body).toEqual([]);
    expect((await ask("/v4/admin/limits")).body.jobs.availableMonthlyQuota).toBe(1000);
  });
});
