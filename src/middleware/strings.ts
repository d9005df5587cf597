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
  const copy: Record<PropertyKey, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  let changed = false;
  for (const [key, member] of Object.entries(value)) {
    const mapped = mapAny(member, replace);
    if (mapped === member) continue;
    (copy as Record<string, unknown>)[key] = mapped;
    changed = true;
  }
  return changed ? copy : value;
};
