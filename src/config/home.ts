/** The state folder: trail, keys, jobs. Private to the user, on a local disk. */
import { accessSync, chmodSync, constants, mkdirSync, statSync } from "node:fs";
import { homedir, platform } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { HubError } from "../errors.ts";
import type { Variables } from "./variables.ts";

/** `REVOPS_HUB_HOME`, or the platform's folder for state. */
export const homeFolder = (variables: Variables): string => {
  if (variables.REVOPS_HUB_HOME) return resolve(variables.REVOPS_HUB_HOME);
  if (platform() === "darwin") return join(homedir(), "Library", "Application Support", "revops-hub");
  if (platform() === "win32")
    return join(absolute(variables.LOCALAPPDATA) ?? join(homedir(), "AppData", "Local"), "revops-hub");
  return join(absolute(variables.XDG_STATE_HOME) ?? join(homedir(), ".local", "state"), "revops-hub");
};

/** Relative paths are to be ignored, says the XDG Base Directory Specification: they would move with the shell. */
const absolute = (path: string | undefined): string | undefined =>
  path && isAbsolute(path) ? path : undefined;

/** Makes the folder with mode 0700. Throws `config` if it cannot be made or written, or is someone else's. */
export const prepareHome = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    if (platform() !== "win32" && (statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    throw new HubError("config", `The state folder ${folder} cannot be used: ${(error as Error).message}`, {
      hint: "Set REVOPS_HUB_HOME to a folder of your own on a local disk.",
      cause: error,
    });
  }
};
