/** Writes docs/tokens.json, what each tool costs in tokens: `npm run tokens`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureTokens, TOKENS_FILE } from "../test/kit/token-costs.ts";

const home = mkdtempSync(join(tmpdir(), "revops-hub-tokens-"));
let end = async () => {};
try {
  const costs = await measureTokens({ home, atEnd: (stop) => (end = stop) });
  const lines = Object.entries(costs).map(
    ([tool, { definition, answer }]) => `  "${tool}": { "definition": ${definition}, "answer": ${answer} }`,
  );
  writeFileSync(TOKENS_FILE, `{\n${lines.join(",\n")}\n}\n`);
} finally {
  await end();
  rmSync(home, { recursive: true, force: true });
}
