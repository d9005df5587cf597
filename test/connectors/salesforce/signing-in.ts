/** A sandboxed org, and hubs that sign in to it in every way. */
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } from "../../../connectors/salesforce/sandbox/tokens.ts";
import { createPatientClock } from "../../kit/clock.ts";
import { startHub, type TestHub, temporaryFolder } from "../../kit/hub.ts";
import { startConfigured } from "./configured.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const PRIVATE_KEY = privateKey;

/** Few rows, so that nothing needs counting. */
export const SOQL = "SELECT Id FROM OpportunityStage";

export const startOrg = async (switches: Record<string, unknown> = {}, clock = createPatientClock()) => {
  const beside = await startHub({ connectors: ["salesforce"], clock });
  const sandbox = beside.sandbox("salesforce");
  const { people, stories } = beside.company;
  const username = people.find(({ id }) => id === stories.integrationUser)!.email;
  sandbox.configure({ accessTokenTtl: 60, jwtPublicKey: publicKey, ...switches });

  const ways = {
    refresh_token: { type: "refresh_token", clientId: CLIENT_ID, refreshToken: "env:REFRESH" },
    jwt_bearer: { type: "jwt_bearer", clientId: CLIENT_ID, username, privateKey: "env:KEY" },
    client_credentials: { type: "client_credentials", clientId: CLIENT_ID, clientSecret: "env:SECRET" },
    login: { type: "login", clientId: CLIENT_ID },
  };
  const signedInBy = async (
    type: keyof typeof ways,
    {
      home = temporaryFolder(),
      auth = {},
      variables = {} as Record<string, string>,
      connectors = {} as Record<string, { from: string }>,
    } = {},
  ) => {
    const hub = await startConfigured(
      { instanceUrl: sandbox.url, auth: { ...ways[type], ...auth } },
      // PEMs in variables often have their line breaks written out.
      {
        REFRESH: REFRESH_TOKEN,
        KEY: privateKey.replaceAll("\n", "\\n"),
        SECRET: CLIENT_SECRET,
        ...variables,
      },
      { clock, home, connectors },
    );
    return { hub, query: () => hub.call("salesforce_query", { soql: SOQL }) };
  };
  return {
    sandbox,
    clock,
    username,
    signedInBy,
    expire: () => clock.advance(61_000),
    tokenRequests: () => sandbox.requests(/oauth2\/token/),
    apiRequests: () => sandbox.requests(/services\/data/),
  };
};

export type SignInOrg = Awaited<ReturnType<typeof startOrg>>;

/** What a person does in a browser, and the command line on either side of it. */
export const logIn = async (hub: TestHub): Promise<string> => {
  const { connector, api } = hub.built.supervised.find(({ name }) => name === "salesforce")!;
  const login = connector!.login!;
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const redirectUri = `http://localhost:${login.port(api)}/callback`;
  const page = await fetch(login.authorizeUrl(api, { redirectUri, state: "s", challenge }), {
    redirect: "manual",
  });
  const code = new URL(page.headers.get("location")!).searchParams.get("code")!;
  return login.redeem(api, { code, verifier, redirectUri });
};
