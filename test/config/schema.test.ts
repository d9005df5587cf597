import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configJsonSchema } from "../../src/config/json-schema.ts";
import { hubConfig } from "../../src/config/schema.ts";
import { importConnector } from "../../src/connector/load.ts";
import { ROOT } from "../kit/hub.ts";

const read = (path: string) => JSON.parse(readFileSync(new URL(path, ROOT), "utf8"));

test("config/hub.schema.json is current (npm run schema)", async () => {
  const shipped = new URL("connectors/", ROOT);
  const names = readdirSync(shipped).sort();
  const connectors = await Promise.all(names.map((name) => importConnector(name, { shipped, base: ROOT })));
  expect(read("config/hub.schema.json")).toEqual(JSON.parse(JSON.stringify(configJsonSchema(connectors))));
});

test.each(["config/hub.json", "config/hub.sandbox.json"])(
  "%s is valid and names every connector that ships",
  (path) => {
    const { connectors } = hubConfig.parse(read(path));
    expect(Object.keys(connectors).sort()).toEqual(readdirSync(new URL("connectors/", ROOT)).sort());
  },
);

test("every setting is described for whoever edits the file", () => {
  const undescribed: string[] = [];
  const walk = (node: Record<string, unknown>, path: string) => {
    for (const [name, member] of Object.entries(
      (node.properties ?? {}) as Record<string, Record<string, unknown>>,
    )) {
      const here = `${path}.${name}`;
      const isGroup =
        member.properties !== undefined || member.anyOf !== undefined || member.oneOf !== undefined;
      if (!member.description && !isGroup && name !== "$schema") undescribed.push(here);
      walk(member, here);
    }
  };
  walk(read("config/hub.schema.json"), "");
  expect(undescribed).toEqual([]);
});
