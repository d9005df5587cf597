/** The org's own token endpoint: one form there, one grant or one clear refusal back. */

import { z } from "zod";
import { type Grant, HubError, isHubError, parseJson, type Setup, type VendorResponse } from "#connector";
import type { Settings } from "../config.ts";
import { SYSTEM } from "../errors.ts";
import { renewalHint } from "./hints.ts";

/** What is sent: `grant_type` and its parameters. */
export type Form = Readonly<Record<string, string>>;

export type TokenEndpoint = (form: Form) => Promise<Grant>;

const TIMEOUT_MS = 8_000;
const MAX_BYTES = 64 * 1024;

/** What a header can carry; anything else is no token. */
const token = z.string().regex(/^[\x21-\x7e]{1,8192}$/);

/** OAuth 2.0 Web Server Flow in the Salesforce help; other members are ignored. */
const granted = z.object({
  access_token: token,
  refresh_token: token.optional(),
  instance_url: z.url(),
  token_type: z.string().regex(/^bearer$/i),
});

const refused = z.object({ error: z.string(), error_description: z.string().optional() });

/** Salesforce's way of saying that it may work in a moment. */
const PASSING = new Set(["server_error", "temporarily_unavailable", "unknown_error"]);

/**
 * Throws `needs_login` when Salesforce refuses the credentials, `config` when they belong to another org,
 * `vendor_unavailable` or `vendor_malformed` when there is no answer that could be used.
 */
export const createTokenEndpoint =
  (setup: Setup<Settings>): TokenEndpoint =>
  async (form) => {
    const { instanceUrl, auth } = setup.config;
    const response = await setup
      .fetch({
        method: "POST",
        url: `${instanceUrl}/services/oauth2/token`,
        origin: instanceUrl,
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(form).toString(),
        retry: false,
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
        // A rotated refresh token in an answer that nobody reads any more would be lost for good.
        outlivesCall: true,
      })
      .catch((error: unknown) => {
        throw isHubError(error) && error.code === "deadline_exceeded"
          ? new HubError("vendor_unavailable", "Salesforce's token endpoint did not answer in time.")
          : error;
      });
    if (response.status !== 200) throw refusal(response, form, auth.type);
    const answer = granted.safeParse(parseJson(SYSTEM, response));
    if (!answer.success)
      throw new HubError("vendor_malformed", "Salesforce's token endpoint sent something that is no token.");
    const { access_token: accessToken, refresh_token: refreshToken, instance_url } = answer.data;
    refuseOtherOrg(instance_url, instanceUrl);
    setup.log.info({ grant: form.grant_type }, "Salesforce granted an access token");
    return { accessToken, ...(refreshToken !== undefined && { refreshToken }) };
  };

/** What was granted for one org must not be shown to another. */
export const refuseOtherOrg = (granted: string, configured: string): void => {
  if (URL.canParse(granted) && new URL(granted).origin === configured) return;
  throw new HubError(
    "config",
    "This login belongs to another org than `instanceUrl` names; it is not used.",
    {
      hint: "Set `instanceUrl` to the My Domain address of the org whose app and user are configured under `auth`.",
    },
  );
};

const refusal = (response: VendorResponse, form: Form, type: Settings["auth"]["type"]): HubError => {
  const { status } = response;
  const unavailable = () =>
    new HubError(
      "vendor_unavailable",
      `Salesforce's token endpoint is not available just now (HTTP ${status}).`,
    );
  if (status >= 500) return unavailable();
  const said = refused.safeParse(parseJson(SYSTEM, response)).data;
  if (!said)
    return new HubError(
      "vendor_malformed",
      `Salesforce's token endpoint refused without a reason (HTTP ${status}).`,
    );
  if (PASSING.has(said.error)) return unavailable();
  const code = /^[a-z_]{1,60}$/.test(said.error) ? said.error : undefined;
  const message = said.error_description;
  return new HubError("needs_login", "Salesforce does not let the hub sign in.", {
    hint: renewalHint(type, code),
    vendor: {
      system: SYSTEM,
      status,
      ...(code && { code }),
      ...(message !== undefined && { message: withoutSecrets(message, form) }),
    },
  });
};

const SECRET_FIELDS = ["client_secret", "refresh_token", "assertion", "code", "code_verifier"];

/** Should the endpoint, or something in its place, repeat what it was sent. */
const withoutSecrets = (text: string, form: Form): string =>
  SECRET_FIELDS.map((field) => form[field])
    .filter((secret) => secret !== undefined)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((said, secret) => said.replaceAll(secret, "…"), text);
