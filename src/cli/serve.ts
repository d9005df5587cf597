import { setTimeout as sleep } from "node:timers/promises";
import { serveStdio } from "../mcp/stdio.ts";
import { reserveStdout } from "../mcp/stdout.ts";
import type { Run } from "./command.ts";
import { type OpenedHub, openHub } from "./open.ts";

/** Long enough for a client to have its list of tools. */
const SETTLE_AFTER_MS = 1_000;
/** A connector that cannot stop must not keep the process. */
const CLOSE_WITHIN_MS = 5_000;

const serve: Run = async (context) => {
  const stop = new AbortController();
  const output = reserveStdout(() => stop.abort());
  const hub = await openHub(context, { logLevel: "info" });
  process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
  let status = 0;
  // Every call answers for its own errors. A promise nobody waits for is a connector's slip, and harms none.
  process.on("unhandledRejection", (reason) =>
    hub.log.error({ err: reason }, "nobody waited for this error"),
  );
  // Thrown out of a timer or an event instead: what it left half done cannot be known, not even whether it
  // was a connector's. Writes under way are finished, then the client may start a fresh hub.
  process.on("uncaughtException", (error) => {
    hub.log.error({ err: error }, "an error outside of any call; the hub ends");
    status = 1;
    stop.abort();
  });
  const settling = setTimeout(() => void settle(hub), SETTLE_AFTER_MS);
  await serveStdio(hub.hub, { input: process.stdin, output }, hub.log, { stop: stop.signal });
  clearTimeout(settling);
  const written = new Promise((resolve) => output.write("", resolve));
  await Promise.race([Promise.all([written, hub.close()]), sleep(CLOSE_WITHIN_MS)]);
  // Connections that vendors keep alive must not keep the process.
  process.exit(status);
};

/** What an earlier hub left unfinished, and whether the trail is whole, is said soon after the start. */
const settle = async ({ trail, log }: OpenedHub): Promise<void> => {
  try {
    const damage = trail.damage();
    if (damage) log.error({ damage }, "the audit trail is damaged: nothing will be answered");
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
