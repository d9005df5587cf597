/** The `deals` dataset: opportunities in RevOps terms. */
import type { Call, DatasetProvider, DatasetQuery, Deal } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { Settings } from "../config.ts";
import { recordId18 } from "../ids.ts";
import { date, id, list, type Soql, soql } from "../soql/literals.ts";
import { suggestedCorrection } from "../writing/suggested-correction.ts";
import { missingFrom, plannedColumns, withReadableColumns } from "./deal-columns.ts";
import { categoryOf, inCategory } from "./forecast-category.ts";
import { allPages } from "./pages.ts";
import { flatten } from "./rows.ts";

type Query = DatasetQuery<"deals">;

/** So many ids make an address of some 13,000 bytes; see the limit in `transport.ts`. */
const IDS_A_QUERY = 400;

export const deals: DatasetProvider<SalesforceApi, "deals"> = {
  /** Of no ids: those that are known only from an earlier answer, in words. */
  plan(query, { api }) {
    const { columns, look } = plannedColumns(api);
    const soqls =
      query.ids?.length === 0
        ? [dealSoql(columns, [{ soql: "Id IN (<ids from an earlier answer>)" }])]
        : soqlsFor(query, columns, api.settings);
    return [...look, ...soqls.map((soql) => api.planned(api.requests.query(soql), "and its further pages"))];
  },

  async read(query, call) {
    const { api, clock } = call;
    const asOf = new Date(clock.now()).toISOString();
    if (query.ids?.length === 0) return { rows: [], asOf };
    const { rows, columns } = await readDeals((seen) => soqlsFor(query, seen, api.settings), call);
    const byId = new Map(rows.map((deal) => [deal.id, deal]));
    return {
      rows,
      asOf,
      unreadable: missingFrom(columns, api),
      correct(correction) {
        const deal = byId.get(correction.id);
        return deal && suggestedCorrection(deal, correction, api);
      },
    };
  },
};

/** The deals that queries with the readable columns find, with those columns. */
export const readDeals = (
  soqls: (columns: readonly string[]) => readonly string[],
  call: Call<SalesforceApi>,
) =>
  withReadableColumns(call.api, async (columns) => {
    const answers = await Promise.all(
      soqls(columns).map(async (soql) => allPages(await call.api.query(soql), call)),
    );
    return { rows: flatten(answers.flat()).map((row) => dealOf(row, call.api)), columns };
  });

/** One query, or one for each chunk of ids. */
const soqlsFor = (query: Query, columns: readonly string[], settings: Settings): string[] => {
  const conditions = conditionsFor(query, settings);
  const write = (all: readonly Soql[]) => dealSoql(columns, all);
  if (!query.ids) return [write(conditions)];
  const ids = [...new Set(query.ids.map(recordId18))];
  const chunks = Array.from({ length: Math.ceil(ids.length / IDS_A_QUERY) }, (_, index) =>
    ids.slice(index * IDS_A_QUERY, (index + 1) * IDS_A_QUERY),
  );
  return chunks.map((chunk) => write([soql`Id IN ${list(chunk.map(id))}`, ...conditions]));
};

/** Deals that meet all the conditions. */
export const dealSoql = (columns: readonly string[], conditions: readonly Soql[]): string => {
  const where = conditions.map((condition) => condition.soql).join(" AND ");
  return `SELECT ${columns.join(", ")} FROM Opportunity${where === "" ? "" : ` WHERE ${where}`} ORDER BY CloseDate, Id`;
};

const conditionsFor = (
  { open, ownerId, category, closeFrom, closeTo }: Query,
  settings: Settings,
): Soql[] => [
  ...(open === undefined ? [] : [open ? soql`IsClosed = FALSE` : soql`IsClosed = TRUE`]),
  ...(closeFrom === undefined ? [] : [soql`CloseDate >= ${date(closeFrom)}`]),
  ...(closeTo === undefined ? [] : [soql`CloseDate <= ${date(closeTo)}`]),
  ...(ownerId === undefined ? [] : [soql`OwnerId = ${id(ownerId)}`]),
  ...(category === undefined ? [] : [inCategory(category, settings)]),
];

/** A record made flat, with the columns of `deal-columns.ts`. */
export const dealOf = (row: Record<string, unknown>, api: SalesforceApi): Deal => {
  const words = (key: string) => (typeof row[key] === "string" ? row[key] : null);
  const amount = row.Amount;
  const dealId = words("Id") ?? "";
  const stage = words("StageName") ?? "";
  return {
    id: dealId,
    name: words("Name") ?? "",
    accountId: words("AccountId"),
    accountName: words("Account.Name"),
    ownerId: words("OwnerId") ?? "",
    ownerName: words("Owner.Name"),
    managerId: words("Owner.ManagerId"),
    managerName: words("Owner.Manager.Name"),
    stage,
    category: categoryOf(stage, words("ForecastCategoryName") ?? "", api.settings),
    isClosed: row.IsClosed === true,
    isWon: row.IsWon === true,
    amount: typeof amount === "number" ? amount : null,
    currency: words("CurrencyIsoCode") ?? api.settings.currency ?? null,
    closeDate: words("CloseDate") ?? "",
    createdAt: words("CreatedDate"),
    lastActivityDate: words("LastActivityDate"),
    lastStageChangeAt: words("LastStageChangeDate"),
    nextStep: words("NextStep"),
    url: api.recordUrl({ object: "Opportunity", id: dealId }),
  };
};
