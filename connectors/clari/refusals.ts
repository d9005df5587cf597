/** What Clari and the Kong gateway before it refuse, as errors that say what to do. */
import { HubError, type VendorResponse } from "#connector";

export interface KnownToUs {
  readonly baseUrl: string;
  /** Configured names of forecasts. */
  readonly forecasts: readonly string[];
}

/** Where a forecast's id is found: no endpoint of Clari lists them. */
export const WHERE_FORECAST_IDS_ARE =
  'Open the forecast tab in Clari: its id is the last part of the address, app.clari.com/forecast/<id>. Name it under "forecasts" in the connector\'s config.';

/** Clari's other 401 is about a forecast: it says `no_optin`. */
export const isTokenRefused = (response: VendorResponse): boolean =>
  response.status === 401 && vendorSays(response).code !== "no_optin";

export const refusal = (response: VendorResponse, known: KnownToUs): HubError => {
  const { status } = response;
  const vendor = vendorSays(response);
  const { code, message } = vendor;

  if (code === "no_such_forecast_config" || code === "missing_forecast_id")
    return new HubError("invalid_input", "Clari has no forecast with this id.", {
      hint: WHERE_FORECAST_IDS_ARE,
      facts: { configured: known.forecasts },
      vendor,
    });
  if (code === "no_optin")
    return new HubError("vendor_rejected", "Clari shows no forecast in this scope to this token's user.", {
      hint: "Ask with a scope_id from an earlier answer, or have the token's user opted in to this forecast in Clari.",
      vendor,
    });
  if (status === 401)
    return new HubError("needs_login", "Clari does not accept the API token.", {
      hint: "The token was revoked or regenerated, or its user deactivated: generate one (Clari: Settings, API Token) and renew the secret.",
      vendor,
    });
  if (status === 404)
    return new HubError("config", "There is no such address at Clari.", {
      hint: "Check \"baseUrl\" in the connector's config: Clari's API is https://api.clari.com/v4, and there is no /v5.",
      facts: { baseUrl: known.baseUrl },
      vendor,
    });
  if (status >= 500)
    return new HubError("vendor_unavailable", `Clari failed to answer (HTTP ${status}).`, { vendor });
  if (code === "bad_request" && /currency/i.test(message ?? ""))
    return new HubError("invalid_input", "Clari does not know this currency.", {
      hint: "Give an ISO code such as USD that is set up in Clari, or leave it out.",
      vendor,
    });
  return new HubError("vendor_rejected", `Clari refused the request (HTTP ${status}).`, { vendor });
};

type VendorSays = NonNullable<HubError["vendor"]>;

/** Four shapes: `{code, message}`, `{message}` or `{error}`, `{errors: […]}`, and a list. */
const vendorSays = ({ status, body }: VendorResponse): VendorSays => {
  const said = firstObject(body);
  const code = said.code;
  const message = said.message ?? said.error ?? said.details ?? said.description;
  return {
    system: "clari",
    status,
    ...(typeof code === "string" && { code: code.slice(0, 64) }),
    ...(typeof message === "string" && { message: message.slice(0, 500) }),
  };
};

const firstObject = (body: string): Record<string, unknown> => {
  try {
    let said: unknown = JSON.parse(body);
    if (typeof said === "object" && said && "errors" in said) said = said.errors;
    if (Array.isArray(said)) said = said[0];
    return typeof said === "object" && said ? (said as Record<string, unknown>) : {};
  } catch {
    // A proxy's page: its text helps nobody.
    return {};
  }
};
