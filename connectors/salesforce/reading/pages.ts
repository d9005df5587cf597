import { type Call, HubError } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { QueryAnswer } from "../shapes.ts";

export interface Bound {
  /** Records of one reading, rounded up to whole pages. */
  readonly most: number;
  /** What is said where there are more; without it the caller says so. */
  readonly cut?: (read: number, total: number) => string;
}

/** A question about deals that needs more than this is asked too broadly. */
const DEALS: Bound = {
  most: 10_000,
  cut: (read, total) =>
    `Salesforce has ${total} such deals; only ${read} were read. Ask for a shorter period or one owner.`,
};

/**
 * The records of a query, also those of its further pages; those beyond the bound are left out,
 * with a notice.
 *
 * @throws HubError `vendor_malformed` when there are more pages and the answer does not say where
 */
export const allPages = async (
  first: QueryAnswer,
  { api, notice }: Call<SalesforceApi>,
  { most, cut }: Bound = DEALS,
): Promise<QueryAnswer["records"]> => {
  let answer = first;
  const { totalSize } = answer;
  const records = [...answer.records];
  const seen = new Set<string>();
  while (records.length < most) {
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
  if (cut && totalSize > records.length) notice(cut(records.length, totalSize));
  return records;
};
