/**
 * The sandbox's state: the shared company, seen live, and what only Salesforce keeps beside it.
 * Every write registers how to undo it, so that a composite can be rolled back and a reset can
 * give the company back as it was made.
 */

import type { SandboxClock } from "#sandbox/clock.ts";
import type { Company } from "#sandbox/company/types.ts";
import { makeId } from "./ids.ts";
import type { StoredRow, Value } from "./schema/row.ts";

export interface World {
  readonly company: Company;
  now(): number;
  /** A value kept beside the company's record; undefined until written. */
  extra(id: string, field: string): Value | undefined;
  /** `undefined` goes back to the initial value. */
  setExtra(id: string, field: string, value: Value | undefined): void;
  /** Rows of an object that only Salesforce has. */
  stored(object: string): StoredRow[];
  newId(keyPrefix: string): string;
  push<T>(list: T[], item: T): void;
  assign<T extends object>(target: T, changes: Partial<T>): void;
  undoable(undo: () => void): void;
  /** A computation over many rows, kept until {@link World.forget}. */
  derive<T>(key: string, compute: () => T): T;
  forget(): void;
  /** Marks a point to which {@link World.rollBack} can return. */
  mark(): number;
  rollBack(mark: number): void;
}

export const openWorld = (company: Company, clock: SandboxClock): World => {
  const extras = new Map<string, Map<string, Value>>();
  const tables = new Map<string, StoredRow[]>();
  const derived = new Map<string, unknown>();
  const undo: (() => void)[] = [];
  let created = 0;

  const world: World = {
    company,
    now: () => clock.now(),
    extra: (id, field) => extras.get(id)?.get(field),
    setExtra: (id, field, value) => {
      const values = extras.get(id) ?? new Map<string, Value>();
      extras.set(id, values);
      const before = values.get(field);
      const put = (now: Value | undefined) =>
        now === undefined ? values.delete(field) : values.set(field, now);
      world.undoable(() => put(before));
      put(value);
    },
    stored: (object) => {
      const rows = tables.get(object) ?? [];
      tables.set(object, rows);
      return rows;
    },
    newId: (keyPrefix) => {
      created += 1;
      return makeId(keyPrefix, created);
    },
    push: (list, item) => {
      list.push(item);
      world.undoable(() => list.splice(list.indexOf(item), 1));
    },
    assign: (target, changes) => {
      const before = { ...target };
      Object.assign(target, changes);
      world.undoable(() => Object.assign(target, before));
    },
    undoable: (step) => {
      derived.clear();
      undo.push(step);
    },
    derive: (key, compute) => {
      if (!derived.has(key)) derived.set(key, compute());
      return derived.get(key) as ReturnType<typeof compute>;
    },
    forget: () => derived.clear(),
    mark: () => undo.length,
    rollBack: (mark) => {
      for (const step of undo.splice(mark).reverse()) step();
      derived.clear();
    },
  };
  return world;
};
