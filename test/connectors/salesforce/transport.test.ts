import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Fault } from "#sandbox/server.ts";
import { EXPIRED_TOKEN, INTEGRATION_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { ROOT, type StartOptions, startHub, temporaryFolder } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";

/** Few rows, so that nothing needs counting. */
const SOQL = "SELECT Id FROM OpportunityStage";

const start = async (options: StartOptions = {}) => {
  const hub = await startHub({ connectors: ["salesforce"], ...options });
  const query = () => hub.call("salesforce_query", { soql: SOQL });
  return { hub, salesforce: hub.sandbox("salesforce"), query };
};

/** A hub whose token stands in a file that somebody else renews. */
const startOnFile = async () => {
  const { salesforce } = await start();
  const file = join(temporaryFolder(), "token");
  const write = (token: string) => writeFileSync(file, `${token}\n`);
  write(EXPIRED_TOKEN);
  const config = { instanceUrl: salesforce.url, auth: { type: "access_token", token: `file:${file}` } };
  const hub = await startConfigured(config, {});
  return { salesforce, write, query: () => hub.call("salesforce_query", { soql: SOQL }) };
};

const tokensSent = (requests: readonly { headers: Readonly<Record<string, string>> }[]) =>
  requests.map(({ headers }) => headers.authorization?.replace("Bearer ", ""));

describe("the way to Salesforce", () => {
  test("a refused token is read again once, and the request sent again with the new one", async () => {
    const { salesforce, write, query } = await startOnFile();
    write(INTEGRATION_TOKEN);
    expect((await query()).isError).toBe(false);
    expect(tokensSent(salesforce.requests())).toEqual([EXPIRED_TOKEN, INTEGRATION_TOKEN]);
    await query();
    expect(tokensSent(salesforce.requests()).slice(2)).toEqual([INTEGRATION_TOKEN]);
  });

  test("a token that stays refused ends in needs_login after one request", async () => {
    const { salesforce, query } = await startOnFile();
    expect(await query()).toBeRefused("needs_login");
    expect(salesforce.requests()).toHaveLength(1);
  });

  test("a new token that is refused as well is not tried a third time", async () => {
    const { salesforce, write, query } = await startOnFile();
    write(`${EXPIRED_TOKEN}2`);
    expect(await query()).toBeRefused("needs_login");
    expect(salesforce.requests()).toHaveLength(2);
  });

  test("calls refused at the same time all go on with the same new token", async () => {
    const { salesforce, write, query } = await startOnFile();
    write(INTEGRATION_TOKEN);
    const results = await Promise.all(Array.from({ length: 10 }, query));
    expect(results.filter(({ isError }) => isError)).toEqual([]);
    expect(salesforce.requests().length).toBeLessThanOrEqual(20);
  });

  test.each<[string, Fault, string, number]>([
    ["a body cut in the middle", { spoil: "cut" }, "vendor_unavailable", 3],
    ["a connection that drops", { spoil: "drop" }, "vendor_unavailable", 3],
    ["maintenance", { status: 503, body: "<html>maintenance</html>" }, "vendor_unavailable", 3],
    ["an internal error", { status: 500, body: "[]" }, "vendor_unavailable", 1],
    ["a login page", { spoil: "html" }, "vendor_malformed", 1],
    ["JSON cut short", { spoil: "truncate" }, "vendor_malformed", 1],
    ["JSON of another shape", { status: 200, body: '{"records":"none"}' }, "vendor_malformed", 1],
    ["a quoted string", { status: 200, body: '"no rows"' }, "vendor_malformed", 1],
    ["an empty answer", { status: 200, body: "" }, "vendor_malformed", 1],
    [
      "a used up allowance",
      {
        status: 403,
        body: '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]',
      },
      "vendor_limit",
      1,
    ],
    [
      "a missing permission",
      { status: 403, body: '[{"message":"no","errorCode":"API_DISABLED_FOR_ORG"}]' },
      "vendor_rejected",
      1,
    ],
  ])("%s is reported as what it is, and the next call is answered", async (_, fault, code, requests) => {
    const { salesforce, query } = await start();
    salesforce.fault(fault);
    expect(await query()).toBeRefused(code as "internal");
    expect(salesforce.requests()).toHaveLength(requests);
    salesforce.fault(undefined);
    expect((await query()).isError).toBe(false);
  });

  test.each([
    [401, "needs_login"],
    [403, "vendor_rejected"],
    [412, "stale_record"],
    [414, "invalid_input"],
    [431, "invalid_input"],
    [503, "vendor_unavailable"],
    [400, "vendor_malformed"],
  ])("HTTP %d is reported as %s, also with a web page or plain text as its body", async (status, code) => {
    const { salesforce, query } = await start();
    for (const [type, body] of [
      ["text/html", "<html>proxy</html>"],
      ["text/plain", "no"],
    ] as const) {
      salesforce.fault({ status, headers: { "content-type": type }, body });
      expect(await query()).toBeRefused(code as "internal");
      salesforce.fault(undefined);
    }
  });

  test("a login page and cut JSON are told apart, and nothing of either is shown", async () => {
    const { salesforce, query } = await start();
    salesforce.fault({ spoil: "html", times: 1 });
    const page = (await query()).answer.error;
    expect(page.message).toContain("web page");
    expect(JSON.stringify(page)).not.toContain("sign-on");
    salesforce.fault({ spoil: "truncate", times: 1 });
    expect((await query()).answer.error.message).toContain("cut or broken");
  });

  test("a read that failed once is answered from the second try", async () => {
    const { salesforce, query } = await start();
    salesforce.fault({ spoil: "cut", times: 1 });
    const { answer, isError } = await query();
    expect(isError).toBe(false);
    expect(answer.sources).toMatchObject([{ requests: 2 }]);
  });

  test("several queries in one request are a read, too, and are tried again", async () => {
    const { hub, salesforce } = await start();
    salesforce.fault({ match: "POST .*composite", status: 503, times: 1 });
    expect((await hub.call("salesforce_pipeline_by_stage")).isError).toBe(false);
    expect(salesforce.requests()).toHaveLength(2);
  });

  test.each(["hang", "hang-body"] as const)("%s: the call ends at its deadline", async (spoil) => {
    const { salesforce, query } = await start({ config: { limits: { timeoutMs: 150 } } });
    salesforce.fault({ spoil });
    expect(await query()).toBeRefused("deadline_exceeded");
    salesforce.fault(undefined);
    expect((await query()).isError).toBe(false);
  });

  test("cancelling reaches a query that jsforce runs", async () => {
    const { hub, salesforce } = await start();
    await hub.call("salesforce_query", { soql: SOQL });
    salesforce.fault({ spoil: "hang" });
    const controller = new AbortController();
    const call = hub.call("salesforce_query", { soql: SOQL }, { signal: controller.signal });
    call.catch(() => {});
    await expect.poll(() => salesforce.requests().length).toBe(2);
    controller.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => hub.trail.last()).toMatchObject({ code: "cancelled" });
  });

  test("a redirect is refused, and the token stays here", async () => {
    const elsewhere: string[] = [];
    const server = createServer((request, response) => {
      elsewhere.push(String(request.url));
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const location = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

    const { salesforce, query } = await start();
    for (const status of [301, 302, 307, 308]) {
      salesforce.fault({ status, headers: { location }, times: 1 });
      expect(await query()).toBeRefused("vendor_malformed");
    }
    expect(elsewhere).toEqual([]);
    expect(salesforce.requests()).toHaveLength(4);
  });

  test("never has more requests in flight than configured", async () => {
    const { salesforce, query } = await start({ config: { limits: { concurrency: 3 } } });
    salesforce.fault({ latencyMs: 20 });
    await Promise.all(Array.from({ length: 20 }, query));
    expect(salesforce.peak()).toBeLessThanOrEqual(3);
    expect(salesforce.requests()).toHaveLength(20);
  });

  test("jsforce writes nothing to stdout, starts no program and uses no proxy, whatever the environment says", () => {
    const script = `
      import childProcess from "node:child_process";
      import { syncBuiltinESMExports } from "node:module";
      import { PassThrough } from "node:stream";
      const started = [];
      for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"])
        childProcess[name] = (...all) => { started.push([name, all[0]]); throw new Error(name); };
      syncBuiltinESMExports();
      import { openConnection } from ${JSON.stringify(new URL("connectors/salesforce/transport.ts", ROOT).href)};
      const answer = { statusCode: 200, headers: { "content-type": "application/json" }, body: '{"ok":true}' };
      const sent = [];
      const transport = {
        httpRequest(request) {
          sent.push(request);
          return Object.assign(Promise.resolve(answer), { stream: () => new PassThrough().end() });
        },
      };
      const connection = await openConnection("http://127.0.0.1:1", "67.0", transport);
      const { ok } = await connection.request({ method: "GET", url: "/services/data/v67.0/limits" });
      process.stderr.write(JSON.stringify({ ok, started, sent: sent.map(({ url, headers }) => ({ url, headers })) }));
    `;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--input-type=module-typescript", "-e", script],
      {
        env: {
          PATH: process.env.PATH,
          JSFORCE_LOG_LEVEL: "DEBUG",
          JSFORCE_CONNECTION_REGISTRY: "sfdx",
          TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          http_proxy: "http://127.0.0.1:1",
        },
        cwd: new URL(ROOT),
        encoding: "utf8",
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    // Not even the sf CLI, which the registry asked for above would run. The probe of the start did not get here, and no trace header was added.
    expect(JSON.parse(stderr.slice(stderr.indexOf("{")))).toEqual({
      ok: true,
      started: [],
      sent: [{ url: "http://127.0.0.1:1/services/data/v67.0/limits", headers: {} }],
    });
  });
});
