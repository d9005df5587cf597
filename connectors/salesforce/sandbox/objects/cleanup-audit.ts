import type { StoredRow } from "../schema/row.ts";
import { storedFields as field, sobject, storedIn, storedSystemFields } from "../schema/sobject.ts";

const NAME = "Cleanup_Audit__c";

/** The audit object as `connectors/salesforce/metadata` deploys it. */
export const cleanupAuditObject = sobject<StoredRow>({
  name: NAME,
  label: "Cleanup Audit",
  labelPlural: "Cleanup Audits",
  keyPrefix: "a00",
  fields: [
    field.id("id"),
    field.text("Name", "Audit Number", 80, (row) => `CA-${row.id.slice(10, 15)}`, {
      nameField: true,
      autoNumber: true,
      defaulted: true,
    }),
    field.text("Object_Name__c", "Object", 80, "Object_Name__c", { required: true }),
    field.text("Record_Id__c", "Record ID", 18, "Record_Id__c", { required: true }),
    field.text("Field_Name__c", "Field", 80, "Field_Name__c", { required: true }),
    field.textarea("Old_Value__c", "Old Value", 32_768, "Old_Value__c"),
    field.textarea("New_Value__c", "New Value", 32_768, "New_Value__c"),
    field.textarea("Justification__c", "Justification", 4_000, "Justification__c"),
    field.text("Performed_By__c", "Performed By", 255, "Performed_By__c"),
    field.picklist("Status__c", "Status", ["Intended", "Applied", "Failed", "Unknown"], "Status__c", {
      restricted: true,
    }),
    field.flag("Failed__c", "Failed", "Failed__c", { defaulted: true }),
    field.number("Hub_Sequence__c", "Hub Sequence", "Hub_Sequence__c"),
    field.text("Hub_Head__c", "Hub Head", 64, "Hub_Head__c"),
    field.reference("OwnerId", "Owner ID", ["Group", "User"], (row) => row.createdById, { defaulted: true }),
    ...storedSystemFields,
  ],
  ...storedIn(NAME),
});
