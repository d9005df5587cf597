import { generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } from "../../../../connectors/salesforce/sandbox/tokens.ts";
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

const request = async (form: Record<string, string>) => {
  const response = await fetch(`${org.server.url}/services/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
};
const refresh = (token: string) =>
  request({ grant_type: "refresh_token", refresh_token: token, client_id: CLIENT_ID });
const refused = (error: string, description: string) => ({
  status: 400,
  json: { error, error_description: description },
});

describe("The token endpoint", () => {
  it("refreshes, in Salesforce's shape, and the new token works", async () => {
    const { status, json } = await refresh(REFRESH_TOKEN);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^00D[a-zA-Z0-9]{15}!/),
      signature: expect.any(String),
      scope: "refresh_token api",
      instance_url: org.server.url,
      id: `https://login.salesforce.com/id/${org.company.organizationId}/${org.company.stories.integrationUser}`,
      token_type: "Bearer",
      issued_at: String(NOW),
    });
    expect((await org.send("GET", "limits", { token: json.access_token! })).status).toBe(200);
  });

  it("rotates refresh tokens when told to: the old one is dead, the new one lives", async () => {
    org.server.configure({ tokenRotation: true });
    const { json } = await refresh(REFRESH_TOKEN);
    expect(await refresh(REFRESH_TOKEN)).toEqual(refused("invalid_grant", "expired access/refresh token"));
    expect((await refresh(json.refresh_token!)).status).toBe(200);
  });

  it("lets access tokens expire when told to", async () => {
    org.server.configure({ accessTokenTtl: 60 });
    const { json } = await refresh(REFRESH_TOKEN);
    org.setTime(NOW + 59_000);
    expect((await org.send("GET", "limits", { token: json.access_token! })).status).toBe(200);
    org.setTime(NOW + 60_000);
    expect((await org.send("GET", "limits", { token: json.access_token! })).status).toBe(401);
  });

  it("refuses every token request with the error it is told, and each request is seen", async () => {
    const refuseTokens = { error: "invalid_grant", description: "expired access/refresh token" };
    org.server.configure({ refuseTokens });
    expect(await refresh(REFRESH_TOKEN)).toEqual(refused("invalid_grant", "expired access/refresh token"));
    expect(org.server.requests(/oauth2\/token/)).toHaveLength(1);
    org.server.configure({ refuseTokens: null });
    expect((await refresh(REFRESH_TOKEN)).status).toBe(200);
    expect(org.server.requests(/oauth2\/token/).map(({ status }) => status)).toEqual([400, 200]);
  });

  it("gives tokens that are of no use where every session is refused", async () => {
    org.server.configure({ refuseSessions: true });
    const { status, json } = await refresh(REFRESH_TOKEN);
    expect(status).toBe(200);
    const answer = await org.send("GET", "limits", { token: json.access_token! });
    expect([answer.status, answer.json[0].errorCode]).toEqual([401, "INVALID_SESSION_ID"]);
    expect((await org.send("GET", "/services/oauth2/userinfo")).status).toBe(403);
  });

  it("gives client credentials a session of the run-as user, if one is set", async () => {
    const form = { grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
    const { json } = await request(form);
    expect(json).toHaveProperty("access_token");
    expect(json).not.toHaveProperty("refresh_token");
    org.server.configure({ clientCredentialsUser: false });
    expect(await request(form)).toEqual(refused("invalid_grant", "no client credentials user enabled"));
  });

  it("names what is wrong with a request", async () => {
    expect(await request({ grant_type: "password" })).toEqual(
      refused("unsupported_grant_type", "grant type not supported"),
    );
    expect(
      await request({ grant_type: "refresh_token", refresh_token: REFRESH_TOKEN, client_id: "other" }),
    ).toEqual(refused("invalid_client_id", "client identifier invalid"));
    expect(
      await request({ grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: "other" }),
    ).toEqual(refused("invalid_client", "invalid client credentials"));
    expect(await refresh("other")).toEqual(refused("invalid_grant", "expired access/refresh token"));
  });

  it("checks signature, audience, expiry and approval of a JWT", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwt = (changes: object = {}) => {
      const user = org.company.people.find(({ id }) => id === org.company.stories.integrationUser)!;
      const claims = {
        iss: CLIENT_ID,
        sub: user.email,
        aud: org.server.url,
        exp: NOW / 1000 + 180,
        ...changes,
      };
      const input = [{ alg: "RS256" }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
    };
    const bearer = (assertion: string) =>
      request({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });

    expect(await bearer(jwt())).toEqual(refused("invalid_grant", "invalid assertion"));
    org.server.configure({ jwtPublicKey: publicKey.export({ type: "spki", format: "pem" }) });
    const { status, json } = await bearer(jwt());
    expect(status).toBe(200);
    expect(json).not.toHaveProperty("refresh_token");
    expect((await org.send("GET", "limits", { token: json.access_token! })).status).toBe(200);

    expect(await bearer(`${jwt().slice(0, -8)}AAAAAAAA`)).toEqual(
      refused("invalid_grant", "invalid assertion"),
    );
    expect(await bearer(jwt({ aud: "https://example.com" }))).toEqual(
      refused("invalid_grant", "audience is invalid"),
    );
    expect(await bearer(jwt({ exp: NOW / 1000 - 1 }))).toEqual(refused("invalid_grant", "expired assertion"));
    expect(await bearer(jwt({ sub: "stranger@lumenfield.example" }))).toEqual(
      refused("invalid_grant", "user hasn't approved this consumer"),
    );
    expect(await bearer(jwt({ iss: "other" }))).toEqual(
      refused("invalid_client_id", "client identifier invalid"),
    );
  });

  it("tells whose token it is", async () => {
    const { json } = await org.send("GET", "/services/oauth2/userinfo");
    expect(json).toMatchObject({
      user_id: org.company.stories.integrationUser,
      organization_id: org.company.organizationId,
      user_type: "STANDARD",
    });
    const stranger = await org.send("GET", "/services/oauth2/userinfo", { token: "nope" });
    expect([stranger.status, stranger.text]).toEqual([403, "Bad_OAuth_Token"]);
  });
});
