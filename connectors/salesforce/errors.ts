/** What Salesforce's refusals mean here. */
import { type ErrorCode, HubError, parseJson, type VendorResponse } from "#connector";
import { SoqlError } from "./soql/errors.ts";
import { refusal } from "./soql/refusal.ts";

export const SYSTEM = "salesforce";

export const SHORTER = "Shorten the query: fewer ids in a list, fewer fields.";

/** Salesforce, or the hub on its way there, said clearly that a write was not made. */
export const NOTHING_DONE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "vendor_rejected",
  "vendor_limit",
  "not_found",
  "stale_record",
  "needs_login",
  "forbidden",
  "invalid_input",
  "config",
]);

/** A refused query as the hub reports it; anything else as it is. */
export const soqlRefusal = (error: unknown): unknown => (error instanceof SoqlError ? refusal(error) : error);

/** Error bodies are lists of these (REST API guide, "Status Codes and Error Responses"). */
interface SaidError {
  readonly errorCode: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

const SPEAKING = new Set([401, 403, 412, 414, 420, 431]);

/** The error of a response that is no success. Throws `vendor_malformed` when it says nothing intelligible. */
export const rejection = (response: VendorResponse): HubError => {
  const { status } = response;
  if (response.body === "") return rejectionOf(status, undefined);
  try {
    return rejectionOf(status, parseJson(SYSTEM, response));
  } catch (error) {
    // Proxies and outages answer with web pages. These statuses say enough without a body.
    if (SPEAKING.has(status) || status >= 500) return rejectionOf(status, undefined);
    throw error;
  }
};

/** The same for a body that is already parsed, such as a member's in a composite answer. */
export const rejectionOf = (status: number, body: unknown): HubError => {
  const errors = Array.isArray(body) ? body.filter(isSaidError) : [];
  const code = errors.map(({ errorCode }) => errorCode).find((text) => /^[A-Z0-9_]{1,80}$/.test(text));
  const vendor = {
    system: SYSTEM,
    status,
    ...(code && { code }),
    ...(errors.length > 0 && { message: errors.map(({ message }) => message.trim()).join("; ") }),
  };
  const fields = errors.flatMap((error) => error.fields ?? []).filter((name) => /^\w{1,80}$/.test(name));
  const detail = { vendor, ...(fields.length > 0 && { facts: { fields } }) };

  if (status === 401)
    return new HubError("needs_login", "Salesforce no longer accepts this hub's credentials.", detail);
  if (code === "REQUEST_LIMIT_EXCEEDED")
    return new HubError("vendor_limit", "The org's allowance of API requests is used up.", {
      ...detail,
      hint: "It is counted over the last 24 hours; an administrator sees it under Setup, System Overview.",
    });
  if (status === 404)
    return new HubError(
      "not_found",
      "Salesforce knows no such record or object, or this user may not see it.",
      detail,
    );
  if (status === 414 || status === 431)
    return new HubError("invalid_input", "The request's address is longer than Salesforce reads.", {
      ...detail,
      hint: SHORTER,
    });
  if (status === 412) return new HubError("stale_record", undefined, detail);
  if (status === 420 || status >= 500)
    return new HubError(
      "vendor_unavailable",
      `Salesforce is not available just now (HTTP ${status}).`,
      detail,
    );
  return new HubError("vendor_rejected", undefined, { ...detail, ...hintFor(code, status) });
};

const HINTS: Readonly<Record<string, string>> = {
  INVALID_FIELD:
    "The words under `vendor` name the field; ^ marks its place. Check the spelling (custom fields end in __c, relationships in __r); a field hidden from this user counts as absent.",
  INVALID_TYPE:
    "Check the object's API name; custom objects end in __c. An object hidden from this user counts as absent.",
  MALFORMED_QUERY: "Correct the SOQL as the words under `vendor` say; ^ marks the place.",
  QUERY_TIMEOUT: "Filter by an indexed field (Id, OwnerId, CloseDate, CreatedDate) or a shorter period.",
  QUERY_TOO_COMPLICATED: "Ask for fewer fields or conditions.",
  UNABLE_TO_LOCK_ROW: "Someone else is saving this record. Wait a moment and call again.",
  FIELD_CUSTOM_VALIDATION_EXCEPTION:
    "A validation rule of the org forbids this value. Tell the user its words under `vendor`.",
};

const hintFor = (code: string | undefined, status: number): { hint?: string } => {
  const hint =
    HINTS[code ?? ""] ??
    (status === 403 ? "The Salesforce user of this hub lacks the permission." : undefined);
  return hint === undefined ? {} : { hint };
};

const isSaidError = (value: unknown): value is SaidError => {
  const { errorCode, message } = (value ?? {}) as Partial<SaidError>;
  return typeof errorCode === "string" && typeof message === "string";
};
