/** Opens an address in the person's browser, without a shell; whether that worked nobody needs to know. */
import { spawn } from "node:child_process";

const OPENERS: Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

export const openBrowser = (address: string): void => {
  // A connector names it: nothing but a web address may reach a program.
  const url = new URL(address);
  if (!["https:", "http:"].includes(url.protocol)) return;
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const browser = spawn(program, [...args, url.href], { stdio: "ignore", detached: true, windowsHide: true });
  browser.on("error", () => {});
  browser.unref();
};
