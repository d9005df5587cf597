import type { CatalogTool } from "../catalog/catalog.ts";
import { ALL, isInToolsets, toolsetsOf } from "../catalog/toolsets.ts";
import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { amount, bold, dim, table } from "./terminal.ts";
import { createTokenCosts, type TokenCost } from "./token-costs.ts";

interface Offered extends CatalogTool {
  readonly cost: TokenCost;
  readonly toolsets: readonly string[];
}

const tools: Run = async (context) => {
  const { hub, loaded, close } = await openHub(context);
  const costOf = createTokenCosts();
  const entries = hub.tools();
  const sets = toolsetsOf(entries).filter((set) => set !== ALL);
  const offered = entries.map(
    (entry): Offered => ({
      ...entry,
      cost: costOf(entry),
      toolsets: sets.filter((set) => isInToolsets(entry, [set])),
    }),
  );
  process.stdout.write(
    context.json
      ? `${JSON.stringify(offered.map(({ description, toolsets, cost }) => ({ ...description, toolsets, cost })))}\n`
      : `${catalogue(offered, sets)}\n${sums(
          offered,
          sets.filter((set) => isComplete(set, loaded.config.toolsets)),
        )}\n`,
  );
  await close();
  return 0;
};

/** Of any other set only those tools are offered that another one has too: their sum would mislead. */
const isComplete = (set: string, configured: readonly string[]): boolean =>
  configured.includes(ALL) || configured.includes(set);

const catalogue = (offered: readonly Offered[], sets: readonly string[]): string =>
  table(
    ["Tool", "Effect", "Toolsets", "Definition", "Answer", "What it answers"],
    offered.map(({ name, tool, toolsets, cost }) => [
      bold(name),
      tool.effect,
      toolsets.length > 1 && toolsets.length === sets.length ? ALL : toolsets.join(", "),
      definitionCost([{ cost }]),
      cost.answer === null ? "" : amount(cost.answer),
      tool.description.split(/(?<=\.)\s/)[0] ?? "",
    ]),
  );

/** Every conversation pays for the definitions; an answer is paid for when it is asked for. */
const sums = (offered: readonly Offered[], sets: readonly string[]): string => {
  const ofSet = (set: string) =>
    `${set} ${definitionCost(offered.filter(({ toolsets }) => toolsets.includes(set)))}`;
  const all = `${offered.length} tools: definitions of ${bold(definitionCost(offered))} tokens`;
  return `${all}${sets.length > 0 ? `; of each toolset: ${sets.map(ofSet).join(", ")}` : ""}. ${dim("Answer: tokens of a typical one. ~: an estimate.")}`;
};

const definitionCost = (offered: readonly Pick<Offered, "cost">[]): string => {
  const isEstimate = offered.some(({ cost }) => cost.estimated);
  return `${isEstimate ? "~" : ""}${amount(offered.reduce((sum, { cost }) => sum + cost.definition, 0))}`;
};

export default tools;
