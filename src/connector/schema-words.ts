/** What schemas of connectors are made of beside zod: secrets by reference, and rows that travel as columns. */
import { z } from "zod";

/** A config field that names a secret and never holds one. */
export const secretRef = (description: string) =>
  z
    .string()
    .regex(
      /^(env|file|keychain|cmd):.+/,
      "a secret is given by reference: env:NAME, file:PATH, keychain:NAME or cmd:PROGRAM ARGS",
    )
    .describe(`${description} By reference: env:NAME, file:PATH, keychain:NAME or cmd:PROGRAM ARGS.`);

const PLACE = { total: z.int(), from: z.int().optional(), page: z.int().optional() };

/**
 * Rows of an answer. A handler returns records; what travels is `{ columns, rows, returned, total,
 * truncated }` with empty columns dropped and what all rows share lifted into `shared`, because what is
 * repeated costs more than the data.
 * `total` counts all rows that exist, also those not returned; `from` is the place of the first row
 * among them, for a later page. `page`: no more in this answer; the others are held for `hub_get_more`.
 */
export const table = <S extends z.core.$ZodLooseShape>(columns: S) =>
  z.object({ rows: z.array(z.object(columns)), ...PLACE }).meta({ table: true });

/** A {@link table} whose columns are known only at run time, such as a query's. */
export const openTable = () => z.object({ rows: z.array(openRow), ...PLACE }).meta({ table: true });

/** Checked and not copied: there may be thousands. */
const openRow = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "an object",
);
