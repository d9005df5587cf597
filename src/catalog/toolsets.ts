/** Named parts of the catalogue, for whoever should see, and pay for, less than all of it. */
import type { HubConfig } from "../config/schema.ts";
import type { AnyTool } from "../connector/any.ts";
import type { Principal } from "../connector/contract.ts";
import { HubError } from "../errors.ts";

/** Every tool, whatever its author says. */
export const ALL = "all";

interface Placed {
  readonly connector: { readonly name: string };
  readonly tool: AnyTool;
}

/**
 * The hub's own tools are in every set: without them no answer could be paged. So is what is never listed:
 * it costs a client nothing, and what is listed may need it.
 */
export const isInToolsets = ({ connector, tool }: Placed, sets: readonly string[]): boolean =>
  sets.includes(ALL) ||
  connector.name === "hub" ||
  tool.unlisted === true ||
  (tool.toolsets ?? []).some((set) => sets.includes(set));

/** The sets that these tools name, in the order of names, and `all`. */
export const toolsetsOf = (tools: readonly { readonly tool: AnyTool }[]): readonly string[] => [
  ...[...new Set(tools.flatMap(({ tool }) => tool.toolsets ?? []))].sort(),
  ALL,
];

/** Why the sets of the hub, or of this principal, keep the tool from being offered; undefined if they do not. */
export const refuseOutside = (
  placed: Placed,
  principal: Principal,
  config: HubConfig,
): HubError | undefined => {
  const own = config.principals[principal.id]?.toolsets;
  const [sets, setting] = isInToolsets(placed, config.toolsets)
    ? [own ?? [ALL], `principals.${principal.id}.toolsets`]
    : [config.toolsets, "toolsets"];
  if (isInToolsets(placed, sets)) return undefined;
  return new HubError("forbidden", `The tool is in none of the toolsets offered here: ${sets.join(", ")}.`, {
    hint: `To have it, whoever runs the hub adds ${toolsetsOf([placed]).join(" or ")} to "${setting}" in its config.`,
  });
};

/** What narrows this principal's catalogue; undefined when nothing does. */
export const narrowedTo = (
  { id }: Principal,
  { toolsets, principals }: HubConfig,
): readonly string[] | undefined =>
  [principals[id]?.toolsets, toolsets].find((sets) => sets && !sets.includes(ALL));

/** Throws `config` when the configuration names a set that no tool names. */
export const checkToolsets = (
  tools: readonly Placed[],
  supervised: readonly { readonly connector: unknown }[],
  { toolsets, principals }: HubConfig,
): void => {
  // A connector that could not be loaded may be the one that has it, and must not stop the others.
  if (supervised.some(({ connector }) => !connector)) return;
  const known = toolsetsOf(tools);
  const settings = [
    ["toolsets", toolsets] as const,
    ...Object.entries(principals).map(
      ([id, rights]) => [`principals.${id}.toolsets`, rights.toolsets] as const,
    ),
  ];
  for (const [setting, named = []] of settings)
    for (const name of named)
      if (!known.includes(name))
        throw new HubError("config", `${setting}: there is no toolset "${name}".`, {
          hint: `There are ${known.join(", ")}.`,
        });
};
