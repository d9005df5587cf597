/** The `deals` dataset: opportunities in RevOps terms. */
import {
  type Call,
  type DatasetProvider,
  type DatasetQuery,
  type DatasetRow,
  type Deal,
  HubError,
  isHubError,
} from "#connector";
import type { SalesforceApi } from "./api.ts";
import type { Settings } from "./config.ts";
import { columnsNow, columnsOf, missingFrom, UNKNOWN_COLUMNS } from "./deal-columns.ts";
import { recordId18 } from "./ids.ts";
import { flatten } from "./rows.ts";
import type { QueryAnswer } from "./shapes.ts";
import { date, id, list, type Soql, soql, text } from "./soql/literals.ts";

type Query = DatasetQuery<"deals">;

/** Of one reading. A question about deals that needs more than this is asked too broadly. */
const MOST_ROWS = 10_000;

/** So many ids make an address of some 13,000 bytes; see the limit in `transport.ts`. */
const IDS_A_QUERY = 400;

export const deals: DatasetProvider<SalesforceApi, "deals"> = {
  plan(query, { api }) {
    const known = api.described("Opportunity");
    const columns = known ? columnsOf(known, api) : UNKNOWN_COLUMNS;
    return [
      ...(known
        ? []
        : [
            api.planned(
              api.requests.describe("Opportunity"),
              "decides which columns are asked for; kept for an hour",
            ),
          ]),
      ...soqlsFor(query, columns, api.settings).map((soql) =>
        api.planned(api.requests.query(soql), "and its further pages"),
      ),
    ];
  },

  async read(query, call) {
    const { api, clock } = call;
    const asOf = new Date(clock.now()).toISOString();
    if (query.ids?.length === 0) return { rows: [], asOf };
    const read = async (columns: readonly string[]) => {
      const soqls = soqlsFor(query, columns, api.settings);
      const records = (await Promise.all(soqls.map((soql) => allPages(soql, call)))).flat();
      return {
        rows: flatten(records).map((row) => deal(row, api)),
        asOf,
        unreadable: missingFrom(columns, api),
      };
    };
    const columns = columnsOf(await api.describe("Opportunity"), api);
    try {
      return await read(columns);
    } catch (error) {
      if (!isHubError(error) || error.vendor?.code !== "INVALID_FIELD") throw error;
      // Permissions changed, or a parent's field is hidden, of which Opportunity's describe says nothing.
      return read(await columnsNow(api));
    }
  },
};

/** One query, or one for each chunk of ids. */
const soqlsFor = (query: Query, columns: readonly string[], settings: Settings): string[] => {
  const select: Soql = { soql: `SELECT ${columns.join(", ")} FROM Opportunity` };
  const conditions = conditionsFor(query, settings);
  const write = (all: readonly Soql[]): string => {
    const where = all.map((condition) => condition.soql).join(" AND ");
    return `${select.soql}${where === "" ? "" : ` WHERE ${where}`} ORDER BY CloseDate, Id`;
  };
  if (!query.ids) return [write(conditions)];
  const ids = [...new Set(query.ids.map(recordId18))];
  const chunks = Array.from({ length: Math.ceil(ids.length / IDS_A_QUERY) }, (_, index) =>
    ids.slice(index * IDS_A_QUERY, (index + 1) * IDS_A_QUERY),
  );
  return chunks.map((chunk) => write([soql`Id IN ${list(chunk.map(id))}`, ...conditions]));
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

/** The inverse of {@link categoryOf}. */
const inCategory = (category: Deal["category"], { commitStageName }: Settings): Soql => {
  const named = list(
    Object.keys(CATEGORIES)
      .filter((name) => CATEGORIES[name] === category)
      .map(text),
  );
  if (commitStageName === undefined) return soql`ForecastCategoryName IN ${named}`;
  const stage = text(commitStageName);
  if (category === "commit") return soql`StageName = ${stage}`;
  const names = category === "best_case" ? list(["Best Case", "Most Likely", "Commit"].map(text)) : named;
  return soql`ForecastCategoryName IN ${names} AND StageName != ${stage}`;
};

/** ForecastCategoryName as Salesforce ships it. */
const CATEGORIES: Readonly<Record<string, Deal["category"]>> = {
  Commit: "commit",
  "Most Likely": "best_case",
  "Best Case": "best_case",
  Pipeline: "pipeline",
  Omitted: "omitted",
  Closed: "closed",
};

/** Where a stage means Commit, the forecast category Commit alone does not; it is one step below then. */
const categoryOf = (stage: string, name: string, { commitStageName }: Settings): Deal["category"] => {
  if (stage === commitStageName) return "commit";
  const category = CATEGORIES[name] ?? "pipeline";
  return category === "commit" && commitStageName !== undefined ? "best_case" : category;
};

const allPages = async (
  soql: string,
  { api, notice }: Call<SalesforceApi>,
): Promise<QueryAnswer["records"]> => {
  let answer = await api.query(soql);
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

const deal = (row: Record<string, unknown>, api: SalesforceApi): DatasetRow<"deals"> => {
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
