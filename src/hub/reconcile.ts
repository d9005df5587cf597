/** Settles what a crash or a lost answer left open: by looking at the record, never by sending again. */
import type { HubConfig } from "../config/schema.ts";
import type { Clock, PastWrite, Principal, Settlement } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import { ledger } from "../connector/upstream.ts";
import { toHubError } from "../errors.ts";
import { pastWrite } from "../trail/past-writes.ts";
import type { Trail } from "../trail/trail.ts";

export interface Reconciled extends Settlement {
  readonly write: PastWrite;
}

/** What reconciling needs; `claim` makes sure that of two processes only one settles a write. */
export interface ReconcileParts {
  readonly trail: Trail;
  readonly supervised: readonly Supervised[];
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly principal: Principal;
  claim(name: string, forMs: number): Promise<boolean>;
}

const TIME_LIMIT_MS = 30_000;
/** What was sent may be under way for longer than who sent it waited. */
const SURELY_OVER_MS = 2 * 60_000;

/** In the order of the trail. What stays unknown is tried again the next time. */
export const reconcile = async (parts: ReconcileParts): Promise<readonly Reconciled[]> => {
  const { trail, clock, principal } = parts;
  await trail.abandon();
  const reconciled: Reconciled[] = [];
  for (const sequence of trail.unsettled()) {
    const write = pastWrite(trail, sequence);
    if (!write || !(await parts.claim(`reconciling ${sequence}`, TIME_LIMIT_MS))) continue;
    if (clock.now() - Date.parse(write.at) < SURELY_OVER_MS) {
      reconciled.push({ write, ...unknown("It was begun less than two minutes ago and may still be made.") });
      continue;
    }
    const statuses = new Map<string, number[]>();
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const { outcome, because } = await ledger.run({ signal, statuses }, () => settle(write, signal, parts));
    await trail.reconcile({
      kind: "reconciled",
      at: new Date(clock.now()).toISOString(),
      principal: principal.id,
      intent: sequence,
      outcome,
      because,
      upstream: [...statuses].map(([system, all]) => ({ system, requests: all.length, statuses: all })),
    });
    reconciled.push({ write, outcome, because });
  }
  return reconciled;
};

const settle = async (
  write: PastWrite,
  signal: AbortSignal,
  { trail, supervised, config }: ReconcileParts,
): Promise<Settlement> => {
  const owner = supervised.find(({ connector }) => connector?.tools.some(({ name }) => name === write.tool));
  const tool = owner?.connector?.tools.find(({ name }) => name === write.tool);
  if (!owner || !tool) return unknown(`This hub has no connector with ${write.tool}.`);
  const { failure, api, entry, name } = owner;
  if (failure) return unknown(failure.message);
  if (trail.killedBy(name) !== undefined) return unknown(`The kill switch is on for ${name}.`);
  if (tool.effect !== "write" || !tool.settle)
    return unknown(`${write.tool} cannot find out by itself; look at the record.`);
  try {
    return await tool.settle(write, { api, signal, mayWrite: !config.readOnly && !entry.readOnly });
  } catch (thrown) {
    return unknown(toHubError(thrown).message);
  }
};

const unknown = (because: string): Settlement => ({ outcome: "unknown", because });
