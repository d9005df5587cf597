/** Where the keys of sealed files are: in the system keychain, or in one file beside them. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { HubError } from "../errors.ts";
import { readKeyFile, readOrMakeKeyFile, type Unusable } from "./key-file.ts";
import { KEY_BYTES } from "./sealed-file.ts";

export interface VaultKeys {
  /** Undefined when there is none. Throws `config` when the place itself cannot be used. */
  find(account: string): Promise<Buffer | undefined>;
  findOrMake(account: string): Promise<Buffer>;
  forget(account: string): Promise<void>;
}

const newKey = () => randomBytes(KEY_BYTES).toString("base64");

const keyIn = (text: string | null | undefined): Buffer | undefined => {
  const key = Buffer.from(text ?? "", "base64");
  return key.length === KEY_BYTES ? key : undefined;
};

/** One key for all entries. */
export const fileKeys = (path: string): VaultKeys => ({
  find: async () => keyIn(readKeyFile(path, unusable)),
  async findOrMake() {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw unusable(path, "cannot be written", error);
    }
    const key = keyIn(readOrMakeKeyFile(path, newKey, unusable));
    if (!key) throw unusable(path, `does not hold ${KEY_BYTES} bytes of base64`);
    return key;
  },
  async forget() {},
});

const unusable: Unusable = (path, why, cause) =>
  new HubError("config", `The key file ${path} ${why}.`, {
    hint: "Restore it from a backup, or delete it and sign in again.",
    cause,
  });

// --- the keychain ----------------------------------------------------------------------------------

const SERVICE = "revops-hub";
/** A locked keychain asks a person to unlock it. */
const KEYCHAIN_LIMIT_MS = 10_000;

/** A key of its own for each entry, under `<connector>/<name>`. */
export const keychainKeys: VaultKeys = {
  find: async (account) => keyIn(await ask((entry) => entry.getPassword(), account)),
  async findOrMake(account) {
    const known = await keychainKeys.find(account);
    if (known) return known;
    await ask((entry) => entry.setPassword(newKey()), account);
    // As it is kept now, also if another process was faster.
    const kept = await keychainKeys.find(account);
    if (!kept) throw unavailable(new Error("the key was not kept"));
    return kept;
  },
  async forget(account) {
    await ask((entry) => entry.deleteCredential(), account);
  },
};

/** By trying: whether a keychain is there shows in no other way. */
export const keychainWorks = async (): Promise<boolean> => {
  const account = `probe/${randomUUID()}`;
  try {
    const key = await keychainKeys.findOrMake(account);
    await keychainKeys.forget(account);
    return key.length === KEY_BYTES;
  } catch {
    return false;
  }
};

type Entry = InstanceType<typeof import("@napi-rs/keyring").AsyncEntry>;

const ask = async <T>(what: (entry: Entry) => Promise<T>, account: string): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), KEYCHAIN_LIMIT_MS);
  });
  try {
    const { AsyncEntry } = await import("@napi-rs/keyring");
    // Without a secret service the library falls back to the kernel's keyring, which a reboot empties.
    const entry = new AsyncEntry(SERVICE, account, { linux: { store: "secret-service" } });
    return await Promise.race([what(entry), late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
};

const unavailable = (cause: unknown): HubError =>
  new HubError("config", "The system keychain cannot be used.", {
    hint: "Unlock it. Where there is none, set REVOPS_HUB_VAULT=file and sign in again.",
    cause,
  });
