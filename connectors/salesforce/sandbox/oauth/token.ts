/** `POST /services/oauth2/token`: authorization code, refresh with rotation, JWT bearer, client credentials. */
import { createHash } from "node:crypto";
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import { type Org, type Session, signOut } from "../org.ts";
import { accessToken } from "../tokens.ts";
import { requireClient } from "./client.ts";
import { identityUrl } from "./identity.ts";
import { requireAssertion } from "./jwt.ts";
import { OAuthRefusal } from "./refusal.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const NO_STORE = { "cache-control": "no-store" };

export const answerToken = (org: Org, request: SandboxRequest): SandboxResponse => {
  try {
    if (request.method !== "POST") throw new OAuthRefusal("invalid_request", "must use HTTP POST");
    const { refuseTokens } = org.switches;
    if (refuseTokens) throw new OAuthRefusal(refuseTokens.error, refuseTokens.description);
    const form = new URLSearchParams(request.body);
    return { status: 200, headers: NO_STORE, body: grantTokens(org, request, form) };
  } catch (error) {
    if (error instanceof OAuthRefusal) return { status: 400, headers: NO_STORE, body: error.parameters };
    throw error;
  }
};

const grantTokens = (org: Org, request: SandboxRequest, form: URLSearchParams): object => {
  switch (form.get("grant_type")) {
    case "authorization_code": {
      requireClient(request, form, "optional");
      const { grant, scopes } = redeemCode(org, form);
      const granted = grantAccess(org, request.origin, { grant, scopes });
      return scopes.includes("refresh_token")
        ? { ...granted, refresh_token: issueRefreshToken(org, grant) }
        : granted;
    }
    case "refresh_token": {
      requireClient(request, form, "optional");
      const token = form.get("refresh_token") ?? "";
      const grant = org.refreshTokens.get(token);
      if (grant === undefined) throw new OAuthRefusal("invalid_grant", "expired access/refresh token");
      const granted = grantAccess(org, request.origin, { grant });
      if (!org.switches.tokenRotation) return granted;
      org.refreshTokens.delete(token);
      return { ...granted, refresh_token: issueRefreshToken(org, grant) };
    }
    case JWT_BEARER: {
      requireAssertion(org, request.origin, form.get("assertion") ?? "");
      const { issued_at: _, ...granted } = grantAccess(org, request.origin);
      return granted;
    }
    case "client_credentials":
      requireClient(request, form, "required");
      if (!org.switches.clientCredentialsUser)
        throw new OAuthRefusal("invalid_grant", "no client credentials user enabled");
      return grantAccess(org, request.origin);
    default:
      throw new OAuthRefusal("unsupported_grant_type", "grant type not supported");
  }
};

/** A code is good for one attempt; a second one ends what the first has opened (RFC 6749, 4.1.2). */
const redeemCode = (org: Org, form: URLSearchParams) => {
  const text = form.get("code") ?? "";
  const code = org.codes.get(text);
  if (!code) throw new OAuthRefusal("invalid_grant", "invalid authorization code");
  const { redirectUri, challenge, expiresAt, grant } = code;
  const usable = expiresAt > org.world.now();
  org.codes.set(text, { ...code, expiresAt: 0 });
  if (!usable) {
    signOut(org, grant);
    throw new OAuthRefusal("invalid_grant", "expired authorization code");
  }
  if (form.get("redirect_uri") !== redirectUri)
    throw new OAuthRefusal("redirect_uri_mismatch", "redirect_uri must match configuration");
  const verifier = form.get("code_verifier") ?? "";
  const proof = createHash("sha256").update(verifier).digest("base64url");
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || proof !== challenge)
    throw new OAuthRefusal("invalid_grant", "invalid code verifier");
  return code;
};

const issueRefreshToken = (org: Org, grant: string): string => {
  const token = `sandbox-refresh-${org.issued}`;
  org.refreshTokens.set(token, grant);
  return token;
};

const grantAccess = (
  org: Org,
  origin: string,
  { grant, scopes = ["refresh_token", "api"] }: { grant?: string; scopes?: readonly string[] } = {},
) => {
  org.issued += 1;
  const token = accessToken(`issued${org.issued}`);
  const now = org.world.now();
  const { accessTokenTtl } = org.switches;
  const session: Session = {
    name: "integration",
    userId: org.world.company.stories.integrationUser,
    ...(grant === undefined ? {} : { grant }),
    ...(accessTokenTtl === null ? {} : { expiresAt: now + accessTokenTtl * 1000 }),
  };
  org.sessions.set(token, session);
  return {
    access_token: token,
    signature: Buffer.from(`signature ${org.issued}`).toString("base64"),
    scope: scopes.join(" "),
    instance_url: origin,
    id: identityUrl(org, session),
    token_type: "Bearer",
    issued_at: String(now),
  };
};
