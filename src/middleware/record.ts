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
    // The call is not over: the client comes back with a person's answer.
    if (outgoing && isQuestion(outgoing)) return outgoing;

    const entry = entryOf(call, error, new Date(clock.now()).toISOString());
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

const entryOf = (call: Call, error: HubError | undefined, at: string): OutcomeEntry => ({
  kind: "call",
  at,
  call: call.id,
  tool: call.arrival.tool.slice(0, 64).toWellFormed(),
  principal: call.principal.id,
  client: call.arrival.client,
  args: call.args,
  outcome: outcomeOf(call, error),
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
  if (error.code === "outcome_unknown" || error.code === "internal") return "unknown";
  return REJECTED.has(error.code) ? "rejected" : "failed";
};
