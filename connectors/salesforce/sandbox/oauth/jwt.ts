/** The assertion of the JWT bearer flow (RFC 7523). */
import { createPublicKey, verify } from "node:crypto";
import type { Org } from "../org.ts";
import { requireClientId } from "./client.ts";
import { OAuthRefusal } from "./refusal.ts";

const LOGIN_HOSTS = ["https://login.salesforce.com", "https://test.salesforce.com"];

/** The issuer is the client, the subject a user who is approved for it, the audience a login host or this org. */
export const requireAssertion = (org: Org, origin: string, assertion: string): void => {
  const [header = "", payload = "", signature = ""] = assertion.split(".");
  const claims = decode(payload);
  requireClientId(claims.iss);
  const key = org.switches.jwtPublicKey;
  const signed =
    key !== null &&
    decode(header).alg === "RS256" &&
    verify(
      "sha256",
      Buffer.from(`${header}.${payload}`),
      createPublicKey(key),
      Buffer.from(signature, "base64url"),
    );
  if (!signed) throw new OAuthRefusal("invalid_grant", "invalid assertion");
  if (![...LOGIN_HOSTS, origin].includes(String(claims.aud)))
    throw new OAuthRefusal("invalid_grant", "audience is invalid");
  if (!(Number(claims.exp) * 1000 > org.world.now()))
    throw new OAuthRefusal("invalid_grant", "expired assertion");
  const { people, stories } = org.world.company;
  const user = people.find(({ email }) => email === claims.sub);
  if (user?.id !== stories.integrationUser)
    throw new OAuthRefusal("invalid_grant", "user hasn't approved this consumer");
};

const decode = (part: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
