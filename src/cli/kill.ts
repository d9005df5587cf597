import { userInfo } from "node:os";
import { systemClock } from "../clock.ts";
import { prepareHome } from "../config/home.ts";
import { HubError } from "../errors.ts";
import { createTrail } from "../trail/trail.ts";
import type { CommandContext, Run } from "./commands.ts";
import { stateFolder } from "./open.ts";

/** The trail alone, without a hub: the switch must work while the configuration does not. */
export const openOwnTrail = (context: CommandContext) => {
  const home = stateFolder(context);
  prepareHome(home);
  return createTrail({ folder: home, clock: systemClock, isAlive: () => true });
};

const kill: Run = async (context) => {
  const [state, connector = "*"] = context.words;
  if (state !== "on" && state !== "off")
    throw new HubError("config", "Say `kill on` or `kill off`, and a connector's name for one system only.", {
      hint: "",
    });
  const trail = openOwnTrail(context);
  const { sequence } = await trail.kill(connector, state === "on", userInfo().username);
  const killed = trail.kills();
  await trail.close();
  process.stdout.write(
    context.json
      ? `${JSON.stringify({ killed, sequence })}\n`
      : `Kill switch ${state} for ${connector === "*" ? "the whole hub" : connector} (trail entry ${sequence}). ` +
          `Killed now: ${killed.join(", ") || "nothing"}.\n`,
  );
  return 0;
};

export default kill;
