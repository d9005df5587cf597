/**
 * A field is data: what describe says of it, and where its value lives. The flags that depend only
 * on the type are worked out here, as the Object Reference lists them.
 */

import type { World } from "../world.ts";
import type { Value } from "./row.ts";

/** dateTime: epoch milliseconds; date: `YYYY-MM-DD`; multi-select: values joined by `;`. */
export type FieldType =
  | "id"
  | "string"
  | "textarea"
  | "boolean"
  | "int"
  | "double"
  | "currency"
  | "percent"
  | "date"
  | "datetime"
  | "picklist"
  | "multipicklist"
  | "reference"
  | "email"
  | "phone"
  | "url"
  | "base64"
  | "anyType";

export interface Field<R> {
  readonly name: string;
  readonly label: string;
  /** What an administrator wrote for people who fill it in. */
  readonly help: string | null;
  readonly type: FieldType;
  /** Characters; 0 for types without a length. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly filterable: boolean;
  readonly groupable: boolean;
  readonly sortable: boolean;
  readonly aggregatable: boolean;
  readonly nameField: boolean;
  readonly autoNumber: boolean;
  readonly picklist: readonly string[];
  readonly restricted: boolean;
  /** Objects this may point to; more than one: polymorphic. */
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  /** What is kept of a value that came in; throws a Rejection for what it cannot be made of. */
  readonly clean?: (value: string) => string;
  /** Name of the list of these rows on each parent: `{ Account: "Opportunities" }`. */
  readonly children: Readonly<Record<string, string>>;
  read(row: R, world: World): Value;
  write(row: R, value: Value, world: World): void;
}

interface Extra<R> {
  readonly initial: (row: R, world: World) => Value;
}

/** A property of the row, a computation (read-only), or a value that only Salesforce keeps. */
type Source<R> = (keyof R & string) | ((row: R, world: World) => Value) | Extra<R>;

/** A value the company does not know, kept beside it; `initial` until somebody writes. */
export const extra = <R>(initial: Value | ((row: R, world: World) => Value) = null): Extra<R> => ({
  initial: typeof initial === "function" ? initial : () => initial,
});

export interface FieldOptions {
  /** Neither null nor absent on create. */
  readonly required?: boolean;
  /** Never null, but Salesforce fills it on create. */
  readonly defaulted?: boolean;
  /** Default: `always` where the value is stored, `never` where it is computed. */
  readonly writable?: "never" | "create" | "always";
  readonly nameField?: boolean;
  readonly autoNumber?: boolean;
  readonly filterable?: boolean;
  readonly groupable?: boolean;
  readonly help?: string;
}

const NEVER_GROUPED = new Set<FieldType>(["double", "currency", "percent", "datetime", "multipicklist"]);
const NEVER_SORTED = new Set<FieldType>(["multipicklist"]);
const NEVER_AGGREGATED = new Set<FieldType>(["boolean", "multipicklist"]);

/** Field definitions for rows of type R; `rowId` finds the values that only Salesforce keeps. */
export const fieldsOf = <R extends object>(rowId: (row: R) => string) => {
  const field = (
    name: string,
    label: string,
    type: FieldType,
    source: Source<R>,
    options: FieldOptions = {},
    more: Partial<Field<R>> = {},
  ): Field<R> => {
    const length = more.length ?? 0;
    // Long text and binary can neither be filtered nor sorted nor grouped.
    const opaque = type === "base64" || type === "anyType" || (type === "textarea" && length > 255);
    const writable = options.writable ?? (typeof source === "function" ? "never" : "always");
    return {
      name,
      label,
      help: options.help ?? null,
      type,
      length,
      precision: 0,
      scale: 0,
      nillable: !options.required && !options.defaulted,
      createable: writable !== "never",
      updateable: writable === "always",
      defaultedOnCreate: options.defaulted ?? false,
      filterable: options.filterable ?? !opaque,
      groupable: options.groupable ?? !(opaque || NEVER_GROUPED.has(type)),
      sortable: !(opaque || NEVER_SORTED.has(type)),
      aggregatable: !(opaque || NEVER_AGGREGATED.has(type)),
      nameField: options.nameField ?? false,
      autoNumber: options.autoNumber ?? false,
      picklist: [],
      restricted: false,
      referenceTo: [],
      relationshipName: null,
      children: {},
      ...binding(name, source, rowId),
      ...more,
    };
  };

  const simple =
    (type: FieldType, more: Partial<Field<R>> = {}) =>
    (name: string, label: string, source: Source<R>, options?: FieldOptions) =>
      field(name, label, type, source, options, more);
  const sized =
    (type: FieldType) =>
    (name: string, label: string, length: number, source: Source<R>, options?: FieldOptions) =>
      field(name, label, type, source, options, { length });

  return {
    id: (source: Source<R>) =>
      field("Id", "Record ID", "id", source, { defaulted: true, writable: "never" }, { length: 18 }),
    text: sized("string"),
    textarea: sized("textarea"),
    flag: simple("boolean"),
    integer: simple("int", { precision: 8 }),
    number: simple("double", { precision: 18, scale: 0 }),
    money: simple("currency", { precision: 18, scale: 2 }),
    percent: simple("percent", { precision: 3 }),
    date: simple("date"),
    dateTime: simple("datetime"),
    email: simple("email", { length: 80 }),
    phone: simple("phone", { length: 40 }),
    url: simple("url", { length: 255 }),
    base64: (name: string, label: string, source: Source<R>, clean: (value: string) => string) =>
      field(name, label, "base64", source, {}, { clean }),
    any: simple("anyType", { length: 255 }),
    picklist: (
      name: string,
      label: string,
      values: readonly string[],
      source: Source<R>,
      options: FieldOptions & { readonly restricted?: boolean; readonly multi?: boolean } = {},
    ) =>
      field(name, label, options.multi ? "multipicklist" : "picklist", source, options, {
        length: options.multi ? 4099 : 255,
        picklist: values,
        restricted: options.restricted ?? false,
      }),
    reference: (
      name: string,
      label: string,
      to: string | readonly string[],
      source: Source<R>,
      options: FieldOptions & {
        readonly as?: string;
        readonly children?: Readonly<Record<string, string>>;
      } = {},
    ) =>
      field(name, label, "reference", source, options, {
        length: 18,
        referenceTo: typeof to === "string" ? [to] : to,
        relationshipName: options.as ?? name.replace(/Id$/, ""),
        children: options.children ?? {},
      }),
  };
};

const binding = <R extends object>(
  name: string,
  source: Source<R>,
  rowId: (row: R) => string,
): Pick<Field<R>, "read" | "write"> => {
  if (typeof source === "string")
    return {
      read: (row) => (row[source] ?? null) as Value,
      write: (row, value, world) => {
        const before = row[source];
        world.undoable(() => {
          row[source] = before;
        });
        row[source] = value as R[keyof R & string];
      },
    };
  if (typeof source === "function") return { read: source, write: () => {} };
  return {
    read: (row, world) => {
      const kept = world.extra(rowId(row), name);
      return kept === undefined ? source.initial(row, world) : kept;
    },
    write: (row, value, world) => world.setExtra(rowId(row), name, value),
  };
};
