import { createHash, randomBytes } from "node:crypto";
import { systemClock } from "../clock.ts";
import { HubError, isHubError } from "../errors.ts";
import { clean } from "../text/fence.ts";
import { openBrowser } from "./browser.ts";
import { listenForCallback } from "./callback.ts";
import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { type LoginTarget, loginTarget } from "./signed-in.ts";

const login: Run = async (context) => {
  const hub = await openHub(context, { logLevel: "silent" });
  const stop = new AbortController();
  const interrupted = () => stop.abort(new HubError("cancelled", "The login was given up.", { hint: "" }));
  process.once("SIGINT", interrupted);
  try {
    const said = await signIn(loginTarget(hub.supervised, context.words[0]), stop.signal);
    process.stdout.write(context.json ? `${JSON.stringify({ signedIn: said })}\n` : `${said}\n`);
    return 0;
  } catch (error) {
    if (!isHubError(error) || error.code === "config") throw error;
    process.stderr.write(`${told(error)}\n`);
    return 1;
  } finally {
    process.off("SIGINT", interrupted);
    await hub.close();
  }
};

/** A vendor's words go to a terminal here, so they are cleaned and cut as in an answer. */
const LONGEST_SAID = 500;

const told = ({ message, vendor, hint }: HubError): string =>
  [message, vendor?.message && `It said: ${clean(vendor.message, LONGEST_SAID)}.`, hint]
    .filter(Boolean)
    .join(" ");

/** PKCE (RFC 7636): 32 random bytes are the 43 characters it asks for. */
const signIn = async ({ title, api, login }: LoginTarget, signal: AbortSignal): Promise<string> => {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const state = randomBytes(32).toString("base64url");
  const callback = await listenForCallback({ port: login.port(api), state, clock: systemClock, signal });
  try {
    const { redirectUri } = callback;
    const url = login.authorizeUrl(api, { redirectUri, state, challenge });
    process.stderr.write(`Sign in to ${title} in a browser on this machine:\n\n  ${url}\n\n`);
    if (process.stderr.isTTY) openBrowser(url);
    return await callback.receive((code) => login.redeem(api, { code, verifier, redirectUri }));
  } finally {
    callback.close();
  }
};

export default login;
