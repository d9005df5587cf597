/** The External Client App: who may act for it, and what is registered of it. */
import type { SandboxRequest } from "#sandbox/server.ts";
import { CLIENT_ID, CLIENT_SECRET } from "../tokens.ts";
import { OAuthRefusal } from "./refusal.ts";

/** In the order in which answers name them. */
export const SCOPES: readonly string[] = ["refresh_token", "api", "openid"];

/** `optional`: a public client sends no secret, but a wrong one is refused. */
export const requireClient = (
  request: SandboxRequest,
  form: URLSearchParams,
  secretIs: "required" | "optional",
): void => {
  const { id, secret } = credentialsOf(request, form);
  requireClientId(id);
  if (secret !== CLIENT_SECRET && (secret !== null || secretIs === "required"))
    throw new OAuthRefusal("invalid_client", "invalid client credentials");
};

export const requireClientId = (id: unknown): void => {
  if (id !== CLIENT_ID) throw new OAuthRefusal("invalid_client_id", "client identifier invalid");
};

/** `*` in what is registered stands for any port, as RFC 8252 wants it for programs on a person's machine. */
export const isRegistered = (callbackUrl: string, redirectUri: string): boolean => {
  const [before = "", after] = callbackUrl.split("*");
  if (after === undefined) return redirectUri === callbackUrl;
  const port = redirectUri.slice(before.length, redirectUri.length - after.length);
  return redirectUri === before + port + after && /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
};

const credentialsOf = (request: SandboxRequest, form: URLSearchParams) => {
  const basic = /^Basic (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (basic === undefined) return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id, secret };
};
