import { z } from "zod";

/** A table in the output of the hub's own tools: rows that are held, by their cursor ({@link HeldReference}). */
export const heldRows = z
  .object({ cursor: z.string(), fields: z.array(z.string()).optional(), page: z.int().optional() })
  .meta({ table: true });
