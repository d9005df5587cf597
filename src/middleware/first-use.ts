import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Once a call is over, the systems it asked count as used, also those whose datasets it read. */
export const firstUse = ({ supervised, firstUse: first }: Deps): Step =>
  async function firstUse(call, next) {
    try {
      return await next();
    } finally {
      for (const used of supervised) if (call.statuses.has(used.name)) first.note(used);
    }
  };
