/** Ids of deals in the CRM. Salesforce shows them with 15 or 18 characters; here they always have 18. */
import { HubError } from "#connector";

const ID = /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/;
const CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/** One character for each block of five: bit i says whether character i of the block is upper case. */
const checksum = (id15: string): string =>
  [0, 5, 10]
    .map((start) => {
      const block = [...id15.slice(start, start + 5)];
      const bits = block.reduce((sum, character, i) => sum + (/[A-Z]/.test(character) ? 2 ** i : 0), 0);
      return CHECK_CHARACTERS[bits];
    })
    .join("");

/** Undefined if it is no id: wrong length or characters, or a checksum that does not fit. */
export const toId18 = (text: string): string | undefined => {
  if (!ID.test(text)) return undefined;
  const id18 = text.slice(0, 15) + checksum(text.slice(0, 15));
  return text.length === 15 || text === id18 ? id18 : undefined;
};

const MOST_NAMED = 5;

/** Each record once, in the order given. Throws `invalid_input` that names what is no id. */
export const distinctIds = (texts: readonly string[]): string[] => {
  const ids = texts.map((text) => ({ text, id: toId18(text.trim()) }));
  const wrong = ids.filter(({ id }) => id === undefined);
  if (wrong.length > 0)
    throw new HubError("invalid_input", `${wrong.length} of ${texts.length} opp_ids are no CRM record ids.`, {
      hint: "Give ids exactly as the CRM shows them: 15 characters, or 18 of which the last three are a checksum.",
      facts: {
        invalid: wrong.slice(0, MOST_NAMED).map(({ text }) => text.replace(/[^\w-]/g, "?").slice(0, 24)),
      },
    });
  return [...new Set(ids.flatMap(({ id }) => id ?? []))];
};
