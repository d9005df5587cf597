/** Allow and deny lists of tool names, by name and by glob. Deny wins. */
export interface NameFilter {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

export const matcher = ({ allow, deny }: NameFilter): ((name: string) => boolean) => {
  const allowed = allow && anyOf(allow);
  const denied = deny && anyOf(deny);
  return (name) => (allowed?.(name) ?? true) && !denied?.(name);
};

const anyOf = (patterns: readonly string[]) => {
  const expressions = patterns.map(
    (pattern) => new RegExp(`^${pattern.split("*").map(escapeText).join(".*")}$`),
  );
  return (name: string) => expressions.some((expression) => expression.test(name));
};

const escapeText = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
