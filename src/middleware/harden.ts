import { HubError } from "../errors.ts";
import { findSensitive } from "../text/sensitive.ts";
import type { Call } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { everyString } from "./strings.ts";

const SHORTEST_REASON = 10;

/** Policies on the parsed input that no tool may forget, and the call's deadline. */
export const harden = ({ config, clock }: Deps): Step =>
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
      refuseLeaks(call.input);
    }
    const timeoutMs = tool.limits?.timeoutMs ?? config.limits.timeoutMs;
    call.deadline = clock.now() + timeoutMs;
    return withDeadline(call, timeoutMs, next);
  };

/** Text that shows a person something else than what is sent: control, bidirectional, invisible characters. */
const HIDDEN =
  /[\u0000\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

const refuseHiddenText = (input: unknown): void =>
  everyString(input, (text) => {
    if (!text.isWellFormed() || HIDDEN.test(text))
      throw new HubError("invalid_input", "The arguments contain control or invisible characters.");
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

const withDeadline = async <T>(call: Call, timeoutMs: number, next: () => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const cancel = () => controller.abort(new HubError("cancelled"));
  const timer = setTimeout(() => controller.abort(new HubError("deadline_exceeded")), timeoutMs);
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
