import { userInfo } from "node:os";
import { HubError } from "../errors.ts";
import type { Run } from "./command.ts";
import { openOwnTrail } from "./own-trail.ts";

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
