/** Every way in which Clari is known to refuse, as the model and the person behind it meet it. */
import { describe, expect, test } from "vitest";
import type { Fault } from "#sandbox/server.ts";
import type { ErrorCode } from "../../../src/errors.ts";
import { DIALECTS, startAnother, startClari } from "./clari-hub.ts";

interface Case {
  readonly what: string;
  readonly tool?: string;
  readonly input?: Record<string, unknown>;
  /** How the sandbox behaves … */
  readonly switches?: Record<string, unknown>;
  /** … or what it answers instead. */
  readonly fault?: Fault;
  readonly token?: string;
  readonly path?: string;
  readonly code: ErrorCode;
  readonly says: RegExp;
  readonly hints: RegExp;
  readonly facts?: object;
}

const clari = (code: string, namespace = "exports") =>
  JSON.stringify({
    code,
    namespace,
    errorId: "c16ae643-481a-11eb-a48d-a7e5677deee5",
    message: "In Clari's words.",
    orgId: 101,
  });
const SUBMISSION = "POST .*/export/forecast/";
const POLL = "GET .*/export/jobs/[^/]+\\?";
const FILE = "GET .*/results";

const CASES: readonly Case[] = [
  {
    what: "a token that was revoked, regenerated, or whose user left",
    token: "sandbox-revoked",
    code: "needs_login",
    says: /does not accept the API token/,
    hints: /regenerated.*deactivated.*renew the secret/,
  },
  {
    what: "a token the gateway did not see",
    fault: { status: 401, body: '{"message":"No API key found in request"}' },
    code: "needs_login",
    says: /API token/,
    hints: /Settings, API Token/,
  },
  {
    what: "a forecast that does not exist",
    input: { forecast_id: "net_arrr" },
    code: "invalid_input",
    says: /no forecast with this id/,
    hints: /last part of the address/,
    facts: { configured: ["default", "renewals"], vendor: { code: "no_such_forecast_config" } },
  },
  {
    what: "a user who is not opted in",
    token: "sandbox-noopt",
    code: "vendor_rejected",
    says: /no forecast in this scope/,
    hints: /opted in/,
    facts: { vendor: { code: "no_optin" } },
  },
  {
    what: "a currency that is not set up",
    input: { currency: "XXX" },
    code: "invalid_input",
    says: /currency/,
    hints: /ISO code/,
  },
  {
    what: "types it does not export, also without the CRM ones",
    fault: { match: SUBMISSION, status: 400, body: clari("type_not_supported", "fcw") },
    code: "vendor_rejected",
    says: /does not export CRM totals/,
    hints: /left out/,
  },
  {
    what: "a used-up quota",
    switches: { limits: { monthlyQuota: 0 } },
    code: "vendor_limit",
    says: /quota is used up: 0 in 30 rolling days/,
    hints: /older than 30 days/,
    facts: { availableMonthlyQuota: 0 },
  },
  {
    what: "a full queue",
    switches: { limits: { concurrentLimit: 0 } },
    code: "vendor_limit",
    says: /as many exports as it allows/,
    hints: /Call again/,
    facts: { concurrentLimit: 0 },
  },
  {
    what: "a job that failed",
    switches: { crmTypes: "accept", nextJob: "fail" },
    code: "vendor_rejected",
    says: /export failed \(FAILED\)/,
    hints: /each costs export quota/,
  },
  {
    what: "a job it does not know any more",
    fault: { match: POLL, status: 400, body: clari("SWW") },
    code: "vendor_rejected",
    says: /does not know this export job/,
    hints: /clari_list_export_jobs/,
  },
  {
    what: "a job of somebody else",
    fault: { match: POLL, status: 403, body: clari("forbidden") },
    code: "vendor_rejected",
    says: /does not let this token's user/,
    hints: /another user/,
  },
  {
    what: "a result that expired",
    fault: { match: FILE, status: 400, body: clari("invalid_jobId") },
    code: "vendor_rejected",
    says: /no result of this export job/,
    hints: /30 days/,
  },
  {
    what: "a base path that does not exist",
    path: "/v5",
    code: "config",
    says: /no API under \/v5/,
    hints: /https:\/\/api\.clari\.com\/v4/,
  },
  {
    what: "a login page as its answer",
    fault: { spoil: "html" },
    code: "vendor_malformed",
    says: /web page instead of data/,
    hints: /login or maintenance page/,
  },
  {
    what: "a proxy's page in its place",
    fault: { status: 403, headers: { "content-type": "text/html" }, body: "<html>blocked</html>" },
    code: "vendor_malformed",
    says: /web page came instead.*403/,
    hints: /proxy/,
  },
  {
    what: "too many requests, for longer than a call can wait",
    fault: { status: 429, headers: { "retry-after": "3600" }, body: '{"message":"API rate limit exceeded"}' },
    tool: "clari_get_admin_limits",
    code: "vendor_limit",
    says: /no more requests/,
    hints: /retryAt/,
    facts: { retryAt: expect.stringMatching(/^2026-11-21T10:00/) },
  },
  {
    what: "an error of its own",
    fault: { status: 500, body: clari("internal_server_error") },
    code: "vendor_unavailable",
    says: /failed to answer \(HTTP 500\)/,
    hints: /Try again later/,
  },
  {
    what: "to be brief, and sends more than is taken",
    tool: "clari_get_admin_limits",
    fault: { spoil: "bomb" },
    code: "vendor_malformed",
    says: /more than \d+ bytes/,
    hints: /\w/,
  },
  {
    what: "an audit filter it does not take",
    tool: "clari_list_audit_events",
    fault: {
      status: 400,
      body: '{"errors":[{"status":"400","code":"invalid_parameter","message":"In Clari\'s words.","target":"event"}]}',
    },
    code: "invalid_input",
    says: /one of these filters/,
    hints: /`vendor`/,
    facts: { vendor: { code: "invalid_parameter" } },
  },
  {
    what: "a question about deals, in its third form of error",
    tool: "clari_get_opportunity",
    input: { opp_id: "0065f00000Opp01AAB" },
    fault: {
      status: 400,
      body: '[{"statusCode":400,"reaspnPhrase":"Bad Request","description":"invalid query parameter","details":"In Clari\'s words."}]',
    },
    code: "vendor_rejected",
    says: /refused the request \(HTTP 400\)/,
    hints: /`vendor`/,
  },
];

describe.each(DIALECTS)("in the %s dialect, Clari refuses", (dialect) => {
  test.each(CASES)("$what", async (one) => {
    const started = await startClari(dialect);
    const { clari } = started;
    const hub = await startAnother(started, {
      ...(one.path && { config: { baseUrl: `${clari.url}${one.path}` } }),
      ...(one.token && { variables: { SANDBOX_CLARI_TOKEN: one.token } }),
    });
    // Otherwise the first submission is refused for its types, whatever else comes.
    clari.configure({ crmTypes: "accept", ...one.switches });
    if (one.fault) clari.fault(one.fault);
    const input = one.input ?? {};
    const result = await hub.call(one.tool ?? "clari_get_forecast", input);
    expect(result).toBeRefused(one.code);
    const { error } = result.answer;
    expect(error.message).toMatch(one.says);
    expect(error.hint).toMatch(one.hints);
    expect(error).toMatchObject(one.facts ?? {});
    // What to do is ours to say; Clari's words stand apart.
    expect(error.message + error.hint).not.toContain("In Clari's words");
    expect(JSON.stringify(result.answer)).not.toMatch(/sandbox-(admin|revoked|noopt)/);
  });

  test.each([
    ["clari_get_forecast", "truncate"],
    ["clari_list_users", "truncate"],
    ["clari_list_accounts", "truncate"],
  ])("to say all in %s, and the answer says that it is cut", async (tool, nextJob) => {
    const { hub, clari } = await startClari(dialect);
    clari.configure({ crmTypes: "accept", nextJob });
    const { answer, isError } = await hub.call(tool);
    expect(isError).toBe(false);
    expect(answer.notices).toContainEqual(expect.stringMatching(/^Clari cut th[ie]s? export/));
  });
});
