/** What a cell and a row hold. */

export type Value = string | number | boolean | null;

/** A row of an object that only Salesforce has. */
export interface StoredRow {
  readonly id: string;
  readonly createdAt: number;
  readonly createdById: string;
  modifiedAt: number;
  modifiedById: string;
  [field: string]: Value;
}
