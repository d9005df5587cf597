/** Which setting to look at when Salesforce refuses a sign-in. */
import type { Auth } from "./auth.ts";

export const SIGN_IN_AGAIN = "A person must sign in: run `revops-hub login salesforce` at a terminal.";

const RENEWALS: Readonly<Record<Auth["type"], string>> = {
  access_token: "Put a valid token behind `auth.token`.",
  refresh_token: "Get a new refresh token for the hub, put it behind `auth.refreshToken` and start again.",
  jwt_bearer:
    "Check `auth.username`, `auth.privateKey` and `auth.audience`: the app must know the key's certificate, and its policies must pre-authorize the user.",
  client_credentials:
    "In Setup, the app's policies must enable the client credentials flow and name an active user to run as.",
  sf_cli: "Sign the Salesforce CLI in again: `sf org login web`.",
  login: SIGN_IN_AGAIN,
};

const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  invalid_client_id:
    "Check `auth.clientId`: it must be the consumer key of an External Client App of this org.",
  invalid_client: "Check `auth.clientSecret`, and `auth.clientId` to which it belongs.",
  redirect_uri_mismatch:
    "Check `auth.callbackPort`: the app's callback URL must be http://localhost:PORT/callback.",
};

export const renewalHint = (type: Auth["type"], code: string | undefined): string =>
  CLIENT_ERRORS[code ?? ""] ?? RENEWALS[type];
