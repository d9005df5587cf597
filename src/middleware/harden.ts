import { HubError } from "../errors.ts";
import { findSensitive } from "../text/sensitive.ts";
import { everyString } from "../text/strings.ts";
import { killed, type Trail } from "../trail/trail.ts";
import type { Call } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

const SHORTEST_REASON = 10;

/** Policies on the parsed input that no tool may forget, and the call's deadline. */
export const harden = ({ config, clock, trail }: Deps): Step =>
  async function harden(call, next) {
    refuseHiddenText(call.input);
    const { tool } = call.tool!;
    if (tool.effect === "write") {
      if (tool.reason(call.input).trim().length < SHORTEST_REASON)
        throw new HubError(
          "invalid_input",
          `A write needs a justification of at least ${SHORTEST_REASON} characters.`,
          {
            hint: "Say in one sentence why this change is right; it stands in the audit trail.",
          },
        );
      refuseUnseen(call.input);
      refuseLeaks(call.input);
    }
    const timeoutMs = tool.limits?.timeoutMs ?? config.limits.timeoutMs;
    call.deadline = clock.now() + timeoutMs;
    return withDeadline(call, timeoutMs, () => killedNow(trail, call), next);
  };

/** Text that shows a person something else than what is sent: control, bidirectional, invisible characters. */
const HIDDEN =
  /[\u0000\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

const refuseHiddenText = (input: unknown): void =>
  everyString(input, (text) => {
    if (!text.isWellFormed() || HIDDEN.test(text))
      throw new HubError("invalid_input", "The arguments contain control or invisible characters.");
  });

/** What nobody who reads the record will ever see has no business in a correction. */
const UNSEEN = /[\u0080-\u009f\u00ad\u200b\u200e\u200f\u2060-\u2064\ufeff]/;

const refuseUnseen = (input: unknown): void =>
  everyString(input, (text) => {
    if (UNSEEN.test(text)) throw new HubError("invalid_input", "The value contains invisible characters.");
  });

/** What must never be copied from one system, or one record, into another. */
const refuseLeaks = (input: unknown): void =>
  everyString(input, (text) => {
    const [found] = findSensitive(text, ["secret", "card", "iban", "ssn"]);
    if (found)
      throw new HubError("forbidden", `The value looks like a ${found.type}, which is never written.`, {
        hint: "Write the correction without it.",
      });
  });

const killedNow = (trail: Trail, call: Call): string | undefined => {
  try {
    return trail.killedBy(call.tool!.connector.name);
  } catch {
    // The trail cannot be read just now; recording the outcome will say so.
    return undefined;
  }
};

const LOOK_FOR_KILL_MS = 250;

/** Ends the call when its time is up, when the client cancels, and when somebody throws the kill switch. */
const withDeadline = async <T>(
  call: Call,
  timeoutMs: number,
  killedBy: () => string | undefined,
  next: () => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  const cancel = () => controller.abort(new HubError("cancelled"));
  const endsAt = performance.now() + timeoutMs;
  // One timer for both: most calls are over before it looks for the first time.
  const look = () => {
    const scope = killedBy();
    const left = endsAt - performance.now();
    if (scope !== undefined) controller.abort(killed(scope));
    else if (left <= 0) controller.abort(new HubError("deadline_exceeded"));
    else timer = setTimeout(look, Math.min(LOOK_FOR_KILL_MS, left));
  };
  let timer = setTimeout(look, Math.min(LOOK_FOR_KILL_MS, timeoutMs));
  call.arrival.signal.addEventListener("abort", cancel, { once: true });
  if (call.arrival.signal.aborted) cancel();
  call.signal = controller.signal;
  try {
    return await next();
  } finally {
    clearTimeout(timer);
    call.arrival.signal.removeEventListener("abort", cancel);
  }
};
