/** The token endpoint: refresh with rotation, JWT bearer, client credentials; and who a token is. */
import { createPublicKey, verify } from "node:crypto";
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import type { Org, Session } from "../org.ts";
import { accessToken, CLIENT_ID, CLIENT_SECRET } from "../tokens.ts";

const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LOGIN_HOSTS = ["https://login.salesforce.com", "https://test.salesforce.com"];

export const answerToken = (org: Org, request: SandboxRequest): SandboxResponse => {
  if (request.method !== "POST") return refused("invalid_request", "must use HTTP POST");
  const form = new URLSearchParams(request.body);
  switch (form.get("grant_type")) {
    case "refresh_token":
      return refreshGrant(org, request, form);
    case JWT_BEARER:
      return jwtGrant(org, request, form);
    case "client_credentials":
      return clientCredentialsGrant(org, request, form);
    default:
      return refused("unsupported_grant_type", "grant type not supported");
  }
};

const refreshGrant = (org: Org, request: SandboxRequest, form: URLSearchParams): SandboxResponse => {
  const { id, secret } = clientOf(request, form);
  if (id !== CLIENT_ID) return refused("invalid_client_id", "client identifier invalid");
  // A public client sends no secret; a wrong one is refused.
  if (secret !== null && secret !== CLIENT_SECRET)
    return refused("invalid_client", "invalid client credentials");
  const token = form.get("refresh_token") ?? "";
  if (!org.refreshTokens.has(token)) return refused("invalid_grant", "expired access/refresh token");
  const granted = grant(org, request.origin);
  if (!org.switches.tokenRotation) return { status: 200, headers: NO_STORE, body: granted };
  org.refreshTokens.delete(token);
  const next = `sandbox-refresh-${org.issued}`;
  org.refreshTokens.add(next);
  return { status: 200, headers: NO_STORE, body: { ...granted, refresh_token: next } };
};

const clientCredentialsGrant = (
  org: Org,
  request: SandboxRequest,
  form: URLSearchParams,
): SandboxResponse => {
  const { id, secret } = clientOf(request, form);
  if (id !== CLIENT_ID) return refused("invalid_client_id", "client identifier invalid");
  if (secret !== CLIENT_SECRET) return refused("invalid_client", "invalid client credentials");
  if (!org.switches.clientCredentialsUser)
    return refused("invalid_grant", "no client credentials user enabled");
  return { status: 200, headers: NO_STORE, body: grant(org, request.origin) };
};

/** The issuer is the client, the subject a user who is approved for it, the audience a login host or this org. */
const jwtGrant = (org: Org, request: SandboxRequest, form: URLSearchParams): SandboxResponse => {
  const [header = "", payload = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  const claims = decode(payload);
  const key = org.switches.jwtPublicKey;
  const signed =
    key !== null &&
    decode(header).alg === "RS256" &&
    verify(
      "sha256",
      Buffer.from(`${header}.${payload}`),
      createPublicKey(key),
      Buffer.from(signature, "base64url"),
    );
  if (claims.iss !== CLIENT_ID) return refused("invalid_client_id", "client identifier invalid");
  if (!signed) return refused("invalid_grant", "invalid assertion");
  if (![...LOGIN_HOSTS, request.origin].includes(String(claims.aud)))
    return refused("invalid_grant", "audience is invalid");
  if (!(Number(claims.exp) * 1000 > org.world.now())) return refused("invalid_grant", "expired assertion");
  const { people, stories } = org.world.company;
  const user = people.find(({ email }) => email === claims.sub);
  if (user?.id !== stories.integrationUser)
    return refused("invalid_grant", "user hasn't approved this consumer");
  const { issued_at: _, ...granted } = grant(org, request.origin);
  return { status: 200, headers: NO_STORE, body: granted };
};

const NO_STORE = { "cache-control": "no-store" };

const grant = (org: Org, origin: string) => {
  org.issued += 1;
  const token = accessToken(`issued${org.issued}`);
  const now = org.world.now();
  const { accessTokenTtl } = org.switches;
  const { company } = org.world;
  const session: Session = { name: "integration", userId: company.stories.integrationUser };
  org.sessions.set(
    token,
    accessTokenTtl === null ? session : { ...session, expiresAt: now + accessTokenTtl * 1000 },
  );
  return {
    access_token: token,
    signature: Buffer.from(`signature ${org.issued}`).toString("base64"),
    scope: "refresh_token api",
    instance_url: origin,
    id: identityUrl(org, session),
    token_type: "Bearer",
    issued_at: String(now),
  };
};

const identityUrl = ({ world: { company } }: Org, { userId }: Session) =>
  `https://login.salesforce.com/id/${company.organizationId}/${userId}`;

const clientOf = (request: SandboxRequest, form: URLSearchParams) => {
  const basic = /^Basic (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (basic === undefined) return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id, secret };
};

const refused = (error: string, description: string): SandboxResponse => ({
  status: 400,
  headers: NO_STORE,
  body: { error, error_description: description },
});

const decode = (part: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

export const userInfo = (org: Org, session: Session, origin: string): object => {
  const { company } = org.world;
  const person = company.people.find(({ id }) => id === session.userId);
  return {
    sub: identityUrl(org, session),
    user_id: session.userId,
    organization_id: company.organizationId,
    preferred_username: person?.email,
    nickname: person?.firstName,
    name: person?.name,
    email: person?.email,
    email_verified: true,
    given_name: person?.firstName,
    family_name: person?.lastName,
    zoneinfo: "GMT",
    active: person?.isActive,
    user_type: "STANDARD",
    language: "en_US",
    locale: "en_US",
    utcOffset: 0,
    is_app_installed: true,
    urls: {
      rest: `${origin}/services/data/v{version}/`,
      query: `${origin}/services/data/v{version}/query/`,
      sobjects: `${origin}/services/data/v{version}/sobjects/`,
    },
  };
};
