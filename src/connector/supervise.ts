/** Starts the configured connectors side by side. One that fails leaves the others serving, and says why. */
import { checked } from "../config/load.ts";
import type { ConnectorEntry, HubConfig } from "../config/schema.ts";
import type { SecretResolver } from "../config/secrets.ts";
import type { Variables } from "../config/variables.ts";
import { HubError, toHubError } from "../errors.ts";
import type { KeyedStores } from "../store/keyed.ts";
import type { Vaults } from "../store/vault.ts";
import type { AnyConnector } from "./any.ts";
import type { Clock, Log } from "./contract.ts";
import { type ConnectorPlaces, importConnector, viewsFolder } from "./load.ts";
import { createFetch, noticeFrom, type Reachability } from "./upstream.ts";

export interface Supervised {
  readonly name: string;
  readonly entry: ConnectorEntry;
  /** Absent when not even its module could be loaded. */
  readonly connector: AnyConnector | undefined;
  /** Folder of its views; absent as `connector` is, and for the hub itself. */
  readonly views?: URL | undefined;
  /** What `start` returned; present exactly when `failure` is absent. */
  readonly api: unknown;
  readonly failure: HubError | undefined;
  readonly seen: Reachability;
}

export interface SuperviseOptions {
  readonly places: ConnectorPlaces;
  readonly variables: Variables;
  readonly secret: SecretResolver;
  readonly stores: KeyedStores;
  readonly vaults: Vaults;
  readonly clock: Clock;
  readonly log: Log;
}

/** In the order of their names. */
export const startConnectors = (
  config: HubConfig,
  options: SuperviseOptions,
): Promise<readonly Supervised[]> =>
  Promise.all(
    Object.entries(config.connectors)
      .filter(([, entry]) => entry.enabled)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entry]) => startOne(name, entry, config, options)),
  );

const startOne = async (
  name: string,
  entry: ConnectorEntry,
  config: HubConfig,
  { places, variables, secret, stores, vaults, clock, log }: SuperviseOptions,
): Promise<Supervised> => {
  const seen: Reachability = { lastAnswerAt: undefined, lastFailureAt: undefined, lastFailure: undefined };
  const views = viewsFolder(entry.from ?? name, places);
  let connector: AnyConnector | undefined;
  try {
    connector = await importConnector(entry.from ?? name, places);
    if (connector.name !== name)
      throw new HubError(
        "config",
        `The connector "${entry.from ?? name}" is called "${connector.name}", not "${name}".`,
        {
          hint: `Use "${connector.name}" as its key under "connectors".`,
        },
      );
    const api = await startInTime(name, connector, {
      config: checked(
        connector.config,
        settings(connector, entry, variables),
        connector.title,
        `connectors.${name}.config`,
      ),
      secret,
      fetch: createFetch({ system: name, clock, concurrency: config.limits.concurrency, seen }),
      store: stores.space(name),
      vault: vaults.space(name),
      clock,
      log,
      notice: noticeFrom(name),
    });
    return { name, entry, connector, views, api, failure: undefined, seen };
  } catch (error) {
    const failure = toHubError(error);
    log.error(
      { connector: name, code: failure.code, hint: failure.hint, err: failure.cause },
      `${name} did not start: ${failure.message}`,
    );
    return { name, entry, connector, views, api: undefined, failure, seen };
  }
};

const START_LIMIT_MS = 10_000;

/** A connector that never finishes starting must not keep the others from being served. */
const startInTime = async (
  name: string,
  connector: AnyConnector,
  setup: Parameters<AnyConnector["start"]>[0],
): Promise<unknown> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new HubError(
      "config",
      `${name} did not finish starting within ${START_LIMIT_MS / 1000} s.`,
      {
        hint: "Usually a secret's program that waits for somebody, such as a password manager that is locked.",
      },
    );
    timer = setTimeout(() => reject(error), START_LIMIT_MS);
  });
  try {
    return await Promise.race([connector.start(setup), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The file's settings, or what the environment describes when the file is silent. */
const settings = (
  { title, environment }: AnyConnector,
  entry: ConnectorEntry,
  variables: Variables,
): unknown => {
  if (entry.config || !environment) return entry.config ?? {};
  const shown = Object.fromEntries(environment.variables.map((name) => [name, variables[name]]));
  const described = environment.config(shown);
  if (described) return described;
  throw new HubError("config", `${title} is not configured.`, {
    hint: `Set ${environment.variables.slice(0, 2).join(" and ")}, or give its settings in the config file.`,
  });
};

/** Lets every started connector close what it holds. */
export const stopConnectors = async (supervised: readonly Supervised[]): Promise<void> => {
  await Promise.allSettled(
    supervised.map(async ({ connector, api, failure }) => failure ?? connector?.stop?.(api)),
  );
};
