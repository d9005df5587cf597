/** Writes config/hub.schema.json: `npm run schema`. */
import { readdirSync, writeFileSync } from "node:fs";
import { configJsonSchema } from "../src/config/json-schema.ts";
import type { AnyConnector } from "../src/connector/any.ts";
import { importConnector } from "../src/connector/load.ts";

const root = new URL("../", import.meta.url);
const shipped = new URL("connectors/", root);
const connectors: AnyConnector[] = [];
for (const name of readdirSync(shipped).sort())
  connectors.push(await importConnector(name, { shipped, base: root }));

writeFileSync(
  new URL("config/hub.schema.json", root),
  `${JSON.stringify(configJsonSchema(connectors), null, 2)}\n`,
);
