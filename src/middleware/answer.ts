import { type HubError, toHubError } from "../errors.ts";
import { clean } from "../text/fence.ts";
import { redact } from "../text/sensitive.ts";
import { mapStrings } from "../text/strings.ts";
import { type Call, envelopeOf, isQuestion } from "./call.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";
import { cleanVendorText } from "./vendor-text.ts";

const LONGEST_FACT = 200;
/** Vendors' codes are words, not sentences. */
const VENDOR_CODE = /^[\w.-]{1,80}$/;

/** The only error boundary. Adds to every answer where it came from and what must not be missed. */
export const answer = ({ clock, log, config }: Deps): Step =>
  async function answer(call, next) {
    try {
      const outgoing = await next();
      if (isQuestion(outgoing)) return outgoing;
      return { ...outgoing, ...envelopeOf(call, clock.now()) };
    } catch (thrown) {
      const error = toHubError(thrown);
      if (error.code === "internal") log.error({ call: call.id, err: error.cause ?? error }, "unexpected");
      return { error: publicError(error, call, config.redact.types), ...envelopeOf(call, clock.now()) };
    }
  };

/** Our words as they are; the vendor's words cleaned, under a key that says whose they are. */
const publicError = (error: HubError, call: Call, types: Parameters<typeof cleanVendorText>[1]) => ({
  // First, so that no fact can take the place of what the host says.
  ...(mapStrings(error.facts ?? {}, (text) => redact(clean(text, LONGEST_FACT), types)) as object),
  code: error.code,
  message: error.message,
  hint: error.hint,
  call: call.id,
  ...(error.vendor && {
    vendor: {
      ...error.vendor,
      ...(error.vendor.code !== undefined && {
        code: VENDOR_CODE.exec(error.vendor.code)?.[0] ?? "unreadable",
      }),
      ...(error.vendor.message && {
        message: cleanVendorText(error.vendor.message, types, call.id.slice(-6)),
      }),
    },
  }),
});
