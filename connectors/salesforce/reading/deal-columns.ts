/** Which columns of opportunities can be asked for here: by permissions, by configuration, by the org. */
import { type Deal, HubError, isHubError, type PlannedRequest } from "#connector";
import type { SalesforceApi } from "../api.ts";
import type { ObjectDescribe } from "../shapes.ts";

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

/**
 * Left out where the org has no such field, the user may not see it or the configuration denies it; and
 * the column of the dataset that is null then.
 */
const OPTIONAL = {
  AccountId: "accountId",
  "Account.Name": "accountName",
  "Owner.Name": "ownerName",
  "Owner.ManagerId": "managerId",
  "Owner.Manager.Name": "managerName",
  Amount: "amount",
  CurrencyIsoCode: "currency",
  CreatedDate: "createdAt",
  LastActivityDate: "lastActivityDate",
  LastStageChangeDate: "lastStageChangeAt",
  NextStep: "nextStep",
} as const satisfies Record<string, keyof Deal>;

/** The objects behind the relationships above. */
const PARENTS: Readonly<Record<string, string>> = { Account: "Account", Owner: "User", Manager: "User" };

/** Before anybody has looked. */
const UNKNOWN_COLUMNS: readonly string[] = [
  ...NEEDED,
  `<those of ${Object.keys(OPTIONAL).join(", ")} that can be read>`,
];

/** Over each relationship of a path, as far as anybody has looked at its objects. */
const isVisible = (
  [part = "", ...rest]: readonly string[],
  describe: ObjectDescribe | undefined,
  api: SalesforceApi,
): boolean => {
  const field = rest.length === 0 ? part : `${part}Id`;
  if (describe && !describe.fields.some(({ name }) => name === field)) return false;
  return rest.length === 0 || isVisible(rest, api.described(PARENTS[part] ?? ""), api);
};

/** @throws HubError `forbidden` when a column is hidden without which there are no deals */
const columnsOf = (describe: ObjectDescribe, api: SalesforceApi): string[] => {
  const has = (column: string) =>
    isVisible(column.split("."), describe, api) && api.mayRead("Opportunity", column);
  const missing = NEEDED.find((column) => !has(column));
  if (missing !== undefined)
    throw new HubError("forbidden", `Deals cannot be read: Opportunity.${missing} is hidden from this hub.`, {
      hint: "Let the hub's Salesforce user see the field, and take it off denyFields.",
    });
  return NEEDED.concat(Object.keys(OPTIONAL).filter(has));
};

/** Whether a column is among them; before anybody has looked, whether the configuration would let it be. */
export const hasColumn = (columns: readonly string[], column: string, api: SalesforceApi): boolean =>
  columns === UNKNOWN_COLUMNS ? api.mayRead("Opportunity", column) : columns.includes(column);

/** The columns after a new look at everything they depend on. */
const columnsNow = async (api: SalesforceApi): Promise<string[]> => {
  const objects = [...new Set(Object.values(PARENTS))];
  const seen = await Promise.all(
    objects.map((object) =>
      api.describeNow(object).catch((error: unknown) => {
        if (isHubError(error) && error.code === "not_found") return undefined;
        throw error;
      }),
    ),
  );
  const hidden = new Set(objects.filter((_, index) => !seen[index]));
  const columns = columnsOf(await api.describeNow("Opportunity"), api);
  return columns.filter(
    (column) =>
      !column
        .split(".")
        .slice(0, -1)
        .some((relationship) => hidden.has(PARENTS[relationship] ?? "")),
  );
};

/** The dataset's columns that nobody can read here. */
export const missingFrom = (columns: readonly string[], { settings }: SalesforceApi): (keyof Deal)[] =>
  Object.entries(OPTIONAL)
    .filter(([column]) => !columns.includes(column))
    .map(([, name]) => name)
    // Orgs with one currency have no such field; the configuration tells it then.
    .filter((name) => name !== "currency" || settings.currency === undefined);

/**
 * Runs `read` with the columns that can be read; once more after a new look when Salesforce refuses one:
 * permissions changed, or a parent's field is hidden, of which Opportunity's describe says nothing.
 */
export const withReadableColumns = async <T>(
  api: SalesforceApi,
  read: (columns: readonly string[]) => Promise<T>,
): Promise<T> => {
  const columns = columnsOf(await api.describe("Opportunity"), api);
  try {
    return await read(columns);
  } catch (error) {
    if (!isHubError(error) || error.vendor?.code !== "INVALID_FIELD") throw error;
    return read(await columnsNow(api));
  }
};

/** The columns of a dry run, and the request that would find them first. */
export const plannedColumns = (
  api: SalesforceApi,
): { readonly columns: readonly string[]; readonly look: readonly PlannedRequest[] } => {
  const known = api.described("Opportunity");
  if (known) return { columns: columnsOf(known, api), look: [] };
  const note = "decides which columns are asked for; kept for an hour";
  return { columns: UNKNOWN_COLUMNS, look: [api.planned(api.requests.describe("Opportunity"), note)] };
};
