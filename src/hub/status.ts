/** What hub_status answers and `doctor` prints. */
import type { Catalog } from "../catalog/catalog.ts";
import { narrowedTo } from "../catalog/toolsets.ts";
import type { HubConfig } from "../config/schema.ts";
import type { Principal } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import type { Trail } from "../trail/trail.ts";
import { VERSION } from "../version.ts";
import { type FirstUse, inWords } from "./first-use.ts";

export interface HubStatus {
  version: string;
  readOnly: boolean;
  toolsets?: string[];
  writesStopped?: string;
  killed: string[];
  systems: { rows: SystemStatus[]; total: number };
  trail: { hubId: string; entries: number; damage?: string; unsettled?: number[] };
}

export interface SystemStatus {
  name: string;
  title: string;
  state: "ready" | "failed";
  tools: number;
  reason: string | null;
  hint: string | null;
  findings: string | null;
  lastAnswerAt: string | null;
  lastFailureAt: string | null;
}

export interface StatusSources {
  readonly config: HubConfig;
  readonly supervised: readonly Supervised[];
  readonly catalog: Catalog;
  readonly trail: Trail;
  readonly firstUse: FirstUse;
  readonly halt: { readonly reason: string | undefined };
}

export const hubStatus = (
  { config, supervised, catalog, trail, firstUse, halt }: StatusSources,
  principal: Principal,
): HubStatus => {
  const visible = catalog.list(principal);
  const damage = trail.damage();
  const unsettled = trail.unsettled();
  const toolsets = narrowedTo(principal, config);
  const rows = supervised.map(
    ({ name, connector, failure, seen }): SystemStatus => ({
      name,
      title: connector?.title ?? name,
      state: failure ? "failed" : "ready",
      tools: visible.filter((tool) => tool.connector.name === name).length,
      reason: failure?.message ?? seen.lastFailure ?? null,
      hint: failure?.hint ?? null,
      findings: inWords(firstUse.findings(name)),
      lastAnswerAt: iso(seen.lastAnswerAt),
      lastFailureAt: iso(seen.lastFailureAt),
    }),
  );
  return {
    version: VERSION,
    readOnly: config.readOnly,
    ...(toolsets && { toolsets: [...toolsets] }),
    ...(halt.reason && { writesStopped: halt.reason }),
    killed: [...trail.kills()],
    systems: { rows, total: rows.length },
    trail: {
      hubId: trail.keys.hubId,
      entries: trail.head()?.size ?? 0,
      ...(damage && { damage }),
      ...(unsettled.length > 0 && { unsettled: [...unsettled] }),
    },
  };
};

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
