/** Where the hub's tokens come from, by `auth.type`. Nothing is sent before a token is needed. */
import { createHash } from "node:crypto";
import {
  createGrantedToken,
  createReferencedToken,
  type Grant,
  type GrantedToken,
  HubError,
  type Setup,
  type TokenProvider,
} from "#connector";
import type { Settings } from "../config.ts";
import { readPrivateKey, signAssertion } from "./assertion.ts";
import type { AuthOf } from "./auth.ts";
import { SIGN_IN_AGAIN } from "./hints.ts";
import { revoke } from "./revoke.ts";
import { sfCliToken } from "./sf-cli.ts";
import { createTokenEndpoint, type Form } from "./token-endpoint.ts";

export interface SignIn {
  readonly tokens: TokenProvider;
  /** Stands for the user who is signed in, and changes with that user; a secret, not to be shown. */
  whose(): Promise<string>;
  /** Deletes what the hub keeps, if it keeps anything; {@link Forgotten} says how that went. */
  forget(): Promise<Forgotten>;
  /** Only where a person signs in. */
  readonly person?: PersonSignIn;
}

/** `revoked`: deleted here, and ended at Salesforce as well. */
export type Forgotten = "nothing" | "deleted" | "revoked";

export interface PersonSignIn {
  readonly auth: AuthOf<"login">;
  /** Exchanges the code of a finished login for a grant, and keeps it. */
  redeem(form: {
    readonly code: string;
    readonly code_verifier: string;
    readonly redirect_uri: string;
  }): Promise<Grant>;
}

/** Throws `config` for a secret that is missing or is none. */
export const openSignIn = async (setup: Setup<Settings>): Promise<SignIn> => {
  const { auth, instanceUrl } = setup.config;
  switch (auth.type) {
    case "access_token": {
      const tokens = createReferencedToken(() => setup.secret(auth.token));
      await tokens.current();
      return referenced(tokens);
    }
    case "sf_cli":
      return referenced(createReferencedToken(() => sfCliToken(auth.alias, instanceUrl, setup.secret)));
    case "refresh_token":
      return kept(await byRefreshToken(setup, auth), auth.clientId, await setup.secret(auth.refreshToken));
    case "jwt_bearer":
      return kept(await byAssertion(setup, auth), auth.clientId, auth.username);
    case "client_credentials":
      return kept(await byClientCredentials(setup, auth), auth.clientId);
    case "login":
      return byPerson(setup, auth);
  }
};

type SignInSetup = Setup<Settings>;

/** A new token may be another user's. */
const referenced = (tokens: TokenProvider): SignIn => ({
  tokens,
  whose: () => tokens.current(),
  forget: async () => "nothing",
});

/** The secret it came from goes on being configured, so it is not revoked. */
const kept = (tokens: GrantedToken, ...whose: readonly string[]): SignIn => ({
  tokens,
  whose: async () => JSON.stringify(whose),
  forget: async () => ((await tokens.forget()) === undefined ? "nothing" : "deleted"),
});

const byRefreshToken = async (setup: SignInSetup, auth: AuthOf<"refresh_token">): Promise<GrantedToken> => {
  const ask = createTokenEndpoint(setup);
  await clientOf(setup, auth);
  const first = await setup.secret(auth.refreshToken);
  // What an earlier refresh token led to is another login: its user may be another one.
  return granted(setup, [auth.clientId, first], async (previous) => {
    const refreshToken = previous?.refreshToken ?? first;
    return renewed(refreshToken, await ask(refreshForm(await clientOf(setup, auth), refreshToken)));
  });
};

const byAssertion = async (setup: SignInSetup, auth: AuthOf<"jwt_bearer">): Promise<GrantedToken> => {
  const ask = createTokenEndpoint(setup);
  const key = async () => readPrivateKey(await setup.secret(auth.privateKey));
  await key();
  return granted(setup, [auth.clientId, auth.username], async () =>
    ask({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: await signAssertion(auth, setup.config.instanceUrl, await key(), setup.clock.now()),
    }),
  );
};

const byClientCredentials = async (
  setup: SignInSetup,
  auth: AuthOf<"client_credentials">,
): Promise<GrantedToken> => {
  const ask = createTokenEndpoint(setup);
  await clientOf(setup, auth);
  return granted(setup, [auth.clientId], async () =>
    ask({ grant_type: "client_credentials", ...(await clientOf(setup, auth)) }),
  );
};

const byPerson = async (setup: SignInSetup, auth: AuthOf<"login">): Promise<SignIn> => {
  const ask = createTokenEndpoint(setup);
  await clientOf(setup, auth);
  const tokens = granted(setup, [auth.clientId], async (previous) => {
    const refreshToken = previous?.refreshToken;
    if (refreshToken === undefined)
      throw new HubError(
        "needs_login",
        previous
          ? "The Salesforce session has ended, and the login gave no refresh token."
          : "Nobody has signed the hub in to Salesforce yet.",
        { hint: SIGN_IN_AGAIN },
      );
    return renewed(refreshToken, await ask(refreshForm(await clientOf(setup, auth), refreshToken)));
  });
  return {
    tokens,
    // The next login may be another person's.
    whose: () => tokens.current(),
    async forget() {
      const grant = await tokens.forget();
      if (grant === undefined) return "nothing";
      const revoked =
        grant !== "unreadable" && (await revoke(setup, grant.refreshToken ?? grant.accessToken));
      return revoked ? "revoked" : "deleted";
    },
    person: {
      auth,
      async redeem(form) {
        const grant = await ask({
          grant_type: "authorization_code",
          ...(await clientOf(setup, auth)),
          ...form,
        });
        await tokens.keep(grant);
        return grant;
      },
    },
  };
};

/** A public client has no secret. Read each time: it may have been replaced. */
const clientOf = async (
  { secret }: SignInSetup,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret?: string | undefined },
): Promise<Form> => ({
  client_id: clientId,
  ...(clientSecret !== undefined && { client_secret: await secret(clientSecret) }),
});

const refreshForm = (client: Form, refreshToken: string): Form => ({
  grant_type: "refresh_token",
  ...client,
  refresh_token: refreshToken,
});

/** Without rotation the answer has no refresh token, and the old one goes on. */
const renewed = (refreshToken: string, grant: Grant): Grant => ({ refreshToken, ...grant });

const granted = (
  { vault, store, clock, config: { auth, instanceUrl } }: SignInSetup,
  whose: readonly string[],
  request: (previous: Grant | undefined) => Promise<Grant>,
): GrantedToken => {
  const identity = JSON.stringify([auth.type, instanceUrl, ...whose]);
  const key = `grant-${createHash("sha256").update(identity).digest("hex").slice(0, 32)}`;
  return createGrantedToken({ vault, store, clock, key, request });
};
