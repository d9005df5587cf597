/** What tools cost a conversation, in tokens: as measured when the hub was built, or an estimate. */
import { readFileSync } from "node:fs";
import type { CatalogTool } from "../catalog/catalog.ts";
import { packageRoot } from "../places.ts";

export interface TokenCost {
  readonly definition: number;
  /** Of a typical answer; null where nobody has measured one. */
  readonly answer: number | null;
  readonly estimated?: true;
}

/** English and JSON, mixed, in o200k. */
const CHARACTERS_A_TOKEN = 3.5;

export const createTokenCosts = (): ((entry: CatalogTool) => TokenCost) => {
  const measured = readMeasured();
  return ({ connector, tool, description }) => {
    const known = isOurs(connector) ? measured[tool.name] : undefined;
    return known ?? { ...estimateOf(description), estimated: true };
  };
};

/** Without what hosts keep to themselves. */
const estimateOf = ({ _meta, ...description }: CatalogTool["description"]) => ({
  definition: Math.round(JSON.stringify(description).length / CHARACTERS_A_TOKEN),
  answer: null,
});

/** Somebody else's connector may have the name of one of ours. */
const isOurs = ({ name, entry }: CatalogTool["connector"]): boolean => (entry.from ?? name) === name;

const readMeasured = (): Readonly<Record<string, TokenCost>> => {
  try {
    return JSON.parse(readFileSync(new URL("docs/tokens.json", packageRoot), "utf8"));
  } catch {
    // Numbers for orientation: without the file they are estimates.
    return {};
  }
};
