import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** The same predicate as tools/list: what is hidden is also refused, by name. */
export const authorize = ({ catalog }: Deps): Step =>
  async function authorize(call, next) {
    call.tool = catalog.find(call.arrival.tool, call.principal);
    return next();
  };
