/** Ids of CRM records, as Salesforce makes them: shown with 15 or 18 characters, here always 18. */

const ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;
const CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/**
 * The three characters that make a 15-character id safe to compare without regard to case: one for
 * each block of five, whose bits say which of the five are upper case.
 */
const checksum = (id15: string): string =>
  [0, 5, 10]
    .map((start) => {
      const block = [...id15.slice(start, start + 5)];
      const bits = block.reduce((sum, character, bit) => sum + (/[A-Z]/.test(character) ? 2 ** bit : 0), 0);
      return CHECK_CHARACTERS.charAt(bits);
    })
    .join("");

/** The 18-character form; undefined for what is no id: wrong length or characters, or a wrong checksum. */
export const toId18 = (text: string): string | undefined => {
  if (!ID.test(text)) return undefined;
  const id15 = text.slice(0, 15);
  const id18 = id15 + checksum(id15);
  return text === id15 || text === id18 ? id18 : undefined;
};
