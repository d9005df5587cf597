import type { Principal } from "../connector/contract.ts";
import type { Held } from "./held.ts";
import type { HubStatus } from "./status.ts";

/** What the hub's own tools may use. */
export interface HubApi {
  readonly held: Held;
  status(principal: Principal): HubStatus;
}
