import { HubError, toId18 } from "#connector";

/**
 * A record id in its 18-character form, the only one that leaves the hub.
 *
 * @param text 15 characters, or 18 with the right checksum; nothing around them
 * @throws HubError `invalid_input` with `facts.reason` `BAD_ID`
 */
export const recordId18 = (text: string): string => {
  const id = toId18(text);
  if (id !== undefined) return id;
  throw new HubError("invalid_input", "This is not a Salesforce id.", {
    hint: "Give the id exactly as Salesforce shows it: 15 characters, or 18 of which the last three are a checksum.",
    facts: { reason: "BAD_ID" },
  });
};
