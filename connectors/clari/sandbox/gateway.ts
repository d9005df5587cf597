/** Kong, as it stands before Clari: route, then token, then rate. */
import type { Company, Person } from "#sandbox/company/types.ts";
import type { SandboxRequest } from "#sandbox/server.ts";
import { kongError } from "./refusals.ts";
import { personWithClariId, type Tenant } from "./tenant.ts";

/** The tokens this server knows. `sandbox-revoked` is known to be refused, like any other text. */
const TOKENS: Readonly<Record<string, (company: Company) => Person>> = {
  /** Top of the hierarchy: sees the whole organisation. */
  "sandbox-admin": (company) => personWithClariId(company, 3001),
  /** The same user's, made anew. */
  "sandbox-admin-renewed": (company) => personWithClariId(company, 3001),
  /** An account executive: sees only their own numbers. */
  "sandbox-rep": (company) => personWithClariId(company, 3003),
  /** Signed in, but not opted in to forecasting. */
  "sandbox-noopt": (company) => company.people.find(({ id }) => id === company.stories.optedOut)!,
};

export const PARTNER_KEY = "sandbox-partner";

const SECOND = 1000;

/** Whose token the request carries. */
export const authenticate = (tenant: Tenant, request: SandboxRequest): Person => {
  const token = request.headers.apikey;
  if (!token) throw kongError(401, "No API key found in request");
  const person = Object.hasOwn(TOKENS, token) ? TOKENS[token] : undefined;
  if (!person) throw kongError(401, "Invalid authentication credentials");
  throttle(tenant, token);
  return person(tenant.company);
};

const throttle = (tenant: Tenant, token: string): void => {
  const { requestsPerSecond, retryAfter } = tenant.switches;
  if (requestsPerSecond === null) return;
  const second = Math.floor(tenant.clock.now() / SECOND);
  const before = tenant.requests.get(token);
  const count = before?.second === second ? before.count + 1 : 1;
  tenant.requests.set(token, { second, count });
  if (count <= requestsPerSecond) return;

  tenant.throttled += 1;
  const says = retryAfter === "always" || (retryAfter === "sometimes" && tenant.throttled % 2 === 0);
  throw kongError(429, "API rate limit exceeded", says ? { "retry-after": "1" } : undefined);
};
