/** What most commands begin with: the configuration and a hub over it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homeFolder } from "../config/home.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import type { Variables } from "../config/variables.ts";
import { type BuiltHub, buildHub } from "../container.ts";
import { packageRoot, shipped } from "../places.ts";
import type { CommandContext } from "./command.ts";

export interface OpenedHub extends BuiltHub {
  readonly loaded: LoadedConfig;
  readonly home: string;
}

interface OpenOptions {
  /** When REVOPS_HUB_LOG_LEVEL says nothing. A person at a terminal wants the answer, not a line about it. */
  readonly logLevel?: "info" | "warn" | "silent";
}

/** The config file that ships, for when none is named. */
export const shippedConfig = (sandbox: boolean): string =>
  fileURLToPath(new URL(`config/${sandbox ? "hub.sandbox.json" : "hub.json"}`, packageRoot));

/** Where the trail and the other state are: apart from the real one while the sandbox plays. */
export const stateFolder = ({ variables, sandbox }: Pick<CommandContext, "variables" | "sandbox">): string =>
  sandbox ? join(homeFolder(variables), "sandbox") : homeFolder(variables);

/** Throws `config` or `audit_unavailable`. */
export const openHub = async (
  { variables: given, sandbox, configFile }: CommandContext,
  { logLevel = "warn" }: OpenOptions = {},
): Promise<OpenedHub> => {
  const variables: Variables = { REVOPS_HUB_LOG_LEVEL: logLevel, ...given };
  const home = stateFolder({ variables, sandbox });
  if (!sandbox) {
    const loaded = loadConfig(variables, configFile, shippedConfig(false));
    return { ...(await buildHub({ loaded, variables, home, shipped })), loaded, home };
  }
  const { startSandboxes } = await import("./sandboxes.ts");
  const configured = loadConfig(variables, configFile, shippedConfig(true));
  const sandboxes = await startSandboxes(configured, shipped);
  const parts = {
    loaded: sandboxes.loaded,
    variables: { ...variables, ...sandboxes.variables },
    home,
    shipped,
  };
  const hub = await buildHub(parts).catch(async (error) => {
    // Their servers would keep the process.
    await sandboxes.close();
    throw error;
  });
  const close = async () => {
    await hub.close();
    await sandboxes.close();
  };
  return { ...hub, close, loaded: sandboxes.loaded, home };
};
