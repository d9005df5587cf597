/** Walks over plain JSON values. */

export const everyString = (value: unknown, visit: (text: string) => void): void => {
  if (typeof value === "string") visit(value);
  else if (Array.isArray(value)) for (const item of value) everyString(item, visit);
  else if (typeof value === "object" && value !== null)
    for (const member of Object.values(value)) everyString(member, visit);
};

/** The same value with every string replaced; keys stay. What did not change is not copied. */
export const mapStrings = <T>(value: T, replace: (text: string) => string): T => mapAny(value, replace) as T;

const mapAny = (value: unknown, replace: (text: string) => string): unknown => {
  if (typeof value === "string") return replace(value);
  if (typeof value !== "object" || value === null) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    const mapped = mapAny(member, replace);
    if (mapped === member) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    copy[key] = mapped;
  }
  return copy ?? value;
};

/** The same replacement, thought about once for each text: columns of a table repeat their values. */
export const remembered = (replace: (text: string) => string): ((text: string) => string) => {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const after = replace(text);
    known.set(text, after);
    return after;
  };
};
