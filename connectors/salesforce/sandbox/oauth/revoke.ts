/** `POST /services/oauth2/revoke`: an access token ends alone, a refresh token with all it has given. */
import type { SandboxRequest, SandboxResponse } from "#sandbox/server.ts";
import { type Org, signOut } from "../org.ts";

export const answerRevoke = (org: Org, request: SandboxRequest): SandboxResponse => {
  const token = (request.method === "POST" ? new URLSearchParams(request.body) : request.query).get("token");
  const grant = org.refreshTokens.get(token ?? "");
  if (grant !== undefined) signOut(org, grant);
  else if (!org.sessions.delete(token ?? ""))
    return { status: 400, body: { error: "invalid_token", error_description: "invalid token" } };
  return { status: 200 };
};
