/** What the steps are built from; the composition root makes it. */
import type { Catalog } from "../catalog/catalog.ts";
import type { HubConfig } from "../config/schema.ts";
import type { Clock, Log, Principal } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import type { Approvals } from "../hub/approvals.ts";
import type { FirstUse } from "../hub/first-use.ts";
import type { Held } from "../hub/held.ts";
import type { Trail } from "../trail/trail.ts";

export interface Deps {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly trail: Trail;
  readonly catalog: Catalog;
  readonly supervised: readonly Supervised[];
  readonly held: Held;
  readonly approvals: Approvals;
  readonly firstUse: FirstUse;
  /** Who acts, on a transport that carries no identity of its own. */
  readonly principal: Principal;
  /** Writes are stopped in this process since an outcome could not be recorded. */
  readonly halt: { reason: string | undefined };
}
