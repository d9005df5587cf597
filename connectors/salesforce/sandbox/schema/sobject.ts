/** An object type: its fields, where its rows are, and how a new row comes about. */

import type { World } from "../world.ts";
import type { Field, FieldOptions } from "./field.ts";
import { fieldsOf } from "./field.ts";
import type { StoredRow, Value } from "./row.ts";

export interface SObject<R extends object = object> {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  readonly fields: readonly Field<R>[];
  rows(world: World): readonly R[];
  /** Adds an empty row, its defaults in place; absent: this object is not createable. */
  readonly create?: (world: World, id: string, byId: string) => R;
  readonly updateable: boolean;
  /** Called after a write: audit columns, history and what Salesforce derives. */
  readonly saved?: (row: R, changed: readonly SavedChange[], byId: string, world: World) => void;
  /** Rows that only /queryAll returns. */
  readonly archived?: (row: R, world: World) => boolean;
}

export interface SavedChange {
  readonly field: string;
  readonly before: Value;
  readonly after: Value;
}

/** Row types differ by object; from here on a row is read only through its object's fields. */
export const sobject = <R extends object>(
  spec: Omit<SObject<R>, "custom" | "updateable"> & { readonly updateable?: boolean },
): SObject => ({
  ...(spec as unknown as SObject),
  custom: spec.name.endsWith("__c"),
  updateable: spec.updateable ?? spec.fields.some((field) => field.updateable),
});

interface SystemSource<R> {
  readonly createdAt: (row: R, world: World) => number;
  readonly createdBy: (row: R, world: World) => string;
  readonly modifiedAt: (row: R, world: World) => number;
  readonly modifiedBy: (row: R, world: World) => string;
}

/** Salesforce keeps whole seconds. */
export const wholeSeconds = (time: number): number => Math.floor(time / 1000) * 1000;

/** IsDeleted and the audit columns every object has. */
export const systemFields = <R extends object>(
  rowId: (row: R) => string,
  source: SystemSource<R>,
): readonly Field<R>[] => {
  const define = fieldsOf(rowId);
  const kept: FieldOptions = { defaulted: true };
  return [
    define.flag("IsDeleted", "Deleted", () => false, kept),
    define.dateTime(
      "CreatedDate",
      "Created Date",
      (row, world) => wholeSeconds(source.createdAt(row, world)),
      kept,
    ),
    define.reference("CreatedById", "Created By ID", "User", source.createdBy, kept),
    define.dateTime(
      "LastModifiedDate",
      "Last Modified Date",
      (row, world) => wholeSeconds(source.modifiedAt(row, world)),
      kept,
    ),
    define.reference("LastModifiedById", "Last Modified By ID", "User", source.modifiedBy, kept),
    define.dateTime(
      "SystemModstamp",
      "System Modstamp",
      (row, world) => wholeSeconds(source.modifiedAt(row, world)),
      kept,
    ),
  ];
};

const storedId = (row: StoredRow) => row.id;

export const storedFields = fieldsOf<StoredRow>(storedId);

export const storedSystemFields: readonly Field<StoredRow>[] = systemFields(storedId, {
  createdAt: (row) => row.createdAt,
  createdBy: (row) => row.createdById,
  modifiedAt: (row) => row.modifiedAt,
  modifiedBy: (row) => row.modifiedById,
});

/** `rows`, `create` and `saved` of an object that only Salesforce has. */
export const storedIn = (name: string) => ({
  rows: (world: World) => world.stored(name),
  create: (world: World, id: string, byId: string): StoredRow => {
    const at = world.now();
    const row = { id, createdAt: at, createdById: byId, modifiedAt: at, modifiedById: byId };
    world.push(world.stored(name), row);
    return row;
  },
  saved: (row: StoredRow, _changed: readonly SavedChange[], byId: string, world: World) =>
    world.assign(row, { modifiedAt: world.now(), modifiedById: byId }),
});
