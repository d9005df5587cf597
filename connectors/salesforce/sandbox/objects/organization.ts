/** The org itself, and objects that exist in every org but are empty in this one. */
import type { Company } from "#sandbox/company/types.ts";
import { fieldsOf } from "../schema/field.ts";
import { storedFields as field, sobject, storedIn, storedSystemFields } from "../schema/sobject.ts";

const org = fieldsOf<Company>(({ organizationId }) => organizationId);

export const organizationObject = sobject<Company>({
  name: "Organization",
  label: "Organization",
  labelPlural: "Organizations",
  keyPrefix: "00D",
  fields: [
    org.id(({ organizationId }) => organizationId),
    org.text("Name", "Name", 80, ({ organizationName }) => organizationName, {
      nameField: true,
      defaulted: true,
    }),
    org.text("InstanceName", "Instance Name", 5, () => "SBX1"),
    org.flag("IsSandbox", "Is Sandbox", () => true, { defaulted: true }),
    org.dateTime("TrialExpirationDate", "Trial Expiration Date", () => null),
    org.text("NamespacePrefix", "Namespace Prefix", 15, () => null),
    org.picklist("OrganizationType", "Edition", ["Enterprise Edition"], () => "Enterprise Edition"),
    org.text("DefaultLocaleSidKey", "Locale", 40, () => "en_US"),
    org.text("LanguageLocaleKey", "Language", 40, () => "en_US"),
    org.text("TimeZoneSidKey", "Time Zone", 40, () => "GMT"),
    org.integer("FiscalYearStartMonth", "Fiscal Year Starts In", () => 1),
    org.flag("UsesStartDateAsFiscalYearName", "Fiscal Year Name by Start", () => false),
  ],
  rows: (world) => [world.company],
});

export const recordTypeObject = sobject({
  name: "RecordType",
  label: "Record Type",
  labelPlural: "Record Types",
  keyPrefix: "012",
  fields: [
    field.id("id"),
    field.text("Name", "Name", 80, "Name", { nameField: true, writable: "never" }),
    field.text("DeveloperName", "Record Type Name", 80, "DeveloperName", { writable: "never" }),
    field.text("SobjectType", "SObject Type Name", 40, "SobjectType", { writable: "never" }),
    field.flag("IsActive", "Active", "IsActive", { writable: "never" }),
  ],
  rows: storedIn("RecordType").rows,
});

export const groupObject = sobject({
  name: "Group",
  label: "Group",
  labelPlural: "Groups",
  keyPrefix: "00G",
  fields: [
    field.id("id"),
    field.text("Name", "Name", 40, "Name", { nameField: true, writable: "never" }),
    field.text("DeveloperName", "Developer Name", 80, "DeveloperName", { writable: "never" }),
    field.picklist("Type", "Type", ["Regular", "Queue"], "Type", { writable: "never" }),
  ],
  rows: storedIn("Group").rows,
});

/** Dev Hubs have it; the sf CLI asks every org it meets for it. */
export const scratchOrgInfoObject = sobject({
  name: "ScratchOrgInfo",
  label: "Scratch Org Info",
  labelPlural: "Scratch Org Infos",
  keyPrefix: "2SR",
  fields: [
    field.id("id"),
    field.text("Name", "Name", 80, "Name", { nameField: true, writable: "never" }),
    field.text("OrgName", "Scratch Org Name", 80, "OrgName", { writable: "never" }),
    field.text("ScratchOrg", "Scratch Org", 18, "ScratchOrg", { writable: "never" }),
    field.text("SignupUsername", "Username", 100, "SignupUsername", { writable: "never" }),
    field.picklist("Status", "Status", ["Active", "Deleted"], "Status", { writable: "never" }),
    field.date("ExpirationDate", "Expiration Date", "ExpirationDate", { writable: "never" }),
    ...storedSystemFields,
  ],
  rows: storedIn("ScratchOrgInfo").rows,
});
