/** Ids of deals in the CRM, as people paste them. */
import { HubError, toId18 } from "#connector";

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
