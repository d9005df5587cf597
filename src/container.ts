/**
 * The composition root: what the hub is made of, and nothing else. The only file that knows a
 * container exists; tests and deployments replace a part by its token.
 */
import "reflect-metadata";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type DependencyContainer, instanceCachingFactory, container as root } from "tsyringe";
import { type Catalog, createCatalog } from "./catalog/catalog.ts";
import { createOffers } from "./catalog/offers.ts";
import { systemClock } from "./clock.ts";
import { prepareHome } from "./config/home.ts";
import type { LoadedConfig } from "./config/load.ts";
import { createSecretResolver, type SecretResolver } from "./config/secrets.ts";
import { type Variables, vaultKind } from "./config/variables.ts";
import type { Clock, Principal } from "./connector/contract.ts";
import { type Supervised, startConnectors, stopConnectors } from "./connector/supervise.ts";
import { type Approvals, createApprovals } from "./hub/approvals.ts";
import { hubConnector } from "./hub/connector.ts";
import { createFirstUse, type FirstUse } from "./hub/first-use.ts";
import { createHeld, type Held } from "./hub/held.ts";
import { createHub, type Hub } from "./hub/hub.ts";
import { offeredTools } from "./hub/offered-tools.ts";
import { recentEntries } from "./hub/recent-entries.ts";
import { type Reconciled, reconcile } from "./hub/reconcile.ts";
import { type HubStatus, hubStatus } from "./hub/status.ts";
import { createLog, type HubLog } from "./log.ts";
import type { Deps } from "./middleware/deps.ts";
import { createKeyedStores, type KeyedStores } from "./store/keyed.ts";
import { createVaults, type Vaults } from "./store/vault.ts";
import { createTrail, killed, type Trail } from "./trail/trail.ts";

type Token<T> = symbol & { readonly type?: T };
const token = <T>(name: string): Token<T> => Symbol(name);

export const CLOCK = token<Clock>("clock");
export const LOG = token<HubLog>("log");
export const PRINCIPAL = token<Principal>("principal");
export const SECRET = token<SecretResolver>("secret");
export const STORES = token<KeyedStores>("stores");
export const VAULTS = token<Vaults>("vaults");
export const TRAIL = token<Trail>("trail");
export const FIRST_USE = token<FirstUse>("first use");
const HELD = token<Held>("held");
const APPROVALS = token<Approvals>("approvals");
const SUPERVISED = token<readonly Supervised[]>("supervised");
const CATALOG = token<Catalog>("catalog");
const DEPS = token<Deps>("deps");

export interface HubParts {
  readonly loaded: LoadedConfig;
  readonly variables: Variables;
  /** State folder. */
  readonly home: string;
  /** Folder of the connectors that ship. */
  readonly shipped: URL;
}

export interface BuiltHub {
  readonly hub: Hub;
  readonly trail: Trail;
  readonly log: HubLog;
  readonly supervised: readonly Supervised[];
  readonly approvals: Approvals;
  status(): HubStatus;
  reconcile(): Promise<readonly Reconciled[]>;
  close(): Promise<void>;
}

/** Replaces a part before the hub is built. */
export type Override = <T>(part: Token<T>, make: () => T) => void;

/** Throws `config` or `audit_unavailable`; a connector that fails does not stop the hub. */
export const buildHub = async (
  parts: HubParts,
  replace?: (override: Override) => void,
): Promise<BuiltHub> => {
  const { loaded, variables, home, shipped } = parts;
  const { config } = loaded;
  prepareHome(home);
  const container = root.createChildContainer();
  const bind = <T>(part: Token<T>, make: (get: Get) => T) =>
    container.register(part, { useFactory: instanceCachingFactory((c) => make(getFrom(c))) });
  const get = getFrom(container);

  bind(CLOCK, () => systemClock);
  bind(LOG, (get) => createLog({ level: variables.REVOPS_HUB_LOG_LEVEL ?? "info", clock: get(CLOCK) }));
  bind(PRINCIPAL, () => ({ id: userInfo().username }));
  bind(SECRET, () => createSecretResolver(variables));
  bind(STORES, (get) => createKeyedStores(join(home, "state.db"), get(CLOCK)));
  bind(VAULTS, () => createVaults({ folder: join(home, "vault"), kind: vaultKind(variables) }));
  bind(HELD, (get) => createHeld(get(CLOCK)));
  bind(APPROVALS, (get) => createApprovals(get(STORES).space("hub"), get(CLOCK)));
  bind(TRAIL, (get) => createTrail({ folder: home, clock: get(CLOCK), isAlive }));
  bind(FIRST_USE, (get) =>
    createFirstUse({
      clock: get(CLOCK),
      log: get(LOG),
      isKilled: (name) => get(TRAIL).killedBy(name) !== undefined,
    }),
  );
  replace?.((part, make) => container.register(part, { useFactory: instanceCachingFactory(make) }));

  const halt: Deps["halt"] = { reason: undefined };
  // Connectors start asynchronously, which no container does: they are awaited before they are bound.
  const started = await startConnectors(config, {
    places: { shipped, base: loaded.base },
    variables,
    secret: get(SECRET),
    stores: get(STORES),
    vaults: get(VAULTS),
    clock: get(CLOCK),
    log: get(LOG),
  });
  const status = (principal: Principal): HubStatus =>
    hubStatus(
      {
        config,
        supervised: started,
        catalog: get(CATALOG),
        trail: get(TRAIL),
        firstUse: get(FIRST_USE),
        halt,
      },
      principal,
    );

  bind(SUPERVISED, (get) => [
    ...started,
    hubConnector({
      held: get(HELD),
      status,
      catalog: (principal) => offeredTools(get(CATALOG), principal),
      trail: (principal) => recentEntries(get(TRAIL), principal),
      refuseKilled: (connector) => {
        const scope = get(TRAIL).killedBy(connector);
        if (scope) throw killed(scope);
      },
    }),
  ]);
  bind(CATALOG, (get) => createCatalog(get(SUPERVISED), config));
  bind(DEPS, (get) => ({
    config,
    clock: get(CLOCK),
    log: get(LOG),
    trail: get(TRAIL),
    catalog: get(CATALOG),
    supervised: started,
    held: get(HELD),
    approvals: get(APPROVALS),
    firstUse: get(FIRST_USE),
    principal: get(PRINCIPAL),
    halt,
  }));

  const { idlePatterns } = get(CATALOG);
  if (idlePatterns.length > 0)
    get(LOG).warn(
      { patterns: idlePatterns },
      "these allow or deny patterns fit no tool: check their spelling",
    );
  const hub = createHub(get(DEPS), createOffers(get(SUPERVISED), get(CATALOG)));
  return {
    hub,
    trail: get(TRAIL),
    log: get(LOG),
    supervised: started,
    approvals: get(APPROVALS),
    status: () => status(get(PRINCIPAL)),
    reconcile: () =>
      reconcile({
        config,
        supervised: started,
        trail: get(TRAIL),
        clock: get(CLOCK),
        principal: get(PRINCIPAL),
        claim: (name, forMs) =>
          get(STORES)
            .space("hub")
            .claim(name, true, { expiresAt: get(CLOCK).now() + forMs }),
      }),
    async close() {
      await get(FIRST_USE).close();
      await stopConnectors(started);
      await get(TRAIL).close();
      get(STORES).close();
      await get(LOG).flush();
    },
  };
};

type Get = <T>(part: Token<T>) => T;
const getFrom =
  (container: DependencyContainer): Get =>
  <T>(part: Token<T>) =>
    container.resolve<T>(part);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
