import { serveStdio } from "../mcp/stdio.ts";
import { reserveStdout } from "../mcp/stdout.ts";
import type { Run } from "./command.ts";
import { type OpenedHub, openHub } from "./open.ts";

/** Long enough for a client to have its list of tools. */
const SETTLE_AFTER_MS = 1_000;

const serve: Run = async (context) => {
  const output = reserveStdout();
  const hub = await openHub(context);
  const ended = serveStdio(hub.hub, { input: process.stdin, output }, hub.log);
  const settling = setTimeout(() => void settle(hub), SETTLE_AFTER_MS);
  const signalled = new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await Promise.race([ended, signalled]);
  clearTimeout(settling);
  await hub.close();
  // Connections that vendors keep alive must not keep the process.
  process.exit(0);
};

/** What an earlier hub left unfinished, and whether the trail is whole, is said soon after the start. */
const settle = async ({ trail, log }: OpenedHub): Promise<void> => {
  try {
    const damage = trail.damage();
    if (damage) log.error({ damage }, "the audit trail is damaged: writes are refused");
    const left = await trail.abandon();
    if (left.length > 0)
      log.warn(
        { intents: left },
        "a hub died with unfinished writes; look at their records before anything else",
      );
  } catch (error) {
    log.error({ err: error }, "the audit trail cannot be used: nothing will be answered");
  }
};

export default serve;
