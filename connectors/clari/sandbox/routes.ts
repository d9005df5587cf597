/** What is served where. Everything else is the gateway's 404, the endpoints others invented included. */
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import { getAuditEvents } from "./audit.ts";
import {
  exportActivity,
  exportAuditEvents,
  exportForecast,
  getForecast,
  getJob,
  getLimits,
  getResults,
  listJobs,
  patchJob,
} from "./export-routes.ts";
import { authenticate } from "./gateway.ts";
import { ingestEntity } from "./ingest.ts";
import { getOpportunities } from "./opportunity.ts";
import { noRoute, Refusal } from "./refusals.ts";
import type { Call, Tenant } from "./tenant.ts";

type Route = readonly [pattern: RegExp, handle: (call: Call) => SandboxResponse];

/** Over `METHOD /path`. */
const ROUTES: readonly Route[] = [
  // Without an id it is still Clari that answers, not the gateway.
  [/^POST \/v4\/export\/forecast(?:\/([^/]*))?$/, exportForecast],
  [/^GET \/v4\/forecast\/([^/]+)$/, getForecast],
  [/^GET \/v4\/export\/jobs$/, listJobs],
  [/^GET \/v4\/export\/jobs\/([^/]+)$/, getJob],
  [/^PATCH \/v4\/export\/jobs\/([^/]+)$/, patchJob],
  [/^GET \/v4\/export\/jobs\/([^/]+)\/results$/, getResults],
  [/^GET \/v4\/admin\/limits$/, getLimits],
  [/^GET \/v4\/audit\/events$/, getAuditEvents],
  [/^POST \/v4\/export\/audit\/events$/, exportAuditEvents],
  [/^GET \/v4\/opportunity$/, getOpportunities],
  [/^POST \/v4\/export\/activity$/, exportActivity],
  [/^POST \/v2\/ingest\/entity\/([^/]+)$/, ingestEntity],
];

export const answer = (tenant: Tenant, request: SandboxRequest): SandboxResponse => {
  try {
    const path = tenant.switches.serveV5Alias ? request.path.replace(/^\/v5\//, "/v4/") : request.path;
    const [handle, params] = routeOf(tenant, `${request.method} ${path}`);
    return handle({ tenant, request, caller: authenticate(tenant, request), params });
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    throw error;
  }
};

const routeOf = (tenant: Tenant, line: string): [handle: Route[1], params: string[]] => {
  for (const [pattern, handle] of ROUTES) {
    const match = pattern.exec(line);
    if (match) return [handle, match.slice(1).map(decoded)];
  }
  throw noRoute(tenant);
};

const decoded = (part: string | undefined): string => {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
};
