import { looksLikeInstructions } from "./instructions.ts";

export { clean } from "./clean.ts";
export { looksLikeInstructions } from "./instructions.ts";

/** Longer text, and text of several lines, has room to pretend to be something else than a value. */
const LONGEST_PLAIN = 200;

const BRACKETS = /[⟦⟧]/;

/**
 * Marks vendor text that could be taken for something else than data: `⟦k3f9 untrusted: … k3f9⟧`.
 * Short plain text comes back as the same string object. The text itself can neither close nor open a
 * fence: its own brackets of that kind are replaced.
 *
 * @param text already passed through {@link clean}
 * @param mark random, one for each call, so that nobody can write it into a record beforehand
 */
export const fence = (text: string, mark: string): string => {
  const plain =
    text.length <= LONGEST_PLAIN &&
    !text.includes("\n") &&
    !BRACKETS.test(text) &&
    !looksLikeInstructions(text);
  if (plain) return text;
  return `⟦${mark} untrusted: ${text.replaceAll("⟦", "⟪").replaceAll("⟧", "⟫")} ${mark}⟧`;
};
