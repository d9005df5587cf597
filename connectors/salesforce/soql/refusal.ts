import { HubError } from "#connector";
import type { SoqlError } from "./errors.ts";

/** A refused query as the hub reports it; `facts` say the reason code and where in the query it is. */
export function refusal(error: SoqlError): HubError {
  const forbidden = error.code === "OBJECT_DENIED" || error.code === "FIELD_DENIED";
  return new HubError(forbidden ? "forbidden" : "invalid_input", error.message, {
    hint: "Nothing was sent. Correct the query as the message says and call again.",
    facts: { reason: error.code, start: error.span.start, end: error.span.end },
    cause: error,
  });
}
