/** The trail as a text file: one JSON object a line, first the header, last the signed head. */
import { HubError } from "../errors.ts";
import { type Head, type Verdict, verifyChain } from "./chain.ts";
import type { ChainedEntry } from "./entry.ts";
import type { Trail } from "./trail.ts";

const FORMAT = "revops-hub trail 1";

export function* exportLines(trail: Trail): Iterable<string> {
  yield JSON.stringify({ format: FORMAT, publicKey: trail.keys.publicKey });
  const { head, entries } = trail.snapshot();
  for (const { sequence, hash, body } of entries) yield JSON.stringify({ sequence, hash, body });
  yield JSON.stringify({ head: head ?? null });
}

/**
 * Checks an export offline. `publicKey` is the key an auditor got by another way; without it the one
 * in the file is used, which shows damage but not a forger with a key of his own.
 */
export const verifyExport = (text: string, publicKey?: string): Verdict & { readonly publicKey: string } => {
  const lines = text.split("\n").filter((line) => line !== "");
  const [header, ...rest] = lines.map(parse) as [{ format?: string; publicKey?: string }?, ...object[]];
  if (header?.format !== FORMAT || !header.publicKey)
    throw new HubError("config", "This is not an export of a trail.", {
      hint: "Make one with `revops-hub audit export`.",
    });
  const last = rest.at(-1) as { head?: Head | null } | undefined;
  const closed = last !== undefined && "head" in last;
  const entries = (closed ? rest.slice(0, -1) : rest) as ChainedEntry[];
  const key = publicKey ?? header.publicKey;
  return { ...verifyChain(entries, (closed && last.head) || undefined, key), publicKey: key };
};

const parse = (line: string): object => {
  try {
    return JSON.parse(line) as object;
  } catch {
    return { sequence: Number.NaN, body: "", hash: "" };
  }
};
