import type { Survey } from "../survey.ts";

/** Half open, in the text the detector was given. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds one type in normalised text, in linear time: every pattern starts at an anchor it cannot start
 * at twice, and repeats are bounded or end where the next start is.
 */
export type Detector = (text: string, survey: Survey) => readonly Span[];

export const NOTHING: readonly Span[] = [];

/**
 * Stands where something was already found. White space to every pattern, part of none: nothing is
 * read across it.
 */
export const VOID = "\v";

/** Up to `length` characters before `end`, for context words; stops at what was already found. */
export const before = (text: string, end: number, length = 32): string => {
  const piece = text.slice(Math.max(0, end - length), end);
  return piece.slice(piece.lastIndexOf(VOID) + 1);
};

/** Up to `length` characters from `start` on, for context words; stops at what was already found. */
export const after = (text: string, start: number, length = 16): string => {
  const piece = text.slice(start, start + length);
  const stop = piece.indexOf(VOID);
  return stop < 0 ? piece : piece.slice(0, stop);
};

/**
 * Visits every match of a global pattern. Not `matchAll`: that copies the pattern each time, which costs
 * more than reading a short string. A visitor may move `lastIndex` on.
 */
export const scan = (pattern: RegExp, text: string, visit: (match: RegExpExecArray) => void): void => {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) visit(match);
};
