/** The `people` dataset: users who may own deals, those who have left included. */
import { type Call, type DatasetProvider, HubError, isHubError, type Person } from "#connector";
import type { SalesforceApi } from "../api.ts";
import { allPages } from "./pages.ts";

const KEPT_MS = 3_600_000;
const KEPT_AS = "people";

const NEEDED = ["Id", "Name", "IsActive"];
/** And the column of the dataset that is null without it. */
const OPTIONAL = { Title: "title", ManagerId: "managerId" } as const satisfies Record<string, keyof Person>;

const MOST_PEOPLE = {
  most: 20_000,
  cut: (read: number, total: number) =>
    `The org has ${total} users; only ${read} were read, so some names may be missing.`,
};

interface People {
  readonly rows: readonly Person[];
  readonly unreadable: readonly (keyof Person)[];
}

export const people: DatasetProvider<SalesforceApi, "people"> = {
  async plan(_, { api }) {
    if (await api.kept(KEPT_AS)) return [];
    const note = "and its further pages; the answer is kept for an hour";
    return [api.planned(api.requests.query(peopleSoql(columnsOf(api))), note)];
  },

  async read(_, call) {
    const { value, at } = await call.api.keep(KEPT_AS, KEPT_MS, () => readPeople(call));
    return { ...value, asOf: new Date(at).toISOString() };
  },
};

/** Once more after a look at what there is, when Salesforce refuses a column. */
const readPeople = async (call: Call<SalesforceApi>): Promise<People> => {
  const { api } = call;
  const read = async (columns: readonly string[]): Promise<People> => {
    const records = await allPages(await api.query(peopleSoql(columns)), call, MOST_PEOPLE);
    const words = (value: unknown) => (typeof value === "string" ? value : null);
    return {
      rows: records.map(({ Id, Name, IsActive, Title, ManagerId }) => ({
        id: words(Id) ?? "",
        name: words(Name) ?? "",
        title: words(Title),
        managerId: words(ManagerId),
        isActive: IsActive === true,
      })),
      unreadable: Object.entries(OPTIONAL).flatMap(([field, name]) => (columns.includes(field) ? [] : name)),
    };
  };
  try {
    return await read(columnsOf(api));
  } catch (error) {
    if (!isHubError(error) || error.vendor?.code !== "INVALID_FIELD") throw error;
    await api.describeNow("User");
    return read(columnsOf(api));
  }
};

/** As far as anybody has looked. */
const columnsOf = (api: SalesforceApi): string[] => {
  const described = api.described("User");
  const isReadable = (field: string) =>
    api.mayRead("User", field) && (!described || described.fields.some(({ name }) => name === field));
  const missing = NEEDED.find((field) => !isReadable(field));
  if (missing !== undefined)
    throw new HubError("forbidden", `People cannot be read: User.${missing} is hidden from this hub.`, {
      hint: "Let the hub's Salesforce user see users, and take them off denyFields and objects.deny.",
    });
  return [...NEEDED, ...Object.keys(OPTIONAL), "UserType"].filter(isReadable);
};

/**
 * Standard users are people with a licence for the CRM; the automated ones that Salesforce makes, guests and those
 * of portals have other types (Object Reference, User.UserType). A user made for an integration counts as standard.
 */
const peopleSoql = (columns: readonly string[]): string =>
  `SELECT ${columns.filter((name) => name !== "UserType").join(", ")} FROM User${
    columns.includes("UserType") ? " WHERE UserType = 'Standard'" : ""
  } ORDER BY Id`;
