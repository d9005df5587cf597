/**
 * Every error a person or a model can meet. One closed list of codes; each code has one public
 * sentence and one hint, and a throw may replace either with something more exact.
 *
 * Only text written in this repository goes into `message` and `hint`: what a vendor said travels in
 * `vendor`, where the answer step fences it, because a deal name in an error message is still a deal name.
 */

const CODES = {
  invalid_input: ["The arguments do not fit this tool.", "Correct the arguments named here and call again."],
  unknown_tool: ["There is no such tool.", "Call tools/list (or hub_status) to see what is available."],
  not_found: ["Nothing was found under this id.", "Check the id; another user's handle is never found."],
  forbidden: ["This is not allowed by the hub's configuration.", "Ask the person who runs the hub."],
  read_only: ["This hub is read-only.", "Writes are turned off by configuration; nothing was sent."],
  killed: ["The kill switch is on.", "A person can turn it off with `revops-hub kill off`."],
  throttled: ["Too many calls at once.", "Wait a moment and call again."],
  confirmation_required: ["A person must confirm this write.", "Nothing was sent. Ask the user to confirm."],
  declined: ["A person declined this write.", "Nothing was sent. Do not try again unasked."],
  stale_record: ["The record was changed by someone else meanwhile.", "Read it again before writing."],
  busy: [
    "Another write to this record is not finished.",
    "Wait for it; `hub_status` tells if one was left open.",
  ],
  needs_login: [
    "The system no longer accepts this hub's credentials.",
    "Renew the credentials in the configuration.",
  ],
  vendor_rejected: ["The system refused the request.", "The system's own words are under `vendor`."],
  vendor_unavailable: ["The system could not be reached.", "Try again later; other systems still answer."],
  vendor_malformed: [
    "The system sent an answer that cannot be used.",
    "Nothing of it was used. Try again later.",
  ],
  vendor_limit: ["The system's own limit is reached.", "Wait until its limit resets."],
  deadline_exceeded: ["The call took longer than its time limit.", "Ask a narrower question, or call again."],
  cancelled: ["The call was cancelled.", "Nothing more will be sent for it."],
  outcome_unknown: [
    "It is not known whether the change was made.",
    "Read the record before doing anything else.",
  ],
  audit_unavailable: [
    "The audit trail cannot be written, so nothing was done.",
    "Check disk space and `hub_status`.",
  ],
  config: ["The configuration is wrong.", "Correct the setting named here and start again."],
  internal: ["The hub made a mistake.", "The log has the details under this call id."],
} as const satisfies Record<string, readonly [message: string, hint: string]>;

export type ErrorCode = keyof typeof CODES;

/** What the vendor itself said; untrusted text. `status` is the HTTP status, `code` the vendor's own code. */
export interface VendorSays {
  readonly system: string;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
}

export interface HubErrorDetail {
  /** What to do next, when the code's own hint is too general. */
  readonly hint?: string;
  readonly vendor?: VendorSays;
  /** Small facts a program or model can act on: `{ retryAt, allowed, current }`. Never vendor text. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Thrown by a write that knows, all the same, that nothing was changed. */
  readonly notApplied?: boolean;
  readonly cause?: unknown;
}

/** Recognises our errors from another copy of this module: a connector loaded by path brings its own. */
const BRAND = Symbol.for("revops-hub.error");

/** The one error type of the hub. Anything else that is thrown is reported as `internal`. */
export class HubError extends Error {
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly vendor: VendorSays | undefined;
  readonly facts: Readonly<Record<string, unknown>> | undefined;
  readonly notApplied: boolean;

  constructor(code: ErrorCode, message: string = CODES[code][0], detail: HubErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "HubError";
    this.code = code;
    this.hint = detail.hint ?? CODES[code][1];
    this.vendor = detail.vendor;
    this.facts = detail.facts;
    this.notApplied = detail.notApplied ?? false;
  }
}

export const isHubError = (error: unknown): error is HubError => error instanceof Error && BRAND in error;

/** Any thrown thing as a HubError; what nobody expected becomes `internal` and keeps its cause for the log. */
export const toHubError = (error: unknown): HubError =>
  isHubError(error) ? error : new HubError("internal", undefined, { cause: error });
