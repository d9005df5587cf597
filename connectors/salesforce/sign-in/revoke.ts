/** Ends a token at the org that granted it (RFC 7009); a refresh token takes its sessions along. */
import { isHubError, type Setup } from "#connector";
import type { Settings } from "../config.ts";

/** False when Salesforce could not be told, or knows no such token. */
export const revoke = async (setup: Setup<Settings>, token: string): Promise<boolean> => {
  const { instanceUrl } = setup.config;
  try {
    const { status } = await setup.fetch({
      method: "POST",
      url: `${instanceUrl}/services/oauth2/revoke`,
      origin: instanceUrl,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token }).toString(),
      retry: false,
      timeoutMs: 8_000,
    });
    return status === 200;
  } catch (error) {
    if (isHubError(error)) return false;
    throw error;
  }
};
