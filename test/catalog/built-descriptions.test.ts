/** The descriptions that a built hub starts with are those it would make. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeTool } from "../../src/catalog/describe.ts";
import type { AnyConnector } from "../../src/connector/any.ts";
import { ROOT } from "../kit/hub.ts";

test.each(readdirSync(new URL("connectors/", ROOT)))("%s is described as it was built", async (name) => {
  const source = new URL(`connectors/${name}/connector.ts`, ROOT);
  const { tools } = ((await import(source.href)) as { default: AnyConnector }).default;
  const made = Object.fromEntries(tools.map((tool) => [tool.name, describeTool(tool)]));
  const built = readFileSync(new URL(`dist/connectors/${name}/descriptions.json`, ROOT), "utf8");
  expect(JSON.parse(built)).toEqual(made);
});
