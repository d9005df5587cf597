/** FORMAT(): values as a user with locale en_US sees them. */
import type { FieldType } from "../schema/field.ts";
import type { Value } from "../schema/row.ts";

const money = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const plain = new Intl.NumberFormat("en-US");
const day = new Intl.DateTimeFormat("en-US", { timeZone: "UTC" });
const minute = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", dateStyle: "short", timeStyle: "short" });

export const formatValue = (type: FieldType, value: Value): Value => {
  if (value === null || typeof value === "boolean") return value;
  switch (type) {
    case "currency":
      return money.format(Number(value));
    case "percent":
      return `${plain.format(Number(value))}%`;
    case "int":
    case "double":
      return plain.format(Number(value));
    case "date":
      return day.format(new Date(`${value}T00:00:00Z`));
    case "datetime":
      return minute.format(new Date(value));
    default:
      return String(value);
  }
};
