import { HubError } from "#connector";

const CHECK_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/**
 * The three characters that make a 15-character id safe to compare without regard to case: one for
 * each block of five, whose bits say which of the five are upper case.
 */
function checksum(id15: string): string {
  return [0, 5, 10]
    .map((from) => {
      const bits = [...id15.slice(from, from + 5)].map((character, bit) =>
        /[A-Z]/.test(character) ? 1 << bit : 0,
      );
      return CHECK_CHARACTERS.charAt(bits.reduce((sum, bit) => sum + bit, 0));
    })
    .join("");
}

/**
 * A record id in its 18-character form, the only one that leaves the hub.
 *
 * @param text 15 characters, or 18 with the right checksum; nothing around them
 * @throws HubError `invalid_input` with `facts.code` `BAD_ID`
 */
export function toId18(text: string): string {
  if (typeof text === "string" && /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text)) {
    const id15 = text.slice(0, 15);
    const id18 = id15 + checksum(id15);
    if (text === id15 || text === id18) return id18;
  }
  throw new HubError("invalid_input", "This is not a Salesforce id.", {
    hint: "Give the id exactly as Salesforce shows it: 15 characters, or 18 of which the last three are a checksum.",
    facts: { code: "BAD_ID" },
  });
}
