/** Salesforce record ids. */

const CHECKSUM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters 4 to 10, the same for the whole org; two cases, so that the checksum always matters. */
const INSTANCE = "Kx00000";
const SUFFIXES = 62 ** 5;
/** Shares no factor with {@link SUFFIXES}, so different numbers give different suffixes. */
const STRIDE = 3 ** 18;

/**
 * The three characters that make a 15-character id safe where case is lost: one for each block of
 * five, bit i set if character i is upper case.
 */
export const checksum = (id15: string): string => {
  if (!/^[a-zA-Z0-9]{15}$/.test(id15)) throw new RangeError(`not a 15-character id: ${id15}`);
  let sum = "";
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) {
      const code = id15.charCodeAt(block + i);
      if (code >= 65 && code <= 90) bits |= 1 << i;
    }
    sum += CHECKSUM_ALPHABET[bits];
  }
  return sum;
};

export const toId18 = (id15: string): string => id15 + checksum(id15);

/** The n-th id (n ≥ 0) of an object, such as `006` for Opportunity; neighbours look unrelated. */
export const id18 = (prefix3: string, n: number): string => {
  // The start differs by object, so that an account and a deal never share a suffix by their number.
  const start = Number.parseInt(prefix3, 36) * 7919;
  let rest = (start + n * STRIDE) % SUFFIXES;
  let suffix = "";
  for (let i = 0; i < 5; i++) {
    suffix = BASE62[rest % 62] + suffix;
    rest = Math.floor(rest / 62);
  }
  return toId18(prefix3 + INSTANCE + suffix);
};

/** One id after the other. */
export const idSequence = (prefix3: string): (() => string) => {
  let n = 0;
  return () => id18(prefix3, n++);
};
