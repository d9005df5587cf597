import type { z } from "zod";

/** The table schema in a field of an output, also inside `optional()` and the like; undefined if it is none. */
export const tableIn = (field: z.ZodType): z.ZodType | undefined => {
  if (field.meta()?.table === true) return field;
  const inner = (field as { unwrap?: () => z.ZodType }).unwrap?.();
  return inner && tableIn(inner);
};
