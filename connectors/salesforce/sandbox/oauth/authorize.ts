/**
 * `GET /services/oauth2/authorize`: the web server flow with PKCE (RFC 6749, 7636). There is nobody who
 * could log in and click Allow, so the answer comes at once; a switch makes the person refuse.
 */
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import type { Org } from "../org.ts";
import { isRegistered, requireClientId, SCOPES } from "./client.ts";
import { OAuthRefusal } from "./refusal.ts";

/** RFC 6749, 4.1.2: ten minutes at most. */
const CODE_LIFETIME = 600_000;

export const answerAuthorize = (org: Org, request: SandboxRequest): SandboxResponse => {
  const { query } = request;
  if (request.method !== "GET") return page(405, "Use GET.");
  const redirectUri = query.get("redirect_uri") ?? "";
  try {
    // Whoever is not known is not sent anywhere (RFC 6749, 4.1.2.1).
    requireClientId(query.get("client_id"));
    if (!isRegistered(org.switches.callbackUrl, redirectUri))
      throw new OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration");
  } catch (error) {
    if (error instanceof OAuthRefusal) return page(400, `error=${error.error}: ${error.message}`);
    throw error;
  }
  const state = query.get("state");
  const answer = (parameters: Readonly<Record<string, string>>) =>
    redirect(redirectUri, { ...parameters, ...(state === null ? {} : { state }) });
  try {
    return answer({ code: issueCode(org, query, redirectUri) });
  } catch (error) {
    if (error instanceof OAuthRefusal) return answer(error.parameters);
    throw error;
  }
};

const issueCode = (org: Org, query: URLSearchParams, redirectUri: string): string => {
  if (query.get("response_type") !== "code")
    throw new OAuthRefusal("unsupported_response_type", "response type not supported");
  const challenge = query.get("code_challenge");
  if (challenge === null) throw new OAuthRefusal("invalid_request", "missing required code challenge");
  if (!/^[A-Za-z0-9_-]{43,128}$/.test(challenge))
    throw new OAuthRefusal("invalid_request", "invalid code challenge");
  if (query.get("code_challenge_method") !== "S256")
    throw new OAuthRefusal("invalid_request", "code challenge method must be S256");
  const scopes = readScopes(query.get("scope"));
  if (org.switches.denyAuthorization)
    throw new OAuthRefusal("access_denied", "end-user denied authorization");

  org.issued += 1;
  const code = `sandbox-code-${org.issued}`;
  const expiresAt = org.world.now() + CODE_LIFETIME;
  org.codes.set(code, { challenge, redirectUri, scopes, expiresAt, grant: code });
  return code;
};

/** Absent: everything the app is registered for. `offline_access` is another name of `refresh_token`. */
const readScopes = (text: string | null): readonly string[] => {
  if (text === null) return SCOPES;
  const asked = text
    .split(" ")
    .filter(Boolean)
    .map((scope) => (scope === "offline_access" ? "refresh_token" : scope));
  const unknown = asked.some((scope) => !SCOPES.includes(scope));
  if (unknown || asked.length === 0)
    throw new OAuthRefusal("invalid_scope", "the requested scope is not allowed");
  return SCOPES.filter((scope) => asked.includes(scope));
};

const redirect = (to: string, parameters: Readonly<Record<string, string>>): SandboxResponse => {
  const url = new URL(to);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: url.href, "cache-control": "no-store" } };
};

const page = (status: number, text: string): SandboxResponse => ({
  status,
  headers: { "content-type": "text/html;charset=UTF-8" },
  body: `<!DOCTYPE html><html><head><title>OAuth Error</title></head><body>${text}</body></html>`,
});
