import type { Lead } from "#sandbox/company/types.ts";
import { extra, fieldsOf } from "../schema/field.ts";
import { sobject } from "../schema/sobject.ts";
import { fullName, importedFields, importedSaved, LEAD_SOURCES, RATINGS } from "./imported.ts";

const lead = fieldsOf<Lead>(({ id }) => id);
const STATUSES = [
  "Open - Not Contacted",
  "Working - Contacted",
  "Closed - Converted",
  "Closed - Not Converted",
];

export const leadObject = sobject<Lead>({
  name: "Lead",
  label: "Lead",
  labelPlural: "Leads",
  keyPrefix: "00Q",
  fields: [
    lead.id("id"),
    lead.text("LastName", "Last Name", 80, "lastName", { required: true }),
    lead.text("FirstName", "First Name", 40, "firstName"),
    lead.text("Name", "Full Name", 121, fullName, { defaulted: true, nameField: true }),
    lead.text("Title", "Title", 128, "title"),
    lead.text("Company", "Company", 255, "company", { required: true }),
    lead.phone("Phone", "Phone", extra()),
    lead.email("Email", "Email", "email"),
    lead.picklist("LeadSource", "Lead Source", LEAD_SOURCES, "leadSource"),
    lead.picklist("Status", "Status", STATUSES, "status", { defaulted: true }),
    lead.picklist("Rating", "Rating", RATINGS, extra()),
    lead.textarea("Description", "Description", 32_000, "description"),
    lead.flag("IsConverted", "Converted", () => false, { defaulted: true }),
    lead.reference("OwnerId", "Owner ID", ["Group", "User"], "ownerId", { defaulted: true }),
    ...importedFields<Lead>(),
  ],
  rows: (world) => world.company.leads,
  create: (world, id, byId) => {
    const at = world.now();
    const row: Lead = {
      id,
      firstName: null,
      lastName: "",
      company: "",
      title: null,
      email: null,
      status: STATUSES[0]!,
      leadSource: null,
      description: null,
      ownerId: byId,
      createdAt: at,
      lastModifiedAt: at,
    };
    world.push(world.company.leads, row);
    return row;
  },
  saved: importedSaved,
});
