import { type HubError, toHubError } from "../errors.ts";
import type { Outcome, OutcomeEntry } from "../trail/entry.ts";
import { type Call, isQuestion, type Outgoing } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Commits how the call ended before the answer leaves. A read that cannot be recorded is not answered. */
export const record = ({ trail, clock, log, halt }: Deps): Step =>
  async function record(call, next) {
    call.args = trail.keys.seal(call.arrival.arguments);
    let outgoing: Outgoing | undefined;
    let error: HubError | undefined;
    try {
      outgoing = await next();
    } catch (thrown) {
      error = toHubError(thrown);
    }
    // The client comes back with a person's answer; but records were read and shown, and that is kept too.
    const asked = outgoing !== undefined && isQuestion(outgoing);
    const entry = entryOf(
      call,
      asked ? "asked" : outcomeOf(call, error),
      error,
      new Date(clock.now()).toISOString(),
    );
    if (call.intent) {
      await trail.conclude(entry).catch((failure) => {
        // The write has happened; saying otherwise would be a lie. But it is the last one.
        halt.reason = "an outcome could not be recorded in the audit trail";
        call.notices.push("The outcome of this write could not be recorded; no further write is accepted.");
        log.error({ call: call.id, err: failure }, "outcome not recorded");
      });
    } else await trail.append(entry);

    if (error) throw error;
    return outgoing as Outgoing;
  };

const entryOf = (call: Call, outcome: Outcome, error: HubError | undefined, at: string): OutcomeEntry => ({
  kind: "call",
  at,
  call: call.id,
  tool: call.arrival.tool.slice(0, 64).toWellFormed(),
  principal: call.principal.id,
  client: call.arrival.client,
  args: call.args,
  outcome,
  ...(error && { code: error.code }),
  upstream: [...call.statuses].map(([system, statuses]) => ({ system, requests: statuses.length, statuses })),
  ...(call.intent && { intent: call.intent.sequence }),
});

const REJECTED = new Set([
  "vendor_rejected",
  "stale_record",
  "invalid_input",
  "not_found",
  "forbidden",
  "needs_login",
]);
/** After an intent, these too mean that nothing was changed. */
const NOT_DONE = new Set(["audit_unavailable", "vendor_limit", "config"]);
/** Refused by the hub itself. Everything else that fails a read has asked a vendor, or tried to. */
const FAILED = new Set([
  "vendor_unavailable",
  "vendor_malformed",
  "vendor_rejected",
  "vendor_limit",
  "deadline_exceeded",
  "cancelled",
  "needs_login",
  "internal",
]);

const outcomeOf = (call: Call, error: HubError | undefined): Outcome => {
  if (!call.intent) {
    if (!error) return "ok";
    return FAILED.has(error.code) ? "failed" : "refused";
  }
  if (!error) return "applied";
  if (REJECTED.has(error.code)) return "rejected";
  // Whatever else happened after the intent: only the tool can know that nothing was changed.
  return error.notApplied || NOT_DONE.has(error.code) ? "failed" : "unknown";
};
