/**
 * Which tools exist, under which names, for whom. One predicate decides, for the list and for the call
 * alike, and whatever goes wrong in it means no.
 */

import type { HubConfig } from "../config/schema.ts";
import type { AnyConnector, AnyTool } from "../connector/any.ts";
import type { Principal } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import { HubError } from "../errors.ts";
import { describeTool, type ToolDescription } from "./describe.ts";
import { idle, matcher } from "./pattern.ts";
import { checkToolsets, refuseOutside } from "./toolsets.ts";
import { type View, type ViewMeta, viewMeta, viewOf } from "./views.ts";

export interface CatalogTool {
  /** As clients see it. */
  readonly name: string;
  readonly connector: Supervised & { readonly connector: AnyConnector };
  readonly tool: AnyTool;
  /** What tools/list says about it. */
  readonly description: { readonly name: string } & ToolDescription & Partial<ViewMeta>;
  /** What draws its answers. */
  readonly view: View | undefined;
}

export interface Catalog {
  /** In the order of names, without the unlisted. */
  list(principal: Principal): readonly CatalogTool[];
  /** By the name clients use, also an unlisted one. Throws `unknown_tool`, or the reason why this principal may not. */
  find(name: string, principal: Principal): CatalogTool;
  /** Allow and deny patterns that fit no tool, most likely misspelt. */
  readonly idlePatterns: readonly string[];
  /** Whatever its rights; for the record. */
  get(name: string): CatalogTool | undefined;
  /** By the name its connector gave it, whatever its rights. */
  declared(name: string): CatalogTool | undefined;
  /** Whether {@link find} finds it for this principal. */
  admits(tool: CatalogTool, principal: Principal): boolean;
}

/**
 * Throws `config` when two tools share a name, a tool's text is not fit to be shown to a model, or the
 * configuration names a toolset that there is not.
 */
export const createCatalog = (supervised: readonly Supervised[], config: HubConfig): Catalog => {
  const tools = new Map<string, CatalogTool>();
  for (const one of supervised) {
    for (const tool of one.connector?.tools ?? []) {
      const entry = catalogTool(one as CatalogTool["connector"], tool);
      const twin = tools.get(entry.name);
      if (twin)
        throw new HubError(
          "config",
          `Two tools would be called "${entry.name}": of ${twin.connector.name} and ${one.name}.`,
          {
            hint: `Give one of the two connectors another "prefix".`,
          },
        );
      tools.set(entry.name, entry);
    }
  }
  const sorted = [...tools.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  checkToolsets(sorted, supervised, config);
  const listed = sorted.filter(({ tool }) => !tool.unlisted);
  const admit = createAdmission(config);

  return {
    list: (principal) => listed.filter((entry) => admit(entry, principal) === undefined),
    find(name, principal) {
      const entry = tools.get(name);
      if (!entry) throw new HubError("unknown_tool", undefined, nearest(name, listed));
      const refusal = admit(entry, principal);
      if (refusal) throw refusal;
      return entry;
    },
    get: (name) => tools.get(name),
    declared: (name) => sorted.find(({ tool }) => tool.name === name),
    admits: (entry, principal) => admit(entry, principal) === undefined,
    idlePatterns: idlePatterns(sorted, config),
  };
};

const idlePatterns = (tools: readonly CatalogTool[], config: HubConfig): readonly string[] => {
  const names = (of: (tool: CatalogTool) => boolean) =>
    tools.filter(of).flatMap(({ name, tool }) => [name, tool.name]);
  const everywhere = [config.tools, ...Object.values(config.principals)];
  return [
    ...everywhere.flatMap((filter) =>
      idle(
        filter,
        names(() => true),
      ),
    ),
    ...Object.entries(config.connectors).flatMap(([name, { tools }]) =>
      idle(
        tools,
        names(({ connector }) => connector.name === name),
      ),
    ),
  ];
};

const catalogTool = (connector: CatalogTool["connector"], tool: AnyTool): CatalogTool => {
  const name = shownName(connector, tool);
  if (name.length > LONGEST_NAME)
    throw new HubError("config", `The tool name "${name}" is longer than ${LONGEST_NAME} characters.`, {
      hint: 'Give the connector a shorter "prefix".',
    });
  const view = viewOf(tool, connector);
  const description = { name, ...describeTool(tool), ...(view && viewMeta(view)) };
  return { name, connector, tool, description, view };
};

/** What clients accept. */
const LONGEST_NAME = 64;

const shownName = ({ name, entry: { prefix } }: Supervised, tool: AnyTool): string => {
  if (prefix === undefined) return tool.name;
  const bare = tool.name.slice(name.length + 1);
  return prefix === "" ? bare : `${prefix}_${bare}`;
};

/** Why this principal may not use this tool, or undefined when it may. */
type Admission = (tool: CatalogTool, principal: Principal) => HubError | undefined;

const createAdmission = (config: HubConfig): Admission => {
  const everywhere = matcher(config.tools);
  const ofConnector = new Map(
    Object.entries(config.connectors).map(([name, { tools }]) => [name, matcher(tools)]),
  );
  const ofPrincipal = new Map(Object.entries(config.principals).map(([id, filter]) => [id, matcher(filter)]));

  return ({ name, connector, tool }, principal) => {
    if (tool.effect !== "read") {
      if (config.readOnly) return new HubError("read_only");
      if (connector.entry.readOnly)
        return new HubError("read_only", `${connector.connector.title} is read-only in this hub.`);
      if (config.principals[principal.id]?.readOnly) return new HubError("read_only", "You may only read.");
    }
    const filters = [everywhere, ofConnector.get(connector.name), ofPrincipal.get(principal.id)];
    if (filters.some((admits) => admits && !admits(name, tool.name)))
      return new HubError("forbidden", `The tool ${name} is turned off in this hub.`);
    const outside = refuseOutside({ connector, tool }, principal, config);
    if (outside) return outside;
    if (connector.failure)
      return new HubError(
        "config",
        `${connector.connector.title} did not start: ${connector.failure.message}`,
        {
          hint: connector.failure.hint,
        },
      );
    return undefined;
  };
};

/** A hint that helps a model which half remembers a name. */
const nearest = (name: string, tools: readonly CatalogTool[]): { hint?: string } => {
  const words = new Set(name.toLowerCase().split("_"));
  const common = (other: string) => other.split("_").filter((word) => words.has(word)).length;
  const [best] = [...tools].sort((a, b) => common(b.name) - common(a.name));
  return best && common(best.name) > 1 ? { hint: `Perhaps ${best.name} is meant.` } : {};
};
