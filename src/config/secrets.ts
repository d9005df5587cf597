/** Resolves secret references. A secret never stands in the config, the log or an error. */
import { readFile } from "node:fs/promises";
import { HubError } from "../errors.ts";
import type { Variables } from "./variables.ts";

export type SecretResolver = (reference: string) => Promise<string>;

const SCHEMES = ["env", "file", "keychain", "cmd"] as const;
const KEYCHAIN_SERVICE = "revops-hub";
const COMMAND_TIMEOUT_MS = 30_000;

/** `env:NAME`, `file:PATH`, `keychain:NAME`, `cmd:PROGRAM ARGS`. Throws `config`, naming the reference only. */
export const createSecretResolver = (variables: Variables): SecretResolver => {
  const read: Record<(typeof SCHEMES)[number], (rest: string) => Promise<string | undefined>> = {
    env: async (name) => variables[name],
    file: (path) => readFile(path, "utf8"),
    keychain: fromKeychain,
    cmd: fromCommand,
  };
  return async (reference) => {
    const scheme = SCHEMES.find((known) => reference.startsWith(`${known}:`));
    if (!scheme)
      throw new HubError("config", "A secret is not given by reference.", {
        hint: "Write env:NAME, file:PATH, keychain:NAME or cmd:PROGRAM ARGS instead of the value.",
      });
    const value = await read[scheme](reference.slice(scheme.length + 1)).catch((error) => {
      throw new HubError("config", `The secret ${reference} cannot be read: ${reason(error)}.`, {
        hint: HINTS[scheme],
      });
    });
    const secret = value?.trim();
    if (!secret)
      throw new HubError("config", `The secret ${reference} is empty or not set.`, { hint: HINTS[scheme] });
    return secret;
  };
};

const HINTS: Record<(typeof SCHEMES)[number], string> = {
  env: "Set the variable in the `env` part of the client's mcpServers entry.",
  file: "Write the secret, and nothing else, into that file and make it readable for this user.",
  keychain: `Store it in the system keychain under the service "${KEYCHAIN_SERVICE}" and this name.`,
  cmd: "Run the command at a terminal: it must print the secret, and nothing else, and end with status 0.",
};

/** Error codes and exit states only: a failing program may have printed the secret. */
const reason = (error: unknown): string => {
  const { code, killed } = error as { code?: string | number; killed?: boolean };
  if (killed) return `no answer within ${COMMAND_TIMEOUT_MS / 1000} s`;
  return typeof code === "number" ? `exit status ${code}` : (code ?? "not available");
};

const fromKeychain = async (name: string): Promise<string | undefined> => {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  return (await new AsyncEntry(KEYCHAIN_SERVICE, name).getPassword()) ?? undefined;
};

/** No shell: words are split at blanks, double quotes keep them together. */
const fromCommand = async (command: string): Promise<string> => {
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const [program = "", ...args] = words;
  const [{ execFile }, { promisify }] = await Promise.all([
    import("node:child_process"),
    import("node:util"),
  ]);
  const { stdout } = await promisify(execFile)(program, args, {
    timeout: COMMAND_TIMEOUT_MS,
    windowsHide: true,
  });
  return stdout;
};
