// Bundles, then writes down what tools/list says about the tools that ship, so that no start has to make it again.
import { readdirSync, writeFileSync } from "node:fs";
import { build } from "rolldown";
import bundles from "../rolldown.config.ts";

await build(bundles);

const dist = new URL("../dist/", import.meta.url);
const { describeTool } = await import(new URL("src/catalog/describe.js", dist).href);
for (const name of readdirSync(new URL("connectors/", dist))) {
  const folder = new URL(`connectors/${name}/`, dist);
  const { default: connector } = await import(new URL("connector.js", folder).href);
  const described = connector.tools.map((tool) => [tool.name, describeTool(tool)]);
  writeFileSync(new URL("descriptions.json", folder), JSON.stringify(Object.fromEntries(described)));
}
