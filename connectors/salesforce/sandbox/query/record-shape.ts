/** The shape of one returned record: its fields, the parents they came through, lists of children. */
import { attributesOf, toJson } from "../records.ts";
import type { Value } from "../schema/row.ts";
import type { SObject } from "../schema/sobject.ts";
import { type QueryContext, reject } from "./context.ts";
import { type Hop, parentOf } from "./path.ts";
import type { Scalar } from "./scalar.ts";

/** Keys in the order they were first selected. */
export interface RecordShape {
  /** A field, nested under the relationships it was reached through. */
  add(scalar: Scalar, alias: string | undefined): void;
  addKey(key: string, render: (row: object) => unknown): void;
  render(object: SObject, id: string, row: object): object;
}

interface Entry {
  readonly key: string;
  render(root: object, at: object, recordUrl: string): unknown;
}

interface Level {
  readonly entries: Entry[];
  readonly parents: Map<string, Level>;
}

const newLevel = (): Level => ({ entries: [], parents: new Map() });

export const recordShape = (context: QueryContext): RecordShape => {
  const root = newLevel();
  const selected = new Set<string>();
  let unnamed = 0;

  const claim = (name: string) => {
    if (selected.has(name.toLowerCase())) throw reject("INVALID_FIELD", `duplicate field selected: ${name}`);
    selected.add(name.toLowerCase());
  };
  const add: RecordShape["add"] = (scalar, alias) => {
    const own = alias ?? scalar.name ?? `expr${unnamed++}`;
    const nested = alias === undefined && scalar.name !== undefined;
    claim(nested ? scalar.path.name : own);
    const level = nested ? levelOf(context, root, scalar.path.hops) : root;
    level.entries.push({ key: own, render: (row, _at, url) => json(scalar, scalar.read(row), url) });
  };
  return {
    add,
    addKey: (key, render) => {
      claim(key);
      root.entries.push({ key, render });
    },
    render: (object, id, row) => fill(root, attributesOf(object, id, context.version), row, row),
  };
};

const levelOf = (context: QueryContext, root: Level, hops: readonly Hop[]): Level => {
  let level = root;
  for (const hop of hops) {
    const key = hop.reference.relationshipName!;
    const known = level.parents.get(key);
    const next = known ?? newLevel();
    if (!known) {
      level.parents.set(key, next);
      level.entries.push({ key, render: (row, at) => renderParent(context, next, hop, row, at) });
    }
    level = next;
  }
  return level;
};

const renderParent = (
  context: QueryContext,
  level: Level,
  hop: Hop,
  root: object,
  at: object,
): object | null => {
  const parent = parentOf(context, hop, at);
  if (!parent) return null;
  const attributes = attributesOf(parent.object, parent.id, context.version);
  // Behind a polymorphic relationship stands the Name object.
  return fill(level, hop.to ? attributes : { ...attributes, type: "Name" }, root, parent.row);
};

const fill = (level: Level, attributes: { readonly url: string }, root: object, at: object): object => {
  const record: Record<string, unknown> = { attributes };
  for (const { key, render } of level.entries) record[key] = render(root, at, attributes.url);
  return record;
};

const json = ({ type, path }: Scalar, value: Value, recordUrl: string): Value =>
  type === path.field.type ? toJson(path.field, value, recordUrl) : value;
