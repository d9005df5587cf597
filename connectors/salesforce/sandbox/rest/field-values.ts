/** The body of a create or update, checked field by field as Salesforce does before it saves. */
import { isDate, parseDateTime } from "../calendar.ts";
import { toId18 } from "../ids.ts";
import { canSeeField, type Org, type Session } from "../org.ts";
import { findRow } from "../records.ts";
import { Rejection } from "../rejection.ts";
import type { Field } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";
import { findField, findObject } from "../schema/schema.ts";
import type { SObject } from "../schema/sobject.ts";

export interface FieldValue {
  readonly field: Field<object>;
  readonly value: Value;
}

export const readFieldValues = (
  org: Org,
  session: Session,
  object: SObject,
  body: Readonly<Record<string, unknown>>,
  purpose: "create" | "update",
): readonly FieldValue[] => {
  const given = Object.entries(body).filter(([name]) => name !== "attributes");
  const named = given.map(([name, input]) => {
    if (name.toLowerCase() === "id")
      throw new Rejection(400, "INVALID_FIELD", "The Id field should not be specified in the sobject data.");
    const field = findField(object, name);
    if (!field)
      throw new Rejection(400, "INVALID_FIELD", `No such column '${name}' on sobject of type ${object.name}`);
    return { field, input };
  });
  const parsed = named.map(({ field, input }) => ({ field, value: deserialize(field, input) }));

  const locked = named.filter(
    ({ field }) =>
      !canSeeField(org, session, object, field) ||
      !(purpose === "create" ? field.createable : field.updateable),
  );
  if (locked.length > 0) {
    const names = locked.map(({ field }) => field.name);
    throw new Rejection(
      400,
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      `Unable to create/update fields: ${names.join(", ")}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      names,
    );
  }
  requireFields(object, parsed, purpose);
  for (const { field, value } of parsed) check(org, object, field, value);
  return parsed.map(({ field, value }) => ({
    field,
    value: field.clean && typeof value === "string" ? field.clean(value) : value,
  }));
};

const requireFields = (object: SObject, values: readonly FieldValue[], purpose: "create" | "update") => {
  const required = object.fields.filter(
    (field) => field.createable && !field.nillable && !field.defaultedOnCreate,
  );
  const missing = required.filter((field) => {
    const found = values.find((value) => value.field === field);
    return found ? found.value === null : purpose === "create";
  });
  const names = missing.map(({ name }) => name);
  if (names.length > 0)
    throw new Rejection(
      400,
      "REQUIRED_FIELD_MISSING",
      `Required fields are missing: [${names.join(", ")}]`,
      names,
    );
};

/** JSON to our value; Salesforce refuses what does not fit before it looks at anything else. */
const deserialize = (field: Field<object>, input: unknown): Value => {
  if (input === null || input === "") return null;
  const refuse = () =>
    new Rejection(
      400,
      "JSON_PARSER_ERROR",
      `Cannot deserialize instance of ${field.type} from ${jsonToken(input)} value ${
        typeof input === "object" ? "" : String(input)
      } or request may be missing a required field at [line:1, column:1]`,
    );
  switch (field.type) {
    case "boolean":
      if (input === true || input === "true") return true;
      if (input === false || input === "false") return false;
      throw refuse();
    case "int":
    case "double":
    case "currency":
    case "percent": {
      const number = typeof input === "string" && input.trim() !== "" ? Number(input) : input;
      if (typeof number !== "number" || !Number.isFinite(number)) throw refuse();
      if (field.type === "int" && !Number.isInteger(number)) throw refuse();
      return number;
    }
    case "date":
      if (typeof input === "string" && isDate(input)) return input;
      throw refuse();
    case "datetime": {
      const time = typeof input === "string" ? parseDateTime(input) : undefined;
      if (time === undefined) throw refuse();
      return Math.floor(time / 1000) * 1000;
    }
    case "base64":
      // Node decodes anything; what it would write differently is not base64.
      if (typeof input === "string" && Buffer.from(input, "base64").toString("base64") === input)
        return input;
      throw refuse();
    default:
      if (typeof input === "object") throw refuse();
      // Salesforce trims what people type and what programs send, and a text field has one line.
      return (
        (field.type === "string" ? String(input).replace(/\s*[\r\n]+\s*/g, " ") : String(input)).trim() ||
        null
      );
  }
};

const jsonToken = (input: unknown): string => {
  if (Array.isArray(input)) return "START_ARRAY";
  if (typeof input === "string") return "VALUE_STRING";
  if (typeof input === "number") return Number.isInteger(input) ? "VALUE_NUMBER_INT" : "VALUE_NUMBER_FLOAT";
  return typeof input === "boolean" ? `VALUE_${String(input).toUpperCase()}` : "START_OBJECT";
};

const check = (org: Org, object: SObject, field: Field<object>, value: Value): void => {
  if (value === null) return;
  const { label, name } = field;
  const refuse = (errorCode: string, message: string) => new Rejection(400, errorCode, message, [name]);

  if (field.type === "reference") {
    const id = toId18(String(value));
    const target = field.referenceTo
      .map((to) => findObject(to))
      .find((to) => to && id?.startsWith(to.keyPrefix));
    if (!id) throw refuse("MALFORMED_ID", `${label}: id value of incorrect type: ${value}`);
    if (!target) throw refuse("FIELD_INTEGRITY_EXCEPTION", `${label}: id value of incorrect type: ${value}`);
    if (!findRow(target, id, org.world))
      throw refuse("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
    const inactive =
      target.name === "User" &&
      org.world.company.people.some((person) => person.id === id && !person.isActive);
    if (name === "OwnerId" && inactive)
      throw refuse(
        "INACTIVE_OWNER_OR_USER",
        `operation performed with inactive user [${id}] as owner of ${object.label.toLowerCase()}`,
      );
    return;
  }
  if (field.restricted && field.type === "picklist" && !field.picklist.includes(String(value)))
    throw refuse(
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      `${label}: bad value for restricted picklist field: ${value}`,
    );
  if (typeof value === "string" && field.length > 0 && value.length > field.length)
    throw refuse("STRING_TOO_LONG", `${label}: data value too large: ${value} (max length=${field.length})`);
  if (
    typeof value === "number" &&
    field.type !== "datetime" &&
    Math.abs(value) >= 10 ** (field.precision - field.scale)
  )
    throw refuse(
      "NUMBER_OUTSIDE_VALID_RANGE",
      `${label}: value outside of valid range on numeric field: ${value}`,
    );
};
