/** The JWT that signs the hub in without a secret on the wire (RFC 7523). */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { HubError } from "#connector";
import type { AuthOf } from "./auth.ts";

/** Salesforce accepts three minutes at most (help: "OAuth 2.0 JWT Bearer Flow"). */
const VALID_SECONDS = 3 * 60;
const SHORTEST_KEY_BITS = 2048;

/** Throws `config`, without the text, for what is no such key. */
export const readPrivateKey = (pem: string): KeyObject => {
  // An environment variable often has its line breaks written out.
  const key = parsed(pem.replaceAll("\\n", "\n"));
  if (
    key?.asymmetricKeyType === "rsa" &&
    Number(key.asymmetricKeyDetails?.modulusLength) >= SHORTEST_KEY_BITS
  )
    return key;
  throw new HubError(
    "config",
    `\`auth.privateKey\` is no RSA private key of ${SHORTEST_KEY_BITS} bits or more in PEM form, without a passphrase.`,
    { hint: "`openssl genrsa 2048` makes one; upload its certificate to the app in Salesforce." },
  );
};

const parsed = (pem: string): KeyObject | undefined => {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
};

/** `now` in milliseconds. */
export const signAssertion = async (
  { clientId, username, audience }: AuthOf<"jwt_bearer">,
  instanceUrl: string,
  key: KeyObject,
  now: number,
): Promise<string> => {
  const { SignJWT } = await import("jose");
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256" })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(audience ?? loginHost(instanceUrl))
    .setExpirationTime(Math.floor(now / 1000) + VALID_SECONDS)
    .sign(key);
};

const loginHost = (instanceUrl: string): string =>
  `https://${new URL(instanceUrl).hostname.includes(".sandbox.") ? "test" : "login"}.salesforce.com`;
