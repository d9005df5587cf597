import { z } from "zod";
import { HubError, toId18 } from "#connector";

export const ownerIdParam = z.string().max(18).optional().describe("Owner's CRM user id.");

/** @throws HubError `invalid_input` when the text is no record id */
export const ownerIdOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const id = toId18(text.trim());
  if (id) return id;
  throw new HubError("invalid_input", "owner_id is not a CRM user id.", {
    hint: "Give the id as the CRM shows it, 15 or 18 characters, not a name.",
  });
};
