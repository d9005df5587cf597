/**
 * The text a detector reads: what a person would see, in plain characters. Full-width forms, exotic
 * digits, dashes, blanks and quotes are folded; what cannot be seen is dropped. An index map leads
 * back, so that findings are given in the text as it was.
 */

export interface Normalised {
  readonly text: string;
  /** Where each code unit of `text` began in the original, and the original's length at the end. */
  readonly origin: Uint32Array | undefined;
}

const DROP = 0;
const KEEP = -1;

const inRange = (unit: number, low: number, high: number) => unit >= low && unit <= high;

/** What one code unit from U+0080 up folds to: an ASCII code, {@link DROP} or {@link KEEP}. */
const fold = (unit: number): number => {
  if (unit === 0xa0) return 0x20;
  if (unit === 0xad || unit === 0x34f || unit === 0x61c || inRange(unit, 0x180b, 0x180f)) return DROP;
  if (inRange(unit, 0x660, 0x669)) return unit - 0x660 + 0x30;
  if (inRange(unit, 0x6f0, 0x6f9)) return unit - 0x6f0 + 0x30;
  if (unit === 0x1680 || unit === 0x3000) return 0x20;
  if (inRange(unit, 0x2000, 0x206f)) return foldPunctuation(unit);
  if (unit === 0x2212) return 0x2d;
  if (unit === 0x3002 || unit === 0xff61) return 0x2e;
  if (inRange(unit, 0xfe00, 0xfe0f) || unit === 0xfeff) return DROP;
  if (unit === 0xfe52) return 0x2e;
  if (unit === 0xfe55) return 0x3a;
  if (unit === 0xfe58 || unit === 0xfe63) return 0x2d;
  if (unit === 0xfe62) return 0x2b;
  if (unit === 0xfe6b) return 0x40;
  if (inRange(unit, 0xff01, 0xff5e)) return unit - 0xfee0;
  return KEEP;
};

/** General Punctuation, U+2000 to U+206F. */
const foldPunctuation = (unit: number): number => {
  if (unit <= 0x200a || unit === 0x202f || unit === 0x205f) return 0x20;
  if (unit <= 0x200f || inRange(unit, 0x202a, 0x202e) || unit >= 0x2060) return DROP;
  if (unit <= 0x2015) return 0x2d;
  if (unit === 0x2018 || unit === 0x2019) return 0x27;
  if (unit === 0x201c || unit === 0x201d) return 0x22;
  if (unit === 0x2024) return 0x2e;
  if (unit === 0x2028 || unit === 0x2029) return 0x0a;
  return KEEP;
};

/** What a surrogate pair folds to: mathematical digits, invisible tags and selectors. */
const foldPair = (high: number, low: number): number => {
  if (high === 0xd835 && inRange(low, 0xdfce, 0xdfff)) return ((low - 0xdfce) % 10) + 0x30;
  if (high === 0xdb40) return DROP;
  return KEEP;
};

/** Whether {@link normalise} would change anything for this code unit (from U+0080 up). */
export const folds = (unit: number): boolean =>
  unit === 0xd835 || unit === 0xdb40 || (!inRange(unit, 0xd800, 0xdfff) && fold(unit) !== KEEP);

/** Whether it could become a digit, a letter or a sign: then only the normalised text tells what is in it. */
export const foldsToWord = (unit: number): boolean =>
  unit === 0xd835 || inRange(unit, 0x660, 0x6f9) || unit === 0x2024 || unit === 0x3002 || unit >= 0xfe50;

/** Linear in the text; call it only where something {@link folds}. */
export const normalise = (text: string): Normalised => {
  const units = new Uint16Array(text.length);
  const origin = new Uint32Array(text.length + 1);
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    let folded = unit < 0x80 ? KEEP : fold(unit);
    let width = 1;
    if (unit === 0xd835 || unit === 0xdb40) {
      folded = foldPair(unit, text.charCodeAt(index + 1));
      if (folded !== KEEP) width = 2;
    }
    if (folded !== DROP) {
      origin[length] = index;
      units[length++] = folded === KEEP ? unit : folded;
    }
    index += width - 1;
  }
  origin[length] = text.length;
  return { text: Buffer.from(units.buffer, 0, length * 2).toString("utf16le"), origin };
};
