const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The object a body holds, or undefined if it holds anything else. */
export const jsonObject = (text: string): Record<string, unknown> | undefined => {
  const value = parsed(text);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
};

/** The list a body holds, or undefined if it holds anything else. */
export const jsonList = (text: string): readonly unknown[] | undefined => {
  const value = parsed(text);
  return Array.isArray(value) ? value : undefined;
};
