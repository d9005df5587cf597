import { serveStdio } from "../mcp/stdio.ts";
import { reserveStdout } from "../mcp/stdout.ts";
import type { Run } from "./commands.ts";
import { openHub } from "./open.ts";

const serve: Run = async (context) => {
  const output = reserveStdout();
  const hub = await openHub(context);
  const left = await hub.trail.abandon();
  if (left.length > 0)
    hub.log.warn(
      { intents: left },
      "a hub died with unfinished writes; look at their records before anything else",
    );
  const ended = serveStdio(hub.hub, { input: process.stdin, output }, hub.log);
  const signalled = new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await Promise.race([ended, signalled]);
  await hub.close();
  // Connections that vendors keep alive must not keep the process.
  process.exit(0);
};

export default serve;
