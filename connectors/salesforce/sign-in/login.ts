/** `revops-hub login salesforce`: the web server flow with PKCE, as a public or a confidential client. */
import { HubError, type Login } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { PersonSignIn } from "./sign-in.ts";

/** Without refresh_token the login would end with its first session. */
const SCOPE = "api refresh_token";

/** Throws `config` when the configuration signs in otherwise. */
const personOf = ({ signIn, settings }: SalesforceApi): PersonSignIn => {
  if (signIn.person) return signIn.person;
  throw new HubError(
    "config",
    `Salesforce is configured with \`auth.type\` ${settings.auth.type}: no person signs in.`,
    {
      hint: 'Set `auth` to { "type": "login", "clientId": "…" } to sign in with a browser.',
    },
  );
};

export const login: Login<SalesforceApi> = {
  port: (api) => personOf(api).auth.callbackPort,
  authorizeUrl(api, { redirectUri, state, challenge }) {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: personOf(api).auth.clientId,
      redirect_uri: redirectUri,
      state,
      code_challenge: challenge,
      code_challenge_method: "S256",
      scope: SCOPE,
    });
    return `${api.settings.instanceUrl}/services/oauth2/authorize?${query}`;
  },
  async redeem(api, { code, verifier, redirectUri }) {
    const grant = await personOf(api).redeem({ code, code_verifier: verifier, redirect_uri: redirectUri });
    // Needs a scope that reading records does not, so it may fail where everything else works.
    const name = await api.userName().catch(() => undefined);
    const who = `Signed in to ${api.settings.instanceUrl}${name === undefined ? "" : ` as ${name}`}.`;
    return grant.refreshToken === undefined
      ? `${who} Salesforce gave no refresh token, so this login ends with its session: allow the scope refresh_token in the app.`
      : who;
  },
  async forget({ signIn, settings: { instanceUrl } }) {
    switch (await signIn.forget()) {
      case "nothing":
        return `No login to ${instanceUrl} is kept.`;
      case "revoked":
        return `Signed out of ${instanceUrl}: the login is deleted here and revoked there.`;
      case "deleted":
        return signIn.person
          ? `The login to ${instanceUrl} is deleted here, but was not revoked there: do that in Setup, under the app's OAuth usage.`
          : `What was kept of ${instanceUrl} is deleted; the hub signs in anew with what is configured.`;
    }
  },
};
