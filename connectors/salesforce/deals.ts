/** The `deals` dataset: opportunities in RevOps terms. */
import {
  type Call,
  type DatasetProvider,
  type DatasetQuery,
  type DatasetRow,
  type Deal,
  HubError,
} from "#connector";
import type { SalesforceApi } from "./api.ts";
import type { Settings } from "./config.ts";
import { recordId18 } from "./ids.ts";
import { flatten } from "./rows.ts";
import type { ObjectDescribe, QueryAnswer } from "./shapes.ts";
import { date, id, list, type Soql, soql, text } from "./soql/literals.ts";

type Query = DatasetQuery<"deals">;

/** Of one reading. A question about deals that needs more than this is asked too broadly. */
const MOST_ROWS = 10_000;

/** So many ids make an address of some 12,800 bytes; Salesforce reads 16,384. */
const IDS_A_QUERY = 400;

/** Without one of these there is no deal to speak of. */
const NEEDED = [
  "Id",
  "Name",
  "OwnerId",
  "StageName",
  "ForecastCategoryName",
  "IsClosed",
  "IsWon",
  "CloseDate",
];

/** Left out where the org has no such field, the user may not see it or the configuration denies it. */
const OPTIONAL = [
  "AccountId",
  "Account.Name",
  "Owner.Name",
  "Amount",
  "CurrencyIsoCode",
  "CreatedDate",
  "LastActivityDate",
  "LastStageChangeDate",
  "NextStep",
];

export const deals: DatasetProvider<SalesforceApi, "deals"> = {
  plan(query, { api }) {
    const known = api.described("Opportunity");
    const columns = known
      ? columnsOf(known, api)
      : [...NEEDED, `<those of ${OPTIONAL.join(", ")} that can be read>`];
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
    const columns = columnsOf(await api.describe("Opportunity"), api);
    const soqls = soqlsFor(query, columns, api.settings);
    const records = (await Promise.all(soqls.map((soql) => allPages(soql, call)))).flat();
    return { rows: flatten(records).map((row) => deal(row, api)), asOf };
  },
};

const columnsOf = (describe: ObjectDescribe, api: SalesforceApi): string[] => {
  const visible = new Set(describe.fields.map(({ name }) => name));
  const has = (column: string) => visible.has(lookupOf(column)) && api.mayRead("Opportunity", column);
  const missing = NEEDED.find((column) => !has(column));
  if (missing !== undefined)
    throw new HubError("forbidden", `Deals cannot be read: Opportunity.${missing} is hidden from this hub.`, {
      hint: "Let the hub's Salesforce user see the field, and take it off denyFields.",
    });
  return NEEDED.concat(OPTIONAL.filter(has));
};

/** `Account.Name` is reached through AccountId. */
const lookupOf = (column: string) => (column.includes(".") ? `${column.split(".")[0]}Id` : column);

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
  let answer: QueryAnswer | undefined = await api.query(soql);
  const { totalSize } = answer;
  const records = [...answer.records];
  while (records.length < MOST_ROWS) {
    answer = await api.queryMore(answer);
    if (!answer) return records;
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
