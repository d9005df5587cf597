/** The tools as offered, for a person who looks at them: whose they are, what they do, what they take. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Principal } from "../connector/contract.ts";

export interface OfferedTool {
  name: string;
  connector: string;
  effect: "read" | "write";
  title: string;
  description: string;
  /** Names, those that must be given first. */
  arguments: string;
  toolsets: string;
}

/** In the order of names. */
export const offeredTools = (catalog: Catalog, principal: Principal): readonly OfferedTool[] =>
  catalog.list(principal).map(({ name, connector, tool, description }) => ({
    name,
    connector: connector.name,
    effect: tool.effect,
    title: tool.title,
    description: tool.description,
    arguments: argumentsOf(description.inputSchema).join(", "),
    toolsets: (tool.toolsets ?? []).join(", "),
  }));

const argumentsOf = (schema: Record<string, unknown>): readonly string[] => {
  const required = (schema.required ?? []) as readonly string[];
  const all = Object.keys((schema.properties ?? {}) as object);
  return [...required, ...all.filter((name) => !required.includes(name)).map((name) => `${name}?`)];
};
