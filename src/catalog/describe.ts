/** What tools/list says about a tool: derived from its definition, so that nothing is said twice. */
import { z } from "zod";
import type { AnyTool } from "../connector/any.ts";
import { tableIn } from "./tables.ts";

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

/** The argument every vendor-touching tool has, whatever its author declared. */
export const DRY_RUN = "dry_run";

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
  const properties = {
    ...(schema.properties as JsonObject),
    ...(tool.plan && { [DRY_RUN]: { type: "boolean", description: "Show the requests, send nothing." } }),
  };
  return { ...schema, type: "object", properties, additionalProperties: false };
};

/**
 * Nothing is required and nothing more is forbidden: a dry run, a partial answer and an error use the
 * same envelope. Tables are described as they travel.
 */
const outputSchema = (tool: AnyTool): ToolDescription["outputSchema"] => {
  const fields = Object.entries(tool.output.shape as Record<string, z.ZodType>);
  const properties = Object.fromEntries(
    fields.map(([key, field]) => [key, tableSchema(field) ?? plainSchema(field)]),
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

/** A table as it travels, from its columns' names alone: their types are the values' own business. */
const tableSchema = (field: z.ZodType): JsonObject | undefined => {
  const table = tableIn(field);
  if (!table) return undefined;
  const row = (table as z.ZodObject<{ rows: z.ZodArray<z.ZodType & { shape?: object }> }>).shape.rows.element;
  const columns = Object.keys(row.shape ?? {});
  const said = [
    field.description,
    columns.length > 0 && `Columns: ${columns.join(", ")}; empty ones left out.`,
  ];
  const description = said.filter(Boolean).join(" ");
  return {
    type: "object",
    ...(description && { description }),
    properties: {
      columns: { type: "array", items: { type: "string" } },
      rows: { type: "array", items: { type: "array" } },
      returned: { type: "integer" },
      total: { type: "integer" },
      truncated: { type: "boolean" },
      cursor: { type: "string" },
    },
  };
};
