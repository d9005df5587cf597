/** Rows by id, and how values look on the wire. */
import { formatDateTime } from "./calendar.ts";
import { toId18 } from "./ids.ts";
import type { Field } from "./schema/field.ts";
import type { Value } from "./schema/row.ts";
import type { SObject } from "./schema/sobject.ts";
import type { World } from "./world.ts";

const ID_FIELD = "Id";

/** Id of each row's object: every object's first field is its id. */
export const idOf = (object: SObject, row: object, world: World): string => {
  const [first] = object.fields;
  if (first?.name !== ID_FIELD) throw new Error(`${object.name} does not begin with Id`);
  return first.read(row, world) as string;
};

/** Rows that /query sees, or all of them. */
export const rowsOf = (object: SObject, world: World, includeArchived: boolean): readonly object[] => {
  const { archived } = object;
  const rows = object.rows(world);
  return archived === undefined || includeArchived ? rows : rows.filter((row) => !archived(row, world));
};

/** By 18-character id, archived rows too. */
export const rowsById = (object: SObject, world: World): ReadonlyMap<string, object> =>
  world.derive(
    `${object.name} by Id`,
    () => new Map(object.rows(world).map((row) => [idOf(object, row, world), row])),
  );

/** `id` in either form. */
export const findRow = (object: SObject, id: string, world: World): object | undefined => {
  const id18 = toId18(id);
  return id18 === undefined ? undefined : rowsById(object, world).get(id18);
};

/** As JSON carries it: dateTimes as text, files as the place where they are, everything else as it is. */
export const toJson = (field: Field<object>, value: Value, recordUrl = ""): Value => {
  if (field.type === "datetime" && typeof value === "number") return formatDateTime(value);
  return field.type === "base64" && value !== null ? `${recordUrl}/${field.name}` : value;
};

export const attributesOf = (object: SObject, id: string, version: string) => ({
  type: object.name,
  url: `/services/data/v${version}/sobjects/${object.name}/${id}`,
});
