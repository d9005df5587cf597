/**
 * What can be asked of a record behind a polymorphic relationship (`Owner` of a Lead, `Who`, `What`):
 * the fields of the Name object. Their values are the record's own; the executor reads them.
 */
import { type Field, fieldsOf } from "../schema/field.ts";

const field = fieldsOf<object>(() => "");
const elsewhere = () => null;

const FIELDS: readonly Field<object>[] = [
  field.id(elsewhere),
  field.text("Name", "Full Name", 255, elsewhere, { nameField: true }),
  field.text("Type", "Type", 40, elsewhere),
  field.text("FirstName", "First Name", 40, elsewhere),
  field.text("LastName", "Last Name", 80, elsewhere),
  field.email("Email", "Email", elsewhere),
  field.phone("Phone", "Phone", elsewhere),
  field.text("Title", "Title", 128, elsewhere),
  field.text("Username", "Username", 80, elsewhere),
  field.text("Alias", "Alias", 8, elsewhere),
  field.flag("IsActive", "Active", elsewhere),
  field.reference("UserRoleId", "Role ID", "UserRole", elsewhere),
  field.reference("ProfileId", "Profile ID", "Profile", elsewhere),
];

export const findNameField = (name: string): Field<object> | undefined =>
  FIELDS.find((known) => known.name.toLowerCase() === name.toLowerCase());
