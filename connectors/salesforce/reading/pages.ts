import { type Call, HubError } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { QueryAnswer } from "../shapes.ts";

/** Of one reading. A question about deals that needs more than this is asked too broadly. */
const MOST_ROWS = 10_000;

/**
 * The records of a query, also those of its further pages; deals beyond the limit are left out,
 * with a notice.
 *
 * @throws HubError `vendor_malformed` when there are more pages and the answer does not say where
 */
export const allPages = async (
  first: QueryAnswer,
  { api, notice }: Call<SalesforceApi>,
): Promise<QueryAnswer["records"]> => {
  let answer = first;
  const { totalSize } = answer;
  const records = [...answer.records];
  const seen = new Set<string>();
  while (records.length < MOST_ROWS) {
    const { done, nextRecordsUrl } = answer;
    const lost =
      !done && (nextRecordsUrl === undefined ? records.length < totalSize : seen.has(nextRecordsUrl));
    if (lost) throw new HubError("vendor_malformed", "Salesforce did not say where the further rows are.");
    if (nextRecordsUrl !== undefined) seen.add(nextRecordsUrl);
    const next = await api.queryMore(answer);
    if (!next) return records;
    answer = next;
    records.push(...answer.records);
  }
  if (totalSize > records.length)
    notice(
      `Salesforce has ${totalSize} such deals; only ${records.length} were read. Ask for a shorter period or one owner.`,
    );
  return records;
};
