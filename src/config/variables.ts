/** The only reader of the environment. */
import { HubError } from "../errors.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export const environment = (): Variables => process.env;

/** `REVOPS_HUB_READ_ONLY=true` (or 1, yes, on); anything else but empty, false, 0, no, off also counts as true. */
export const isOn = (value: string | undefined): boolean =>
  value !== undefined && !["", "false", "0", "no", "off"].includes(value.trim().toLowerCase());

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"];

/** Throws `config` for a `REVOPS_HUB_LOG_LEVEL` that is none; empty or absent means `info`. */
export const checkLogLevel = ({ REVOPS_HUB_LOG_LEVEL: level }: Variables): void => {
  if (!level || LOG_LEVELS.includes(level)) return;
  throw new HubError("config", `REVOPS_HUB_LOG_LEVEL is "${level}", which is no level.`, {
    hint: `Set it to one of ${LOG_LEVELS.join(", ")}, or leave it out.`,
  });
};

const VAULT_KINDS = ["keychain", "file"] as const;
export type VaultKind = (typeof VAULT_KINDS)[number];

/** `REVOPS_HUB_VAULT`: where the keys of stored logins go; undefined: wherever it works best. Throws `config`. */
export const vaultKind = ({ REVOPS_HUB_VAULT: kind }: Variables): VaultKind | undefined => {
  if (!kind) return undefined;
  const known = VAULT_KINDS.find((one) => one === kind);
  if (known) return known;
  throw new HubError("config", `REVOPS_HUB_VAULT is "${kind}", which is no place for secrets.`, {
    hint: `Set it to ${VAULT_KINDS.join(" or ")}, or leave it out.`,
  });
};
