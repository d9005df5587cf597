import { systemClock } from "../clock.ts";
import { prepareHome } from "../config/home.ts";
import { createTrail } from "../trail/trail.ts";
import type { CommandContext } from "./command.ts";
import { stateFolder } from "./open.ts";

/** The trail alone, without a hub: the switch must work while the configuration does not. */
export const openOwnTrail = (context: CommandContext) => {
  const home = stateFolder(context);
  prepareHome(home);
  return createTrail({ folder: home, clock: systemClock, isAlive: () => true });
};
