/** The JSON Schema of the config file, for editors: the hub's part and that of the connectors that ship. */
import { z } from "zod";
import { connectorEntry, hubConfig } from "./schema.ts";

interface Configurable {
  readonly name: string;
  readonly title: string;
  readonly config: z.ZodType;
}

export const configJsonSchema = (connectors: readonly Configurable[]): object => {
  const known = connectors.map(({ name, title, config }) => {
    const own = config.describe(
      `${title}'s own settings. Left out: what its environment variables describe.`,
    );
    return [name, connectorEntry.extend({ config: own.optional() }).describe(title).optional()] as const;
  });
  // A connector by another name may come by path or package; its settings are its own affair.
  const entries = z.object(Object.fromEntries(known)).catchall(connectorEntry);
  const whole = hubConfig.extend({ connectors: entries.describe("The systems, by name.") });
  return {
    title: "revops-hub configuration",
    ...z.toJSONSchema(whole, { io: "input", unrepresentable: "any" }),
  };
};
