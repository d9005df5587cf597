import { userInfo } from "node:os";
import { loadConfig } from "../config/load.ts";
import { HubError, isHubError } from "../errors.ts";
import type { CommandContext, Run } from "./command.ts";
import { shippedConfig } from "./open.ts";
import { openOwnTrail } from "./own-trail.ts";

const kill: Run = async (context) => {
  const [state, connector = "*"] = context.words;
  if (state !== "on" && state !== "off")
    throw new HubError("config", "Say `kill on` or `kill off`, and a connector's name for one system only.", {
      hint: "",
    });
  const trail = openOwnTrail(context);
  try {
    // What is killed can be let go, whatever the configuration knows by now.
    if (!trail.kills().includes(connector)) refuseUnknown(context, connector);
    const { sequence } = await trail.kill(connector, state === "on", userInfo().username);
    const killed = trail.kills();
    process.stdout.write(
      context.json
        ? `${JSON.stringify({ killed, sequence })}\n`
        : `Kill switch ${state} for ${connector === "*" ? "the whole hub" : connector} (trail entry ${sequence}). ` +
            `Killed now: ${killed.join(", ") || "nothing"}.\n`,
    );
    return 0;
  } finally {
    await trail.close();
  }
};

/** A switch for a system that does not exist stops nothing, and must not look as if it did. */
const refuseUnknown = (context: CommandContext, connector: string): void => {
  if (connector === "*") return;
  const known = configured(context);
  if (known && !known.names.includes(connector))
    throw new HubError("config", `${known.path} has no connector "${connector}"; nothing was stopped.`, {
      hint:
        `It has ${known.names.join(", ")}. If the hub runs with another file, name it with --config; ` +
        "`revops-hub kill on` stops everything.",
    });
};

/** Undefined when the configuration cannot be read: the switch must work then, too. */
const configured = ({ variables, configFile, sandbox }: CommandContext) => {
  try {
    const { config, path } = loadConfig(variables, configFile, shippedConfig(sandbox));
    return { names: Object.keys(config.connectors), path };
  } catch (error) {
    if (!isHubError(error)) throw error;
    process.stderr.write(`The name was not checked. ${error.message}\n`);
    return undefined;
  }
};

export default kill;
