/** The setting `auth`: every way the hub can sign in to Salesforce. */

import { z } from "zod";
import { secretRef } from "#connector";

const clientId = z
  .string()
  .regex(/^\S+$/, "the app's consumer key")
  .describe("Consumer key of the External Client App.");
const clientSecret = secretRef("Consumer secret of the External Client App.");

const accessToken = z
  .strictObject({
    type: z.literal("access_token"),
    token: secretRef(
      "A session or OAuth access token. Read again, once, when Salesforce no longer accepts it.",
    ),
  })
  .describe("A token that something else obtains and renews.");

const refreshToken = z
  .strictObject({
    type: z.literal("refresh_token"),
    clientId,
    clientSecret: clientSecret.optional(),
    refreshToken: secretRef(
      "The first refresh token. Those that Salesforce gives in its place are kept by the hub.",
    ),
  })
  .describe("A refresh token that somebody obtained for the hub.");

const jwtBearer = z
  .strictObject({
    type: z.literal("jwt_bearer"),
    clientId,
    username: z.string().regex(/^\S+$/, "a user name").describe("User name of the hub's Salesforce user."),
    privateKey: secretRef("RSA private key, PEM, whose certificate the app knows."),
    audience: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        "Default: https://login.salesforce.com, for a sandbox's My Domain https://test.salesforce.com.",
      ),
  })
  .describe("An assertion signed with a private key; no person takes part.");

const clientCredentials = z
  .strictObject({ type: z.literal("client_credentials"), clientId, clientSecret })
  .describe("The app itself signs in, as the user its policies name.");

const sfCli = z
  .strictObject({
    type: z.literal("sf_cli"),
    alias: z
      .string()
      .regex(/^[\w.@+][\w.@+-]*$/, "an alias or user name of the Salesforce CLI")
      .describe("Alias or user name of an org that `sf org login` knows."),
  })
  .describe("The login of the Salesforce CLI on this machine.");

const login = z
  .strictObject({
    type: z.literal("login"),
    clientId,
    clientSecret: clientSecret.optional(),
    callbackPort: z
      .int()
      .min(1)
      .max(65_535)
      .default(1717)
      .describe("Port of the app's callback URL, http://localhost:PORT/callback."),
  })
  .describe("A person's login in a browser: `revops-hub login salesforce`.");

export const auth = z
  .discriminatedUnion("type", [accessToken, refreshToken, jwtBearer, clientCredentials, sfCli, login])
  .describe("How the hub signs in.");

export type Auth = z.output<typeof auth>;
export type AuthOf<T extends Auth["type"]> = Extract<Auth, { type: T }>;
