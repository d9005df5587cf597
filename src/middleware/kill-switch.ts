import { HubError } from "../errors.ts";
import { killed } from "../trail/trail.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Looks at the switch on every call: it is flipped from another process. The hub's own tools stay. */
export const killSwitch = ({ trail, catalog, halt }: Deps): Step =>
  async function killSwitch(call, next) {
    const entry = catalog.get(call.arrival.tool);
    if (entry && entry.connector.name !== "hub") {
      const scope = trail.killedBy(entry.connector.name);
      if (scope) throw killed(scope);
      if (halt.reason && entry.tool.effect === "write")
        throw new HubError("audit_unavailable", `Writes are stopped: ${halt.reason}.`, {
          hint: "Make the state folder writable again and restart the hub.",
        });
    }
    return next();
  };
