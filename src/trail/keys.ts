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
import { join } from "node:path";
import { HubError } from "../errors.ts";
import { readKeyFile, readOrMakeKeyFile, type Unusable } from "../store/key-file.ts";
import { canonical } from "./canonical.ts";

export interface TrailKeys {
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
  /** PEM; what an auditor needs besides the export. */
  readonly publicKey: string;
  /** First eight bytes of the public key's hash, in hex. */
  readonly hubId: string;
  /** Names the signer in every head: `revops-hub/<hub id>`. */
  readonly origin: string;
  /** Keyed hash of any JSON value: equal values, equal seals; unreadable without the key. */
  seal(value: unknown): string;
}

/** The keys of this folder, undefined while there are none. Throws `audit_unavailable`, naming the file. */
export const readKeys = (folder: string): TrailKeys | undefined => {
  const path = join(folder, "trail.key");
  const pem = readKeyFile(path, unusable);
  return pem === undefined ? undefined : keysFrom(folder, signingKey(path, pem));
};

/** Two processes that start at once end up with the same keys. */
export const makeKeys = (folder: string): TrailKeys => {
  const path = join(folder, "trail.key");
  const pem = readOrMakeKeyFile(
    path,
    () => String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" })),
    unusable,
  );
  return keysFrom(folder, signingKey(path, pem));
};

const keysFrom = (folder: string, signing: KeyObject): TrailKeys => {
  const verifying = createPublicKey(signing);
  const publicKey = verifying.export({ type: "spki", format: "pem" }) as string;
  const hubId = createHmac("sha256", "revops-hub").update(publicKey).digest("hex").slice(0, 16);
  let sealing: KeyObject | undefined;
  const seal = (value: unknown) => {
    sealing ??= sealingKey(join(folder, "seal.key"));
    return createHmac("sha256", sealing).update(sealable(value), "utf8").digest("base64url").slice(0, 22);
  };
  return { signing, verifying, publicKey, hubId, origin: `revops-hub/${hubId}`, seal };
};

const signingKey = (path: string, pem: string): KeyObject => {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw unusable(path, "holds no private key", error);
  }
  if (key.asymmetricKeyType !== "ed25519") throw unusable(path, "holds no Ed25519 key");
  return key;
};

const SEALING_BYTES = 32;

/** Replacing a lost one only means that older seals can no longer be compared: it may be made any time. */
const sealingKey = (path: string): KeyObject => {
  const bytes = Buffer.from(
    readOrMakeKeyFile(path, () => randomBytes(SEALING_BYTES).toString("base64"), unusable),
    "base64",
  );
  if (bytes.length !== SEALING_BYTES) throw unusable(path, `does not hold ${SEALING_BYTES} bytes of base64`);
  // A KeyObject: from a Buffer every HMAC would prepare its key anew, at six times the cost.
  return createSecretKey(bytes);
};

/**
 * Hostile arguments leave an entry too, and two of them must not look like one: what has no canonical
 * form (lone surrogates, NaN) is sealed as JSON of its own kind, whatever no JSON can hold (absurd
 * depth) as something that never comes again.
 */
const sealable = (value: unknown): string => {
  try {
    return canonical(value ?? null);
  } catch {
    try {
      return `not canonical: ${JSON.stringify(value, marked)}`;
    } catch {
      return `no JSON: ${randomBytes(16).toString("hex")}`;
    }
  }
};

/** A type in front of each text, so that the string "NaN" and the number differ. */
const marked = (_key: string, value: unknown): unknown => {
  if (typeof value === "string") return `string ${value}`;
  if (typeof value === "object" || typeof value === "boolean" || typeof value === "undefined") return value;
  return typeof value === "number" && Number.isFinite(value) ? value : `${typeof value} ${String(value)}`;
};

const unusable: Unusable = (path, why, cause) =>
  new HubError("audit_unavailable", `The key file ${path} ${why}.`, {
    hint: "Restore it from a backup. Without its key a trail cannot be continued, only kept as evidence.",
    cause,
  });
