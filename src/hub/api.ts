import type { Principal } from "../connector/contract.ts";
import type { Held } from "./held.ts";
import type { HubStatus } from "./status.ts";

/** What the hub's own tools may use. */
export interface HubApi {
  readonly held: Held;
  /** Throws `killed` when this connector's rows may not be shown now. */
  refuseKilled(connector: string): void;
  status(principal: Principal): HubStatus;
}
