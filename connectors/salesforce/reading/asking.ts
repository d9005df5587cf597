/** A hardened query on its way to Salesforce: one request, or several where its ids are too many for one. */
import type { PlannedRequest } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { soqlRefusal } from "../errors.ts";
import type { QueryAnswer } from "../shapes.ts";
import type { Query } from "../soql/ast.ts";
import { chunk } from "../soql/chunk.ts";
import { countQuery } from "../soql/harden.ts";
import { type Merged, merge } from "../soql/merge.ts";
import { print } from "../soql/print.ts";

/** @throws HubError `invalid_input` when it is too long, and what its parts would answer cannot be merged */
const partsOf = (query: Query, api: SalesforceApi): readonly Query[] => {
  try {
    return chunk(query, (soql) => api.fits(api.requests.query(soql)));
  } catch (error) {
    throw soqlRefusal(error);
  }
};

/** @param mayCount whether {@link Asked.total} may be asked for */
export const planOf = (query: Query, api: SalesforceApi, mayCount: boolean): readonly PlannedRequest[] => {
  const parts = partsOf(query, api);
  const counts = mayCount ? parts.map(countQuery).filter((soql) => soql !== undefined) : [];
  return [
    ...parts.map((part) => api.planned(api.requests.query(print(part)))),
    ...counts.map((soql) =>
      api.planned(api.requests.query(soql), "only when as many rows come as LIMIT allows"),
    ),
  ];
};

export interface Asked {
  readonly answer: Merged;
  /** In how many requests the rows came. */
  readonly parts: number;
  /**
   * All that match, also what LIMIT and OFFSET left out; asks Salesforce to count where that can be
   * more. Of groups undefined where LIMIT or OFFSET hides how many there are.
   */
  total(): Promise<number | undefined>;
}

export const ask = async (query: Query, api: SalesforceApi): Promise<Asked> => {
  const parts = partsOf(query, api);
  const answers: QueryAnswer[] = [];
  // One after another: a refusal of the first is a refusal of all.
  for (const part of parts) answers.push(await api.query(print(part)));
  return {
    answer: merge(query, answers, parts.length > 1 ? await ownOrders(query, api) : new Set()),
    parts: parts.length,
    async total() {
      let sum = 0;
      for (const [index, part] of parts.entries()) {
        const total = await totalOf(part, answers[index]!, api);
        if (total === undefined) return undefined;
        sum += total;
      }
      return sum;
    },
  };
};

/** Fields of ORDER BY, in lower case, that Salesforce sorts as an administrator arranged their values. */
const ownOrders = async ({ from, orderBy = [] }: Query, api: SalesforceApi): Promise<ReadonlySet<string>> => {
  if (orderBy.length === 0) return new Set();
  const { fields } = await api.describe(from.path.join("."));
  return new Set(fields.filter(({ type }) => /picklist$/.test(type)).map(({ name }) => name.toLowerCase()));
};

const totalOf = async (
  query: Query,
  { totalSize }: QueryAnswer,
  api: SalesforceApi,
): Promise<number | undefined> => {
  const skipped = query.offset?.value ?? 0;
  const seen = skipped + totalSize;
  const reached = query.limit !== undefined && totalSize >= query.limit.value;
  // OFFSET behind the last row says nothing of where that is.
  if (!reached && (skipped === 0 || totalSize > 0)) return seen;
  const count = countQuery(query);
  if (count === undefined) return undefined;
  const { totalSize: total } = await api.query(count);
  return reached ? Math.max(total, seen) : total;
};
