import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  CLIENT_ID,
  CLIENT_SECRET,
  INTEGRATION_TOKEN,
  REFRESH_TOKEN,
} from "../../../../connectors/salesforce/sandbox/tokens.ts";
import { NOW, startOrg, type TestOrg } from "./org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await startOrg();
});
beforeEach(() => {
  org.server.reset();
  org.setTime(NOW);
});
afterAll(() => org.server.close());

const CALLBACK = "http://localhost:1717/callback";
// The pair of RFC 7636, appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const REQUEST = {
  response_type: "code",
  client_id: CLIENT_ID,
  redirect_uri: CALLBACK,
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
  state: "s t&te",
};

/** `undefined` leaves a parameter out. */
type Changes = Readonly<Record<string, string | undefined>>;

const parameters = (defaults: object, changes: Changes) =>
  new URLSearchParams(
    Object.entries({ ...defaults, ...changes }).filter(
      (one): one is [string, string] => one[1] !== undefined,
    ),
  );

const authorize = async (changes: Changes = {}) => {
  const path = `/services/oauth2/authorize?${parameters(REQUEST, changes)}`;
  const response = await fetch(org.server.url + path, { redirect: "manual" });
  const location = response.headers.get("location");
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    location,
    query: Object.fromEntries(new URL(location ?? "http://nowhere.invalid").searchParams),
    text: await response.text(),
  };
};

const token = async (changes: Changes) => {
  const form = { grant_type: "authorization_code", client_id: CLIENT_ID, redirect_uri: CALLBACK };
  const response = await fetch(`${org.server.url}/services/oauth2/token`, {
    method: "POST",
    body: parameters({ ...form, code_verifier: VERIFIER }, changes),
  });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
};
const newCode = async (changes?: Changes) => (await authorize(changes)).query.code!;
const refused = (error: string, description: string) => ({
  status: 400,
  json: { error, error_description: description },
});
const isSignedIn = async (accessToken: string | undefined) =>
  (await org.send("GET", "limits", { token: accessToken ?? null })).status === 200;
const revoke = (one: string) =>
  fetch(`${org.server.url}/services/oauth2/revoke`, {
    method: "POST",
    body: new URLSearchParams({ token: one }),
  });

describe("The authorization page", () => {
  it("goes back to the callback at once, with a code and the state as it came", async () => {
    const { status, location, query } = await authorize();
    expect(status).toBe(302);
    expect(location).toMatch(/^http:\/\/localhost:1717\/callback\?/);
    expect(query).toEqual({ code: expect.any(String), state: "s t&te" });
    expect((await authorize({ state: undefined })).query).toEqual({ code: expect.any(String) });
  });

  it.each([
    [{ code_challenge: undefined }, "invalid_request", "missing required code challenge"],
    [{ code_challenge: "a".repeat(42) }, "invalid_request", "invalid code challenge"],
    [{ code_challenge: "a".repeat(129) }, "invalid_request", "invalid code challenge"],
    [{ code_challenge: `${"a".repeat(42)}=` }, "invalid_request", "invalid code challenge"],
    [{ code_challenge_method: undefined }, "invalid_request", "code challenge method must be S256"],
    [{ code_challenge_method: "plain" }, "invalid_request", "code challenge method must be S256"],
    [{ response_type: "token" }, "unsupported_response_type", "response type not supported"],
    [{ scope: "api everything" }, "invalid_scope", "the requested scope is not allowed"],
  ])("sends %j back to the callback with %s", async (changes, error, description) => {
    const { status, location, query } = await authorize(changes);
    expect(status).toBe(302);
    expect(location).toContain(CALLBACK);
    expect(query).toEqual({ error, error_description: description, state: "s t&te" });
  });

  it("sends nobody anywhere for a client or a callback it does not know", async () => {
    for (const [changes, error] of [
      [{ client_id: "other" }, "invalid_client_id"],
      [{ redirect_uri: undefined }, "redirect_uri_mismatch"],
      [{ redirect_uri: "https://evil.example/callback" }, "redirect_uri_mismatch"],
      [{ redirect_uri: "http://localhost:1717/callback/more" }, "redirect_uri_mismatch"],
      [{ redirect_uri: "http://localhost:1717@evil.example/callback" }, "redirect_uri_mismatch"],
      [{ redirect_uri: "http://localhost:99999/callback" }, "redirect_uri_mismatch"],
      [{ redirect_uri: "http://127.0.0.1:1717/callback" }, "redirect_uri_mismatch"],
    ] as const) {
      const { status, location, type, text } = await authorize(changes);
      expect([status, location, type]).toEqual([400, null, "text/html;charset=UTF-8"]);
      expect(text).toContain(error);
    }
  });

  it("takes the callback the switch registers, on any port where it says so", async () => {
    expect((await authorize({ redirect_uri: "http://localhost:50123/callback" })).status).toBe(302);
    org.server.configure({ callbackUrl: "http://127.0.0.1:*/callback" });
    expect((await authorize({ redirect_uri: "http://127.0.0.1:50123/callback" })).status).toBe(302);
    expect((await authorize()).status).toBe(400);
    org.server.configure({ callbackUrl: CALLBACK });
    expect((await authorize()).status).toBe(302);
    expect((await authorize({ redirect_uri: "http://localhost:1718/callback" })).status).toBe(400);
  });

  it("comes back without a code when the person refuses", async () => {
    org.server.configure({ denyAuthorization: true });
    expect((await authorize()).query).toEqual({
      error: "access_denied",
      error_description: "end-user denied authorization",
      state: "s t&te",
    });
  });
});

describe("An authorization code", () => {
  it("becomes an access and a refresh token, both of which work", async () => {
    const { status, json } = await token({ code: await newCode() });
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^00D[a-zA-Z0-9]{15}!/),
      refresh_token: expect.any(String),
      signature: expect.any(String),
      scope: "refresh_token api openid",
      instance_url: org.server.url,
      id: `https://login.salesforce.com/id/${org.company.organizationId}/${org.company.stories.integrationUser}`,
      token_type: "Bearer",
      issued_at: String(NOW),
    });
    expect(await isSignedIn(json.access_token)).toBe(true);
    const again = await token({ grant_type: "refresh_token", refresh_token: json.refresh_token });
    expect(await isSignedIn(again.json.access_token)).toBe(true);
  });

  it("gives the scopes that were asked for, and no refresh token without the scope", async () => {
    const lasting = await token({ code: await newCode({ scope: "api offline_access" }) });
    expect(lasting.json).toMatchObject({ scope: "refresh_token api", refresh_token: expect.any(String) });
    const passing = await token({ code: await newCode({ scope: "api" }) });
    expect(passing.json.scope).toBe("api");
    expect(passing.json).not.toHaveProperty("refresh_token");
  });

  it("is good once; a second attempt ends what the first has opened", async () => {
    const code = await newCode();
    const { json } = await token({ code });
    expect(await token({ code })).toEqual(refused("invalid_grant", "expired authorization code"));
    expect(await isSignedIn(json.access_token)).toBe(false);
    expect((await token({ grant_type: "refresh_token", refresh_token: json.refresh_token })).status).toBe(
      400,
    );
  });

  it("lives ten minutes", async () => {
    const [early, late] = [await newCode(), await newCode()];
    org.setTime(NOW + 599_999);
    expect((await token({ code: early })).status).toBe(200);
    org.setTime(NOW + 600_000);
    expect(await token({ code: late })).toEqual(refused("invalid_grant", "expired authorization code"));
  });

  it.each<[Changes, string, string]>([
    [{ code: "other" }, "invalid_grant", "invalid authorization code"],
    [{ code_verifier: undefined }, "invalid_grant", "invalid code verifier"],
    [{ code_verifier: `${VERIFIER}x` }, "invalid_grant", "invalid code verifier"],
    [
      { redirect_uri: "http://localhost:1718/callback" },
      "redirect_uri_mismatch",
      "redirect_uri must match configuration",
    ],
    [{ redirect_uri: undefined }, "redirect_uri_mismatch", "redirect_uri must match configuration"],
    [{ client_id: "other" }, "invalid_client_id", "client identifier invalid"],
    [{ client_secret: "other" }, "invalid_client", "invalid client credentials"],
  ])("is refused with %j: %s", async (changes, error, description) => {
    expect(await token({ code: await newCode(), ...changes })).toEqual(refused(error, description));
  });

  it("takes a secret that is right, and no verifier shorter than RFC 7636 allows", async () => {
    expect((await token({ code: await newCode(), client_secret: CLIENT_SECRET })).status).toBe(200);
    const short = "too-short";
    const challenge = createHash("sha256").update(short).digest("base64url");
    const code = await newCode({ code_challenge: challenge });
    expect(await token({ code, code_verifier: short })).toEqual(
      refused("invalid_grant", "invalid code verifier"),
    );
  });
});

describe("Revoking", () => {
  it("ends an access token alone", async () => {
    const { json } = await token({ code: await newCode() });
    expect((await revoke(json.access_token!)).status).toBe(200);
    expect(await isSignedIn(json.access_token)).toBe(false);
    expect((await token({ grant_type: "refresh_token", refresh_token: json.refresh_token })).status).toBe(
      200,
    );
  });

  it("ends a refresh token with every access token it has given, and nobody else's", async () => {
    const { json } = await token({ code: await newCode() });
    const second = await token({ grant_type: "refresh_token", refresh_token: json.refresh_token });
    expect((await revoke(json.refresh_token!)).status).toBe(200);
    expect(await isSignedIn(json.access_token)).toBe(false);
    expect(await isSignedIn(second.json.access_token)).toBe(false);
    expect(await token({ grant_type: "refresh_token", refresh_token: json.refresh_token })).toEqual(
      refused("invalid_grant", "expired access/refresh token"),
    );
    expect(await isSignedIn(INTEGRATION_TOKEN)).toBe(true);
    expect((await token({ grant_type: "refresh_token", refresh_token: REFRESH_TOKEN })).status).toBe(200);
  });

  it("knows no other token", async () => {
    const answer = await revoke("nope");
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: "invalid_token", error_description: "invalid token" },
    ]);
  });
});
