/** What most commands begin with: the configuration and a hub over it. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homeFolder } from "../config/home.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import type { Variables } from "../config/variables.ts";
import { type BuiltHub, buildHub, type Override } from "../container.ts";
import { packageRoot, shipped } from "../places.ts";
import type { CommandContext } from "./command.ts";

export interface OpenedHub extends BuiltHub {
  readonly loaded: LoadedConfig;
  readonly home: string;
}

/** The config file that ships, for when none is named. */
export const shippedConfig = (sandbox: boolean): string =>
  fileURLToPath(new URL(`config/${sandbox ? "hub.sandbox.json" : "hub.json"}`, packageRoot));

/** Where the trail and the other state are: apart from the real one while the sandbox plays. */
export const stateFolder = ({ variables, sandbox }: Pick<CommandContext, "variables" | "sandbox">): string =>
  sandbox ? join(homeFolder(variables), "sandbox") : homeFolder(variables);

/** Throws `config` or `audit_unavailable`. */
export const openHub = async (
  context: CommandContext,
  replace?: (override: Override) => void,
): Promise<OpenedHub> => {
  const home = stateFolder(context);
  if (!context.sandbox) {
    const loaded = loadConfig(context.variables, context.configFile, shippedConfig(false));
    return {
      ...(await buildHub({ loaded, variables: context.variables, home, shipped }, replace)),
      loaded,
      home,
    };
  }
  const { startSandboxes } = await import("./sandboxes.ts");
  const configured = loadConfig(context.variables, context.configFile, shippedConfig(true));
  const sandboxes = await startSandboxes(configured, shipped);
  const variables: Variables = { ...context.variables, ...sandboxes.variables };
  const hub = await buildHub({ loaded: sandboxes.loaded, variables, home, shipped }, replace).catch(
    async (error) => {
      // Their servers would keep the process.
      await sandboxes.close();
      throw error;
    },
  );
  const close = async () => {
    await hub.close();
    await sandboxes.close();
  };
  return { ...hub, close, loaded: sandboxes.loaded, home };
};
