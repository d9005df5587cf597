/**
 * How many tokens a model reads, at most, without its tokenizer: our own answers must fit where clients cut
 * them. It errs high, by a third for a table of deals. Measured against o200k (test/text/tokens.test.ts):
 * words are a few tokens, three digits one, JSON's marks half a token each where several meet, and what is
 * rare in English, a letter after a letter as well as a script, costs nearly what it has bytes.
 */

/** Letters that often follow a letter in English and in names; such pairs merge into longer tokens. */
const FOLLOWERS = [
  "bcdfghiklmnprstuvwxyz abeilorsuy acehiklortuy adegiorsuy abcdefghiklmnoprstvwxyz aefilortuy aeghilnoruy",
  "aeinortuy abcdefghklmnoprstvwxz aeou aeinosuy adefiklmopstuvy abeimnopsuy acdefgiklnostuy",
  "abcdfghiklmnoprstuvwxyz aehiloprstuy u abcdefghiklmnoprstuvy acehiklmnopstuwy acehilorstuwy",
  "bcdefghiklmnprstvwxz aeiou aehilnorsu aeipt bcdfghklmnprstvw aeiouz",
].flatMap((line) => line.split(" "));

const A = 97;
const LETTERS = 26;
const merges = new Uint8Array(LETTERS * LETTERS);
FOLLOWERS.forEach((followers, letter) => {
  for (const follower of followers) merges[letter * LETTERS + follower.charCodeAt(0) - A] = 1;
});

const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const MARK = 4;
const SPACE = 5;
const OTHER = 6;
const WIDE = 7;

const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/["[\]{},:]/.test(character)) return MARK;
  return character === " " ? SPACE : OTHER;
});

/** One pass over UTF-16 code units. */
export const estimateTokens = (text: string): number => {
  let tokens = 0;
  let kind = 0;
  let run = 0;
  let before = 0;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    const last = kind;
    kind = unit < 128 ? kinds[unit]! : WIDE;
    run = kind === last ? run + 1 : 1;
    if (kind === LOWER) tokens += last === LOWER || last === UPPER ? joined(before, unit) : begun(last);
    else if (kind === UPPER) tokens += run > 1 ? 0.73 : begun(last);
    else if (kind === DIGIT) tokens += run % 3 === 1 ? 1 : 0;
    else if (kind === MARK) tokens += MARKS[run] ?? 0.58;
    else if (kind === SPACE) tokens += run === 1 ? 1 : 0.3;
    else tokens += kind === OTHER ? 1 : wide(unit);
    before = unit;
  }
  return Math.ceil(tokens);
};

/** By place in a run of marks: `","` is one token, `"],["` are two. */
const MARKS = [0, 1, 0, 0.5];

const joined = (before: number, unit: number): number =>
  merges[((before | 0x20) - A) * LETTERS + unit - A] ? 0.31 : 0.75;

/** A word takes the space before it with it. */
const begun = (last: number): number => (last === SPACE ? 0.3 : 1);

/** Half of a pair beyond the basic plane: two of its four bytes. */
const wide = (unit: number): number => {
  if (unit < 0x100 || (unit >= 0x370 && unit < 0x800)) return 1.1;
  if (unit < 0x370) return 2;
  if (unit < 0xd800) return 2.25;
  return unit < 0xe000 ? 2 : 3;
};
