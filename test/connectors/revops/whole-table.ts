import type { TestHub } from "../../kit/hub.ts";
import { records } from "../../kit/records.ts";

/** Every row of a table of an answer, also those that are held. */
export const wholeTable = async (
  hub: TestHub,
  table: Parameters<typeof records>[0] & { readonly cursor?: string },
): Promise<Record<string, unknown>[]> => {
  if (table.cursor === undefined) return records(table);
  const { answer } = await hub.call("hub_get_more", { cursor: table.cursor, limit: 1000 });
  return [...records(table), ...(await wholeTable(hub, answer.rows))];
};
