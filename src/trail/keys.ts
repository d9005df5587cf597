/** The hub's own keys, made once per state folder: who signs the trail, and what values are sealed with. */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonical } from "./canonical.ts";

export interface TrailKeys {
  readonly signing: KeyObject;
  /** PEM; what an auditor needs besides the export. */
  readonly publicKey: string;
  /** First eight bytes of the public key's hash, in hex. */
  readonly hubId: string;
  /** Keyed hash of any JSON value: equal values, equal seals; unreadable without the key. */
  seal(value: unknown): string;
}

/** Keys are made on first use; two processes that start at once end up with the same ones. */
export const loadKeys = (folder: string): TrailKeys => {
  const signing = createPrivateKey(
    readOrMake(join(folder, "trail.key"), () =>
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }),
    ),
  );
  // A KeyObject: from a Buffer every HMAC would prepare its key anew, at six times the cost.
  const sealing = createSecretKey(
    readOrMake(join(folder, "seal.key"), () => randomBytes(32).toString("base64")),
    "base64",
  );
  const publicKey = createPublicKey(signing).export({ type: "spki", format: "pem" }) as string;
  const hmac = (text: string) => createHmac("sha256", sealing).update(text, "utf8").digest("base64url");
  return {
    signing,
    publicKey,
    hubId: createHmac("sha256", "revops-hub").update(publicKey).digest("hex").slice(0, 16),
    seal: (value) => hmac(sealable(value)).slice(0, 22),
  };
};

/** Hostile arguments (lone surrogates, absurd depth) must leave an entry too, even if not a distinct one. */
const sealable = (value: unknown): string => {
  try {
    return canonical(value ?? null);
  } catch {
    return "no canonical form";
  }
};

const readOrMake = (path: string, make: () => string | Buffer): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  // Written aside and linked: a reader sees a whole key or none, and the first writer wins.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, make(), { mode: 0o600, flush: true });
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(aside);
  }
  return readFileSync(path, "utf8");
};
