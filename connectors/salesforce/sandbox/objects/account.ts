import type { Account } from "#sandbox/company/types.ts";
import { extra, fieldsOf } from "../schema/field.ts";
import { sobject } from "../schema/sobject.ts";
import type { World } from "../world.ts";
import { importedFields, importedSaved, RATINGS } from "./imported.ts";

const TYPES = ["Prospect", "Customer - Direct", "Customer - Channel", "Partner", "Other"];
const INDUSTRIES = [
  "Education",
  "Energy",
  "Finance",
  "Government",
  "Healthcare",
  "Insurance",
  "Manufacturing",
  "Retail",
  "Technology",
  "Transportation",
  "Other",
];

/** Per account, the latest activity on it or on one of its deals. */
const lastActivity = (row: Account, world: World) =>
  world
    .derive("Account.LastActivityDate", () => {
      const latest = new Map<string, string>();
      const seen = (id: string | null, date: string | null) => {
        if (id && date && date > (latest.get(id) ?? "")) latest.set(id, date);
      };
      for (const deal of world.company.deals) seen(deal.accountId, deal.lastActivityDate);
      return latest;
    })
    .get(row.id) ?? null;

const account = fieldsOf<Account>(({ id }) => id);

export const accountObject = sobject<Account>({
  name: "Account",
  label: "Account",
  labelPlural: "Accounts",
  keyPrefix: "001",
  fields: [
    account.id("id"),
    account.text("Name", "Account Name", 255, "name", { required: true, nameField: true }),
    account.picklist("Type", "Account Type", TYPES, "type"),
    account.reference("ParentId", "Parent Account ID", "Account", extra(), {
      as: "Parent",
      children: { Account: "ChildAccounts" },
    }),
    account.text("BillingCity", "Billing City", 40, "billingCity"),
    account.text("BillingCountry", "Billing Country", 80, "billingCountry"),
    account.phone("Phone", "Account Phone", extra()),
    account.url("Website", "Website", "website"),
    account.picklist("Industry", "Industry", INDUSTRIES, "industry"),
    account.money("AnnualRevenue", "Annual Revenue", "annualRevenue"),
    account.integer("NumberOfEmployees", "Employees", "employees"),
    account.picklist("Rating", "Account Rating", RATINGS, extra()),
    account.textarea("Description", "Account Description", 32_000, "description"),
    account.reference("OwnerId", "Owner ID", "User", "ownerId", { defaulted: true }),
    account.date("LastActivityDate", "Last Activity", lastActivity),
    account.text("CurrencyIsoCode", "Account Currency", 3, (_row, world) => world.company.currency),
    ...importedFields<Account>(),
  ],
  rows: (world) => world.company.accounts,
  create: (world, id, byId) => {
    const at = world.now();
    const row: Account = {
      id,
      name: "",
      industry: null,
      type: null,
      website: null,
      annualRevenue: null,
      employees: null,
      billingCity: null,
      billingCountry: null,
      description: null,
      ownerId: byId,
      createdAt: at,
      lastModifiedAt: at,
    };
    world.push(world.company.accounts, row);
    return row;
  },
  saved: importedSaved,
});
