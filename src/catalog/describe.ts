/** What tools/list says about a tool: derived from its definition, so that nothing is said twice. */
import { z } from "zod";
import type { AnyTool } from "../connector/any.ts";
import { hostArguments, hostArgumentsOf } from "./host-arguments.ts";
import { tableIn, tablesOf } from "./tables.ts";

export interface ToolDescription {
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject & { readonly type: "object" };
  readonly outputSchema: JsonObject & { readonly type: "object" };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

type JsonObject = Record<string, unknown>;

const described = new WeakMap<AnyTool, ToolDescription>();

/** Made once per tool. Throws when a schema has no JSON form. */
export const describeTool = (tool: AnyTool): ToolDescription => {
  let description = described.get(tool);
  if (!description) {
    description = describe(tool);
    described.set(tool, description);
  }
  return description;
};

/** Takes descriptions that were made when these tools were built, and are what would be made now. */
export const rememberDescriptions = (
  tools: readonly AnyTool[],
  made: Readonly<Record<string, ToolDescription>>,
): void => {
  for (const tool of tools) {
    const description = made[tool.name];
    if (description) described.set(tool, description);
  }
};

const describe = (tool: AnyTool): ToolDescription => ({
  title: tool.title,
  description: tool.description,
  inputSchema: inputSchema(tool),
  outputSchema: outputSchema(tool),
  annotations: {
    readOnlyHint: tool.effect === "read",
    // A write here corrects a field and keeps the old value; it never deletes.
    destructiveHint: tool.effect === "write",
    idempotentHint: tool.effect === "read",
    openWorldHint: tool.plan !== undefined,
  },
});

const inputSchema = (tool: AnyTool): ToolDescription["inputSchema"] => {
  const { $schema: _, ...schema } = z.toJSONSchema(tool.input, { io: "input", override: trim }) as JsonObject;
  const ofHost = Object.fromEntries(hostArgumentsOf(tool).map((name) => [name, hostSchemas()[name]]));
  const properties = { ...(schema.properties as JsonObject), ...ofHost };
  return { ...schema, type: "object", properties, additionalProperties: false };
};

/** The same for every tool, made when the first one is described. */
const hostSchemas = (): JsonObject => {
  madeHostSchemas ??= (z.toJSONSchema(hostArguments, { io: "input" }) as JsonObject).properties as JsonObject;
  return madeHostSchemas;
};

let madeHostSchemas: JsonObject | undefined;

/**
 * Nothing is required and nothing more is forbidden: a dry run, a partial answer and an error use the
 * same envelope.
 */
const outputSchema = (tool: AnyTool): ToolDescription["outputSchema"] => {
  const tables = new Map(tablesOf(tool).map(({ key, columns }) => [key, columns]));
  const fields = Object.entries(tool.output.shape as Record<string, z.ZodType>);
  const properties = Object.fromEntries(
    fields.map(([key, field]) => [
      key,
      tables.has(key) ? tableSchema(field, tables.get(key)) : plainSchema(field),
    ]),
  );
  return { type: "object", properties: { ...properties, ...ENVELOPE } };
};

const ENVELOPE = {
  sources: { type: "array", items: { type: "object" } },
  notices: { type: "array", items: { type: "string" } },
};

type Override = { zodSchema: z.core.$ZodTypes; jsonSchema: JsonObject };

/** Bounds that zod states and no model needs. */
const trim = ({ jsonSchema }: Override): void => {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  // Of a record: that its keys are strings.
  delete jsonSchema.propertyNames;
};

const plainSchema = (field: z.ZodType): JsonObject => {
  const { $schema: _, ...schema } = z.toJSONSchema(field, {
    io: "output",
    unrepresentable: "any",
    override: loosen,
  }) as JsonObject;
  return schema;
};

const loosen = (context: Override): void => {
  trim(context);
  delete context.jsonSchema.additionalProperties;
  delete context.jsonSchema.required;
};

/**
 * A table as it travels. Its form is said once, in the server's instructions, and not again for each of
 * some thirty tables; the types of its columns are the values' own business.
 */
const tableSchema = (field: z.ZodType, columns: readonly string[] | undefined): JsonObject => {
  const said = [
    field.description ?? tableIn(field)?.description,
    columns && `Columns: ${columns.join(", ")}.`,
  ];
  const description = said.filter(Boolean).join(" ");
  return { type: "object", ...(description && { description }) };
};
