import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { decodeJwt } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  CLIENT_SECRET,
  EXPIRED_TOKEN,
  INTEGRATION_TOKEN,
  REFRESH_TOKEN,
} from "../../../connectors/salesforce/sandbox/tokens.ts";
import { readPrivateKey, signAssertion } from "../../../connectors/salesforce/sign-in/assertion.ts";
import { temporaryFolder } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";
import { logIn, PRIVATE_KEY, SOQL, startOrg } from "./signing-in.ts";

const GRANTS = ["refresh_token", "jwt_bearer", "client_credentials", "login"] as const;
type Way = (typeof GRANTS)[number];

/** A hub that has used its first access token, with all counts from here on. */
const signedIn = async (way: Way, switches: Record<string, unknown> = {}) => {
  const org = await startOrg({ tokenRotation: true, ...switches });
  const home = temporaryFolder();
  const first = await org.signedInBy(way, { home });
  if (way === "login") await logIn(first.hub);
  const before = await first.query();
  if (before.isError) throw new Error(JSON.stringify(before.answer));
  const counted = { token: org.tokenRequests().length, api: org.apiRequests().length };
  const spent = () => ({
    token: org.tokenRequests().length - counted.token,
    api: org.apiRequests().length - counted.api,
  });
  return { ...org, ...first, home, spent };
};

const vaultFiles = (home: string) =>
  readdirSync(join(home, "vault"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(home, "vault", name));

describe.each(GRANTS)("signed in by %s", (way) => {
  test("asks for a token once, and goes on with it", async () => {
    const { query, spent } = await signedIn(way);
    await query();
    await query();
    expect(spent()).toEqual({ token: 0, api: 2 });
  });

  test("an expired token is renewed once, and the request sent again", async () => {
    const { query, spent, expire } = await signedIn(way);
    expire();
    expect((await query()).isError).toBe(false);
    expect(spent()).toEqual({ token: 1, api: 2 });
    expire();
    expect((await query()).isError).toBe(false);
    expect(spent()).toEqual({ token: 2, api: 4 });
  });

  test("ten calls refused at the same time ask for one token", async () => {
    const { query, spent, expire } = await signedIn(way);
    expire();
    const results = await Promise.all(Array.from({ length: 10 }, query));
    expect(results.filter(({ isError }) => isError)).toEqual([]);
    expect(spent().token).toBe(1);
  });

  test("two hubs of one machine ask for one token each time it expires", async () => {
    const { query, spent, expire, signedInBy, home } = await signedIn(way);
    const other = await signedInBy(way, { home });
    expect((await other.query()).isError).toBe(false);
    expect(spent().token).toBe(0);
    for (const times of [1, 2, 3]) {
      expire();
      const results = await Promise.all([query(), other.query(), query(), other.query()]);
      expect(results.filter(({ isError }) => isError)).toEqual([]);
      expect(spent().token).toBe(times);
    }
  });

  test("a hub that has been idle takes no token that has surely ended as well", async () => {
    const { query, expire, signedInBy, home, clock } = await signedIn(way);
    const other = await signedInBy(way, { home });
    await other.query();
    expire();
    await query();
    clock.advance(20 * 60_000);
    expect((await other.query()).isError).toBe(false);
  });

  test("survives a restart between two renewals", async () => {
    const { hub, query, spent, expire, signedInBy, home } = await signedIn(way);
    expire();
    await query();
    await hub.stop();
    const again = await signedInBy(way, { home });
    expect((await again.query()).isError).toBe(false);
    expect(spent().token).toBe(1);
    expire();
    expect((await again.query()).isError).toBe(false);
    expect(spent().token).toBe(2);
  });

  test("a 401 that lasts ends in needs_login after two requests and one token", async () => {
    const { query, spent, sandbox } = await signedIn(way);
    sandbox.configure({ refuseSessions: true });
    expect(await query()).toBeRefused("needs_login");
    expect(spent()).toEqual({ token: 1, api: 2 });
  });

  test.each(["invalid_grant", "inactive_user", "invalid_client_id"])(
    "%s ends in needs_login at once, with Salesforce's words and what to do",
    async (error) => {
      const { query, spent, expire, sandbox } = await signedIn(way);
      expire();
      sandbox.configure({ refuseTokens: { error, description: "user is on holiday" } });
      const result = await query();
      expect(result).toBeRefused("needs_login");
      expect(result.answer.error.vendor).toMatchObject({ system: "salesforce", status: 400, code: error });
      expect(JSON.stringify(result.answer.error.vendor)).toContain("user is on holiday");
      expect(result.answer.error.hint).toMatch(error === "invalid_client_id" ? /auth\.clientId/ : HINT[way]);
      expect(spent()).toEqual({ token: 1, api: 1 });
    },
  );

  test.each([
    ["drops the connection", { spoil: "drop", before: true }, "vendor_unavailable"],
    ["is down", { status: 503, body: "maintenance" }, "vendor_unavailable"],
    ["asks for patience", { status: 400, body: '{"error":"unknown_error"}' }, "vendor_unavailable"],
    ["sends a web page", { spoil: "html" }, "vendor_malformed"],
    ["sends half an answer", { spoil: "truncate" }, "vendor_malformed"],
    ["breaks off", { spoil: "cut" }, "vendor_unavailable"],
    [
      "sends far too much",
      { status: 200, body: `{"access_token":"${"a".repeat(100_000)}"}` },
      "vendor_malformed",
    ],
    ["sends no token", { status: 200, body: '{"access_token":{"a":1}}' }, "vendor_malformed"],
    ["refuses without a reason", { status: 400, body: "[]" }, "vendor_malformed"],
  ] as const)("a token endpoint that %s is asked once and no login is lost", async (_, fault, code) => {
    const { query, spent, expire, sandbox } = await signedIn(way, { tokenRotation: false });
    expire();
    sandbox.fault({ match: "oauth2/token", times: 1, ...fault });
    expect(await query()).toBeRefused(code);
    expect(spent()).toEqual({ token: 1, api: 1 });
    expect((await query()).isError).toBe(false);
  });

  test("a token of another org is never used", async () => {
    const { query, expire, sandbox, spent } = await signedIn(way);
    expire();
    const body = {
      access_token: "theirs",
      token_type: "Bearer",
      instance_url: "https://other.my.salesforce.com",
    };
    sandbox.fault({ match: "oauth2/token", status: 200, body: JSON.stringify(body), times: 1 });
    const result = await query();
    expect(result).toBeRefused("config");
    expect(result.answer.error.message).toContain("another org");
    expect(spent()).toEqual({ token: 1, api: 1 });
    expect(sandbox.requests().some(({ headers }) => headers.authorization?.includes("theirs"))).toBe(false);
  });

  test("a stored login that was tampered with is not used, and the answer says what to do", async () => {
    const { hub, signedInBy, home, spent } = await signedIn(way);
    await hub.stop();
    const [file] = vaultFiles(home);
    const sealed = JSON.parse(readFileSync(file!, "utf8"));
    const data = Buffer.from(sealed.data, "base64");
    data[0] = data[0]! ^ 1;
    writeFileSync(file!, JSON.stringify({ ...sealed, data: data.toString("base64") }));
    const again = await signedInBy(way, { home });
    const result = await again.query();
    expect(result).toBeRefused("needs_login");
    expect(result.answer.error.message).toMatch(/was changed, or its key is gone/);
    expect(result.answer.error.hint).toContain("revops-hub logout salesforce");
    expect(spent()).toEqual({ token: 0, api: 0 });

    const { connector, api } = again.hub.built.supervised.find(({ name }) => name === "salesforce")!;
    expect(await connector!.login!.forget(api)).toContain("is deleted");
    if (way === "login") await logIn(again.hub);
    // The configured refresh token was used up when it was first exchanged.
    if (way !== "refresh_token") expect((await again.query()).isError).toBe(false);
  });

  test("no secret in answers, log, trail or any file", async () => {
    const { hub, query, expire, sandbox, home } = await signedIn(way, { tokenRotation: false });
    expire();
    const answers = [await query()];
    expire();
    // An endpoint that repeats what it was sent.
    const echo = JSON.stringify({ error: "invalid_grant", error_description: `bad: ${sentTo(sandbox)}` });
    sandbox.fault({ match: "oauth2/token", status: 400, body: echo, times: 1 });
    answers.push(await query());
    expect(answers[1]).toBeRefused("needs_login");
    const secrets = [
      ...sandbox.requests().flatMap(({ headers }) => headers.authorization?.split(" ")[1] ?? []),
      ...sandbox.requests(/oauth2\/token/).flatMap(({ body }) => secretsIn(body)),
      CLIENT_SECRET,
      PRIVATE_KEY.slice(100, 200),
    ];
    expect(new Set(secrets).size).toBeGreaterThan(3);
    const everywhere = [
      ...answers.map((answer) => JSON.stringify(answer)),
      JSON.stringify(await hub.log()),
      JSON.stringify(hub.trail.entries()),
      ...readdirSync(home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")),
    ].join("\n");
    expect(secrets.filter((secret) => everywhere.includes(secret))).toEqual([]);
  });
});

const HINT: Record<Way, RegExp> = {
  refresh_token: /auth\.refreshToken/,
  jwt_bearer: /auth\.privateKey/,
  client_credentials: /run as/,
  login: /revops-hub login salesforce/,
};

const secretsIn = (body: string): string[] => {
  const form = new URLSearchParams(body);
  return ["refresh_token", "assertion", "client_secret", "code", "code_verifier"].flatMap(
    (field) => form.get(field) ?? [],
  );
};

/** What the next renewal will send again. */
const sentTo = (sandbox: { requests(only: RegExp): readonly { body: string }[] }) =>
  secretsIn(sandbox.requests(/oauth2\/token/).at(-1)!.body).join(" ");

describe("refresh tokens that rotate", () => {
  test("the new one is kept before the new access token is used", async () => {
    const { hub, query, expire, sandbox, signedInBy, home } = await signedIn("refresh_token");
    expire();
    // Whatever happens to the first request with the new token, the login is safe.
    sandbox.fault({ match: "services/data", spoil: "drop", before: true });
    await query();
    await hub.stop();
    sandbox.fault(undefined);
    expire();
    const again = await signedInBy("refresh_token", { home });
    expect((await again.query()).isError).toBe(false);
    const used = sandbox
      .requests(/oauth2\/token/)
      .map(({ body }) => new URLSearchParams(body).get("refresh_token"));
    expect(new Set(used).size).toBe(used.length);
    expect(used[0]).toBe(REFRESH_TOKEN);
  });

  test("another configured refresh token is another login", async () => {
    const { signedInBy, home, sandbox } = await signedIn("refresh_token");
    const other = await signedInBy("refresh_token", { home, variables: { REFRESH: "somebody-elses" } });
    expect(await other.query()).toBeRefused("needs_login");
    expect(sandbox.requests(/oauth2\/token/).at(-1)?.body).toContain("somebody-elses");
  });

  test("a confidential client sends its secret, a public one sends none", async () => {
    const { signedInBy, tokenRequests } = await startOrg();
    await (await signedInBy("refresh_token")).query();
    expect(tokenRequests()[0]?.body).not.toContain("client_secret");
    const auth = { clientSecret: "env:SECRET" };
    expect((await (await signedInBy("refresh_token", { auth })).query()).isError).toBe(false);
    expect(tokenRequests()[1]?.body).toContain(`client_secret=${CLIENT_SECRET}`);
  });
});

describe("an assertion", () => {
  test("says who, for whom and until when", async () => {
    const { signedInBy, tokenRequests, clock, username } = await startOrg();
    await (await signedInBy("jwt_bearer")).query();
    const assertion = new URLSearchParams(tokenRequests()[0]?.body).get("assertion")!;
    expect(decodeJwt(assertion)).toEqual({
      iss: "sandbox-client-app",
      sub: username,
      aud: "https://login.salesforce.com",
      exp: clock.now() / 1000 + 180,
    });
  });

  test("is for test.salesforce.com in a sandbox, or for whom the configuration says", async () => {
    const auth = { type: "jwt_bearer", clientId: "c", username: "u", privateKey: "env:KEY" } as const;
    const key = readPrivateKey(PRIVATE_KEY);
    const audience = async (url: string, more = {}) =>
      decodeJwt(await signAssertion({ ...auth, ...more }, url, key, 0)).aud;
    expect(await audience("https://acme--dev.sandbox.my.salesforce.com")).toBe("https://test.salesforce.com");
    expect(await audience("https://acme.my.salesforce.com")).toBe("https://login.salesforce.com");
    expect(await audience("https://a.example", { audience: "https://b.example" })).toBe("https://b.example");
  });

  const pem = (key: KeyObject) => String(key.export({ type: "pkcs8", format: "pem" }));
  test.each([
    ["no key", "hunter2"],
    ["a key too short", pem(generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey)],
    ["a key of another kind", pem(generateKeyPairSync("ed25519").privateKey)],
  ])("is not signed with %s", async (_, key) => {
    const { signedInBy, sandbox } = await startOrg();
    const { query } = await signedInBy("jwt_bearer", { variables: { KEY: key } });
    const { answer } = await query();
    expect(answer.error).toMatchObject({
      code: "config",
      message: expect.stringContaining("auth.privateKey"),
    });
    expect(JSON.stringify(answer)).not.toContain(key.slice(0, 7));
    expect(sandbox.requests()).toEqual([]);
  });
});

describe("a person's login", () => {
  test("is needed before anything is asked", async () => {
    const { signedInBy, sandbox } = await startOrg();
    const { query } = await signedInBy("login");
    const result = await query();
    expect(result).toBeRefused("needs_login");
    expect(result.answer.error.hint).toContain("revops-hub login salesforce");
    expect(sandbox.requests()).toEqual([]);
  });

  test("is found by a hub that runs already, and names who signed in", async () => {
    const { signedInBy, username, sandbox } = await startOrg();
    const home = temporaryFolder();
    const running = await signedInBy("login", { home });
    expect(await running.query()).toBeRefused("needs_login");
    const terminal = await signedInBy("login", { home });
    expect(await logIn(terminal.hub)).toBe(`Signed in to ${sandbox.url} as ${username}.`);
    expect((await running.query()).isError).toBe(false);
  });

  test("is forgotten here and revoked there", async () => {
    const { hub, query, expire, sandbox } = await signedIn("login");
    const { connector, api } = hub.built.supervised.find(({ name }) => name === "salesforce")!;
    const { forget } = connector!.login!;
    expect(await forget(api)).toContain("revoked there");
    expect(await forget(api)).toContain("No login");
    expire();
    expect(await query()).toBeRefused("needs_login");
    expect(sandbox.requests(/revoke/)).toHaveLength(1);
  });

  test("is forgotten also when Salesforce cannot be told", async () => {
    const { hub, query, sandbox } = await signedIn("login");
    const { connector, api } = hub.built.supervised.find(({ name }) => name === "salesforce")!;
    sandbox.fault({ match: "revoke", spoil: "drop", before: true });
    expect(await connector!.login!.forget(api)).toContain("was not revoked");
    expect(await query()).toBeRefused("needs_login");
  });
});

describe.skipIf(process.platform === "win32")("the login of the Salesforce CLI", () => {
  afterEach(() => vi.unstubAllEnvs());

  /** A program of that name, which notes how it was called. */
  const install = (says: string, where: string, status = 0) => {
    const folder = temporaryFolder();
    const path = join(folder, "sf");
    const write = (text: string, end = 0) => {
      writeFileSync(join(folder, "says"), text);
      writeFileSync(
        path,
        `#!/bin/sh\necho "$@" >> ${folder}/calls\ncase "$2" in display) cat ${folder}/where;; *) cat ${folder}/says;; esac\nexit ${end}\n`,
      );
      chmodSync(path, 0o755);
    };
    writeFileSync(join(folder, "where"), JSON.stringify({ result: { instanceUrl: where } }));
    write(says, status);
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
    return { write, calls: () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n") };
  };
  const shows = (accessToken: string) => JSON.stringify({ status: 0, result: { accessToken }, warnings: [] });
  const start = async (says: string, { where, status }: { where?: string; status?: number } = {}) => {
    const { sandbox } = await startOrg();
    const sf = install(says, where ?? sandbox.url, status);
    const hub = await startConfigured(
      { instanceUrl: sandbox.url, auth: { type: "sf_cli", alias: "prod" } },
      {},
    );
    return { sandbox, sf, query: () => hub.call("salesforce_query", { soql: SOQL }) };
  };

  test("is asked at the first use, and again when its token has ended", async () => {
    const { query, sandbox, sf } = await start(shows(EXPIRED_TOKEN));
    await query();
    expect(sandbox.requests()).toHaveLength(1);
    sf.write(shows(INTEGRATION_TOKEN));
    expect((await query()).isError).toBe(false);
    expect(new Set(sf.calls())).toEqual(
      new Set(["org auth show-access-token -o prod --json", "org display -o prod --json"]),
    );
  });

  test.each([
    ["cannot sign in", "{}", { status: 1 }, "needs_login"],
    ["says nothing that is a token", "signed in as somebody", {}, "needs_login"],
    ["does not say which org it is", shows(INTEGRATION_TOKEN), { where: "" }, "needs_login"],
    ["is signed in elsewhere", shows(INTEGRATION_TOKEN), { where: "https://o.my.salesforce.com" }, "config"],
  ] as const)("that %s is refused before anything is sent", async (_, says, more, code) => {
    const { query, sandbox } = await start(says, more);
    const result = await query();
    expect(result).toBeRefused(code);
    expect(JSON.stringify(result.answer)).not.toContain("signed in as somebody");
    expect(sandbox.requests()).toEqual([]);
  });

  test("that is not installed is named with the command to run", async () => {
    const { query } = await start(shows(INTEGRATION_TOKEN));
    vi.stubEnv("PATH", temporaryFolder());
    const result = await query();
    expect(result).toBeRefused("needs_login");
    expect(result.answer.error.hint).toContain("sf org login web --alias prod");
  });
});

test.each([
  [{ type: "refresh_token", clientId: "c", refreshToken: "env:NONE" }, "env:NONE"],
  [{ type: "refresh_token", clientId: "c", refreshToken: "env:SET", clientSecret: "env:NONE" }, "env:NONE"],
  [{ type: "jwt_bearer", clientId: "c", username: "u", privateKey: "env:NONE" }, "env:NONE"],
  [{ type: "client_credentials", clientId: "c", clientSecret: "env:NONE" }, "env:NONE"],
  [{ type: "login", clientId: "c", clientSecret: "env:NONE" }, "env:NONE"],
  [{ type: "sf_cli", alias: "-x; rm" }, "auth.alias"],
  [{ type: "client_credentials", clientId: "c", clientSecret: "in the open" }, "auth.clientSecret"],
  [{ type: "password", username: "u" }, "auth.type"],
])("the settings %j do not start, and the message says which is wrong", async (auth, expected) => {
  const config = { instanceUrl: "https://example.my.salesforce.com", auth };
  const hub = await startConfigured(config, { SET: "x" });
  const { answer } = await hub.call("salesforce_query", { soql: SOQL });
  expect(answer.error.code).toBe("config");
  expect(answer.error.message).toContain(expected);
});
