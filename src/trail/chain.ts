/**
 * The hash chain and its signed head. Chain: `hash(n) = SHA-256(hash(n-1) ‖ "\n" ‖ body(n))`, hashes as
 * hex text, body the canonical JSON of entry n with its sequence number, `hash(0)` 64 zeros: anyone can
 * follow it with printf and sha256sum. Head: an Ed25519 signature
 * over the origin, the size and the last hash, so that cutting off the tail or rewriting the whole
 * chain shows.
 */
import { createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import { canonical } from "./canonical.ts";
import type { ChainedEntry, Entry } from "./entry.ts";

export const GENESIS = "0".repeat(64);

export const link = (previousHash: string, sequence: number, entry: Entry): ChainedEntry => {
  const body = canonical({ ...entry, sequence });
  return { sequence, body, hash: hashAfter(previousHash, body) };
};

const hashAfter = (previousHash: string, body: string): string => hash("sha256", `${previousHash}\n${body}`);

export interface Head {
  /** `revops-hub/<hub id>` */
  readonly origin: string;
  readonly size: number;
  readonly hash: string;
  /** Base64 Ed25519 over {@link headText}. */
  readonly signature: string;
}

const headText = ({ origin, size, hash }: Omit<Head, "signature">): Buffer =>
  Buffer.from(`${origin}\n${size}\n${hash}\n`);

export const signHead = (head: Omit<Head, "signature">, key: KeyObject): Head => ({
  ...head,
  signature: sign(null, headText(head), key).toString("base64"),
});

export const isSigned = (head: Head, key: KeyObject): boolean =>
  verify(null, headText(head), key, Buffer.from(head.signature, "base64"));

export interface Verdict {
  readonly ok: boolean;
  readonly entries: number;
  /** The first sequence number at which the trail is not what was written. */
  readonly firstBad?: number;
  readonly problem?: string;
}

/**
 * Checks a whole trail against its signed head and the public key (PEM) alone. Detects an edited,
 * deleted, inserted, duplicated or reordered entry, a cut tail, and a rewrite without the key.
 */
export const verifyChain = (
  entries: Iterable<ChainedEntry>,
  head: Head | undefined,
  publicKey: string,
): Verdict => {
  let previous = GENESIS;
  let size = 0;
  const bad = (firstBad: number, problem: string): Verdict => ({
    ok: false,
    entries: size,
    firstBad,
    problem,
  });

  for (const { sequence, body, hash } of entries) {
    const expected = size + 1;
    if (sequence !== expected)
      return bad(expected, `entry ${expected} is missing; ${sequence} stands in its place`);
    if (sequenceIn(body) !== sequence) return bad(sequence, `entry ${sequence} carries another number`);
    if (hashAfter(previous, body) !== hash) return bad(sequence, `entry ${sequence} was changed`);
    previous = hash;
    size = sequence;
  }
  if (!head) return size === 0 ? { ok: true, entries: 0 } : bad(1, "the signed head is missing");
  if (!isSigned(head, createPublicKey(publicKey)))
    return bad(head.size, "the head's signature is not this hub's");
  if (head.size > size) return bad(size + 1, `the head counts ${head.size} entries, ${size} are left`);
  if (head.size < size) return bad(head.size + 1, `${size - head.size} entries follow the signed head`);
  if (head.hash !== previous) return bad(size, "the last entry is not the one the head was signed over");
  return { ok: true, entries: size };
};

const sequenceIn = (body: string): unknown => {
  try {
    return (JSON.parse(body) as { sequence?: unknown }).sequence;
  } catch {
    return undefined;
  }
};
