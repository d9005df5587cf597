import { HubError } from "../errors.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** A token bucket per principal and tool: a minute's worth at once, then as fast as it refills. */
export const throttle = ({ config, clock }: Deps): Step => {
  const perMinute = config.limits.callsPerMinute;
  const buckets = new Map<string, Bucket>();

  return async function throttle(call, next) {
    const now = clock.now();
    // The tool is a known one here, so the number of buckets is bounded.
    const key = `${call.principal.id} ${call.arrival.tool}`;
    const bucket = buckets.get(key) ?? { tokens: perMinute, filledAt: now };
    const refilled = bucket.tokens + (Math.max(now - bucket.filledAt, 0) * perMinute) / 60_000;
    const tokens = Math.min(refilled, perMinute);
    if (tokens < 1) {
      const waitMs = Math.ceil(((1 - tokens) * 60_000) / perMinute);
      throw new HubError("throttled", `More than ${perMinute} calls of ${call.arrival.tool} in a minute.`, {
        facts: { retryAt: new Date(now + waitMs).toISOString() },
      });
    }
    buckets.set(key, { tokens: tokens - 1, filledAt: now });
    return next();
  };
};
