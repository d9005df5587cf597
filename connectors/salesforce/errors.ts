/** What Salesforce's refusals mean here. */
import { HubError, parseJson, type VendorResponse } from "#connector";
import { SoqlError } from "./soql/errors.ts";
import { refusal } from "./soql/refusal.ts";

export const SYSTEM = "salesforce";

/** A refused query as the hub reports it; anything else as it is. */
export const soqlRefusal = (error: unknown): unknown => (error instanceof SoqlError ? refusal(error) : error);

/** Error bodies are lists of these (REST API guide, "Status Codes and Error Responses"). */
interface SaidError {
  readonly errorCode: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

/** The error of a response with a status of 400 or more. */
export const rejection = (response: VendorResponse): HubError => {
  // Behind an outage there is often a web page or nothing at all; the status says enough.
  const body = response.status >= 500 || response.body === "" ? undefined : parseJson(SYSTEM, response);
  return rejectionOf(response.status, body);
};

/** The same for a body that is already parsed, such as a member's in a composite answer. */
export const rejectionOf = (status: number, body: unknown): HubError => {
  const errors = Array.isArray(body) ? body.filter(isSaidError) : [];
  const code = errors[0]?.errorCode;
  const vendor = {
    system: SYSTEM,
    status,
    ...(code && { code, message: errors.map(({ message }) => message.trim()).join("; ") }),
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
