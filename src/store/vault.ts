/**
 * What connectors must keep secret between runs, such as a login. Each entry is a sealed file in the state
 * folder; its key is in the system keychain, or in a file beside it where there is no keychain.
 *
 * The keychain holds keys and not the values themselves: it may take no more than 1,280 characters
 * (Windows), its values cannot be replaced and kept in one step, and asking it may take as long as a
 * person needs to unlock it. With a key file the seal protects a single file that was copied away, and
 * nothing from a program that runs as the same user.
 */
import { join } from "node:path";
import type { VaultKind } from "../config/variables.ts";
import type { Vault } from "../connector/contract.ts";
import { HubError } from "../errors.ts";
import { deleteSealed, open, readSealed, seal, writeSealed } from "./sealed-file.ts";
import { fileKeys, keychainKeys, keychainWorks, type VaultKeys } from "./vault-keys.ts";

export interface Vaults {
  /** One namespace per connector. */
  space(connector: string): Vault;
}

export interface VaultOptions {
  /** Made when something is first put. */
  readonly folder: string;
  /** Where new keys go. Default: the keychain if there is one that lasts, else a file. */
  readonly kind: VaultKind | undefined;
}

const NAME = /^[a-z0-9-]{1,80}$/;

export const createVaults = ({ folder, kind }: VaultOptions): Vaults => {
  const keys: Record<VaultKind, VaultKeys> = {
    keychain: keychainKeys,
    file: fileKeys(join(folder, "key")),
  };
  let probed: Promise<VaultKind> | undefined;
  const best = (): Promise<VaultKind> => {
    probed ??= keychainWorks().then((works) => (works ? "keychain" : "file"));
    return probed;
  };

  return {
    space(connector) {
      const entry = (name: string) => {
        if (!NAME.test(name)) throw new RangeError(`no name for a vault's entry: ${name}`);
        return { account: `${connector}/${name}`, path: join(folder, `${connector}.${name}.json`) };
      };
      return {
        async get(name) {
          const { account, path } = entry(name);
          const sealed = await readSealed(path);
          if (sealed === undefined) return undefined;
          const key = sealed === "damaged" ? undefined : await keys[sealed.key].find(account);
          const text = key && sealed !== "damaged" ? open(sealed, key, account) : undefined;
          if (text === undefined) throw unreadable(connector, path);
          return JSON.parse(text);
        },
        async put(name, value) {
          const { account, path } = entry(name);
          const before = await readSealed(path);
          // An entry stays where it is: a hub that is started without a desktop must find it again.
          const known = typeof before === "object" ? before.key : undefined;
          const place = kind ?? known ?? (await best());
          const key = await keys[place].findOrMake(account);
          await writeSealed(path, { key: place, ...seal(JSON.stringify(value), key, account) });
        },
        async delete(name) {
          const { account, path } = entry(name);
          const sealed = await readSealed(path);
          await deleteSealed(path);
          if (typeof sealed === "object") await keys[sealed.key].forget(account);
        },
      };
    },
  };
};

const unreadable = (connector: string, path: string): HubError =>
  new HubError(
    "needs_login",
    `What the hub had stored for ${connector} cannot be used: ${path} was changed, or its key is gone.`,
    { hint: `Run \`revops-hub logout ${connector}\` to remove it, then sign in again.` },
  );
