import type { Principal } from "../connector/contract.ts";
import type { Held } from "./held.ts";
import type { OfferedTool } from "./offered-tools.ts";
import type { RecentEntries } from "./recent-entries.ts";
import type { HubStatus } from "./status.ts";

/** What the hub's own tools may use. */
export interface HubApi {
  readonly held: Held;
  /** Throws `killed` when this connector's rows may not be shown now. */
  refuseKilled(connector: string): void;
  status(principal: Principal): HubStatus;
  /** What tools/list offers this principal. */
  catalog(principal: Principal): readonly OfferedTool[];
  /** The principal's own latest entries of the trail. */
  trail(principal: Principal): RecentEntries;
}
