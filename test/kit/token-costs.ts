/**
 * What each tool costs in tokens: its definition as tools/list sends it, and a typical answer. Over the
 * sandboxes with a clock that stands, so that the same code costs the same every time.
 */
import { readdirSync, readFileSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { ROOT, type StartOptions, startHub } from "./hub.ts";
import { type Earlier, TYPICAL_CALLS } from "./typical-calls.ts";

export interface TokenCost {
  readonly definition: number;
  readonly answer: number;
}

export type TokenCosts = Readonly<Record<string, TokenCost>>;

/** What is committed; `npm run tokens` writes it. */
export const TOKENS_FILE = new URL("docs/tokens.json", ROOT);

export const committedCosts = (): TokenCosts => JSON.parse(readFileSync(TOKENS_FILE, "utf8"));

/** Of every connector that ships. Throws when a tool has no typical call, or its typical call fails. */
export const measureTokens = async (options: StartOptions = {}): Promise<TokenCosts> => {
  const hub = await startHub({ connectors: readdirSync(new URL("connectors/", ROOT)), ...options });
  const { tools } = await hub.client.listTools();
  // Hosts read `_meta` (a tool's view, for one) and do not show it to the model.
  const definitions = new Map(tools.map(({ _meta, ...tool }) => [tool.name, tokensOf(JSON.stringify(tool))]));
  const call = async (tool: string, input: Record<string, unknown>) => {
    const { content, structuredContent, isError } = await hub.client.callTool({
      name: tool,
      arguments: input,
    });
    if (isError) throw new Error(`${tool} ${JSON.stringify(input)}: ${JSON.stringify(structuredContent)}`);
    return { content, answer: structuredContent as Earlier };
  };

  const earlier: Record<string, Earlier> = {};
  const costs: Record<string, TokenCost> = {};
  for (const { tool, before, input } of TYPICAL_CALLS) {
    const definition = definitions.get(tool);
    if (definition === undefined) throw new Error(`There is a typical call of ${tool}, but no such tool.`);
    if (before) earlier.before = (await call(before.tool, before.input)).answer;
    const { content, answer } = await call(tool, input(hub.company, earlier));
    earlier[tool] = answer;
    costs[tool] = { definition, answer: content.reduce((sum, part) => sum + tokensOf(settled(part)), 0) };
  }
  const without = [...definitions.keys()].filter((tool) => !costs[tool]);
  if (without.length > 0)
    throw new Error(`${without.join(", ")}: give each a typical call in test/kit/typical-calls.ts.`);
  return Object.fromEntries(Object.entries(costs).sort(([a], [b]) => (a < b ? -1 : 1)));
};

type Part = { readonly type: string; readonly text?: string };

/** What differs from run to run, and the like of it that stands for it. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:40123"],
  [/(?<=⟦)[0-9a-f]{6}\b|\b[0-9a-f]{6}(?=⟧)/g, "10cebf"],
  [/(?<="hubId":")\w+/g, "8ee9189610880c03"],
  [/(?<="cursor":"|\/rows\/)[\w-]{22}/g, "mW3tqZ1x0Jr8cVnLb5Ks7g"],
];

const settled = (part: Part): string =>
  CHANCE.reduce(
    (text, [what, like]) => text.replace(what, like),
    part.type === "text" ? part.text! : JSON.stringify(part),
  );

const tokensOf = (text: string): number => encode(text).length;
