/** Allow and deny lists of tool names, by name and by glob. Deny wins. */
export interface NameFilter {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/**
 * Takes the names a tool has: the one clients see and the one it was declared with. What is denied under
 * either is denied, so a prefix cannot lift a rule.
 */
export const matcher = ({ allow, deny }: NameFilter): ((...names: readonly string[]) => boolean) => {
  const allowed = allow && anyOf(allow);
  const denied = deny && anyOf(deny);
  return (...names) => (!allowed || names.some(allowed)) && !(denied && names.some(denied));
};

/** The patterns that fit none of these names: most likely misspelt. */
export const idle = ({ allow = [], deny = [] }: NameFilter, names: readonly string[]): readonly string[] =>
  [...allow, ...deny].filter((pattern) => !names.some(anyOf([pattern])));

const anyOf = (patterns: readonly string[]) => {
  const expressions = patterns.map(
    (pattern) => new RegExp(`^${pattern.split("*").map(escapeText).join(".*")}$`, "i"),
  );
  return (name: string) => expressions.some((expression) => expression.test(name));
};

const escapeText = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
