import type { Contact } from "#sandbox/company/types.ts";
import { extra, fieldsOf } from "../schema/field.ts";
import { sobject } from "../schema/sobject.ts";
import { fullName, importedFields, importedSaved, LEAD_SOURCES } from "./imported.ts";

const contact = fieldsOf<Contact>(({ id }) => id);

export const contactObject = sobject<Contact>({
  name: "Contact",
  label: "Contact",
  labelPlural: "Contacts",
  keyPrefix: "003",
  fields: [
    contact.id("id"),
    contact.reference("AccountId", "Account ID", "Account", "accountId", {
      children: { Account: "Contacts" },
    }),
    contact.text("LastName", "Last Name", 80, "lastName", { required: true }),
    contact.text("FirstName", "First Name", 40, "firstName"),
    contact.text("Name", "Full Name", 121, fullName, { defaulted: true, nameField: true }),
    contact.phone("Phone", "Business Phone", "phone"),
    contact.email("Email", "Email", "email"),
    contact.text("Title", "Title", 128, "title"),
    contact.text("Department", "Department", 80, extra()),
    contact.picklist("LeadSource", "Lead Source", LEAD_SOURCES, extra()),
    contact.textarea("Description", "Contact Description", 32_000, extra()),
    contact.reference("OwnerId", "Owner ID", "User", "ownerId", { defaulted: true }),
    ...importedFields<Contact>(),
  ],
  rows: (world) => world.company.contacts,
  create: (world, id, byId) => {
    const at = world.now();
    const row: Contact = {
      id,
      // Salesforce allows contacts without an account; the company type does not, so it stays empty.
      accountId: null as unknown as string,
      firstName: null,
      lastName: "",
      title: null,
      email: null,
      phone: null,
      ownerId: byId,
      createdAt: at,
      lastModifiedAt: at,
    };
    world.push(world.company.contacts, row);
    return row;
  },
  saved: importedSaved,
});
