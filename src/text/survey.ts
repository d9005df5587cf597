import { folds, foldsToWord } from "./normalise.ts";

/**
 * One cheap pass that tells which detectors can possibly find something. Most strings of an answer
 * are names, stages, ids, dates and amounts: for them this pass is the whole cost.
 */
export interface Survey {
  readonly digits: number;
  /** Longest run of characters that tokens are made of. */
  readonly longestToken: number;
  readonly letters: boolean;
  readonly at: boolean;
  readonly colon: boolean;
  readonly equals: boolean;
  readonly dot: boolean;
  readonly plus: boolean;
  readonly bracket: boolean;
  /** Something must be folded before detectors read it. */
  readonly folds: boolean;
  /** Something may become a digit, letter or sign: survey the normalised text again. */
  readonly unclear: boolean;
}

const TOKEN = 1;
const DIGIT = 2;
const AT = 4;
const COLON = 8;
const EQUALS = 16;
const DOT = 32;
const BRACKET = 64;
const LETTER = 128;
const PLUS = 256;

const KIND = new Uint16Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  KIND[character.charCodeAt(0)] = TOKEN | LETTER;
for (const character of "_-/!") KIND[character.charCodeAt(0)] = TOKEN;
for (const character of "0123456789") KIND[character.charCodeAt(0)] = TOKEN | DIGIT;
KIND[0x40] = AT;
KIND[0x2b] = PLUS | TOKEN;
KIND[0x3a] = COLON;
KIND[0x3d] = EQUALS | TOKEN;
KIND[0x2e] = DOT | TOKEN;
KIND[0x5b] = BRACKET;

export const survey = (text: string): Survey => {
  let seen = 0;
  let digits = 0;
  let run = 0;
  let longest = 0;
  let foldable = false;
  let unclear = false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 128) {
      const kind = KIND[unit]!;
      seen |= kind;
      if (kind & DIGIT) digits++;
      if (kind & TOKEN) run++;
      else {
        if (run > longest) longest = run;
        run = 0;
      }
    } else if (folds(unit)) {
      // Dropped or folded characters do not end a run: better one look too many.
      foldable = true;
      unclear ||= foldsToWord(unit);
    } else {
      seen |= LETTER;
      if (run > longest) longest = run;
      run = 0;
    }
  }
  return {
    digits,
    longestToken: Math.max(run, longest),
    letters: (seen & LETTER) !== 0,
    at: (seen & AT) !== 0,
    colon: (seen & COLON) !== 0,
    equals: (seen & EQUALS) !== 0,
    dot: (seen & DOT) !== 0,
    plus: (seen & PLUS) !== 0,
    bracket: (seen & BRACKET) !== 0,
    folds: foldable,
    unclear,
  };
};
