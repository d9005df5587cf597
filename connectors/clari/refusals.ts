/** What Clari and the Kong gateway before it refuse, as errors that say what to do. */
import { HubError, type VendorResponse } from "#connector";

export interface KnownToUs {
  readonly baseUrl: string;
  /** Configured names of forecasts. */
  readonly forecasts: readonly string[];
}

/** Where a forecast's id is found: no endpoint of Clari lists them. */
export const WHERE_FORECAST_IDS_ARE =
  'Open the forecast tab in Clari: its id is the last part of the address, net_arr in app.clari.com/forecast/net_arr. Name it under "forecasts" in the connector\'s config.';

/** Clari's other 401 is about a forecast: it says `no_optin`. */
export const isTokenRefused = (response: VendorResponse): boolean =>
  response.status === 401 && vendorSays(response).code !== "no_optin";

/** A refusal in our words: its kind, what happened, what to do. */
type Meaning = readonly [code: HubError["code"], message: string, hint: string];

/** By Clari's own code. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  no_such_forecast_config: ["invalid_input", "Clari has no forecast with this id.", WHERE_FORECAST_IDS_ARE],
  missing_forecast_id: ["invalid_input", "Clari has no forecast with this id.", WHERE_FORECAST_IDS_ARE],
  no_optin: [
    "vendor_rejected",
    "Clari shows no forecast in this scope to this token's user.",
    "Ask with a scope_id from an earlier answer, or have the token's user opted in to this forecast in Clari.",
  ],
  type_not_supported: [
    "vendor_rejected",
    "This Clari does not export CRM totals.",
    "Ask again: they are left out then. Clari's customer success manager can say whether they can be turned on.",
  ],
  // Two limits, one code: whoever submits reads the limits and says which.
  export_monthly_quota_reached: [
    "vendor_rejected",
    "Clari's monthly export quota or its number of exports at one time is reached; it does not say which.",
    "clari_get_admin_limits tells which: a full queue frees up in a minute, a used-up quota over 30 days.",
  ],
  SWW: [
    "vendor_rejected",
    "Clari does not know this export job.",
    "clari_list_export_jobs lists those of this token's user.",
  ],
  invalid_jobId: [
    "vendor_rejected",
    "Clari has no result of this export job.",
    "It is unfinished, failed, or older than 30 days; clari_list_export_jobs tells. Ask anew for what it exported.",
  ],
  // Of the audit log.
  invalid_parameter: [
    "invalid_input",
    "Clari does not take one of these filters.",
    "Clari's words under `vendor` name it; leave it out or write it otherwise.",
  ],
};

const TOKEN: Meaning = [
  "needs_login",
  "Clari does not accept the API token.",
  "The token was revoked or regenerated, or its user deactivated: generate one (Clari: Settings, API Token) and renew the secret.",
];
const NOT_ALLOWED: Meaning = [
  "vendor_rejected",
  "Clari does not let this token's user see this.",
  "It belongs to another user, or needs a right or an edition of Clari that this user lacks: ask a Clari administrator.",
];
const CURRENCY: Meaning = [
  "invalid_input",
  "Clari does not know this currency.",
  "Give an ISO code such as USD that is set up in Clari, or leave it out.",
];

export const refusal = (response: VendorResponse, known: KnownToUs): HubError => {
  const vendor = vendorSays(response);
  const [code, message, hint] = meaningOf(response, vendor, known);
  const facts = {
    ...(hint === WHERE_FORECAST_IDS_ARE && { configured: known.forecasts }),
    ...(response.status === 404 && { baseUrl: known.baseUrl }),
  };
  return new HubError(code, message, { ...(hint && { hint }), facts, vendor });
};

const meaningOf = (response: VendorResponse, { code, message }: VendorSays, known: KnownToUs): Meaning => {
  const { status } = response;
  const byCode = code !== undefined && Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (byCode && status < 500) return byCode;
  if (status === 404) return wrongAddress(known);
  if (status >= 500) return ["vendor_unavailable", `Clari failed to answer (HTTP ${status}).`, ""];
  if (isPage(response))
    return ["vendor_malformed", `A web page came instead of Clari's answer (HTTP ${status}).`, PAGE];
  if (status === 401) return TOKEN;
  if (status === 403) return NOT_ALLOWED;
  if (code === "bad_request" && /currency/i.test(message ?? "")) return CURRENCY;
  return ["vendor_rejected", `Clari refused the request (HTTP ${status}).`, ""];
};

const PAGE =
  "Usually a proxy or single sign-on between this machine and Clari, or a baseUrl that is not the API's.";

const wrongAddress = ({ baseUrl }: KnownToUs): Meaning => {
  const { pathname } = new URL(baseUrl);
  const isV4 = pathname.endsWith("/v4");
  return [
    "config",
    isV4 ? "There is no such address at Clari." : `Clari has no API under ${pathname}.`,
    `Check "baseUrl" in the connector's config: Clari's API is https://api.clari.com/v4, and there is no /v5.`,
  ];
};

const isPage = ({ headers, body }: VendorResponse): boolean =>
  /html/i.test(headers["content-type"] ?? "") || /^\s*</.test(body);

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
