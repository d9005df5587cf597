import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DESK, temporaryFolder } from "../kit/hub.ts";
import { run } from "../kit/process.ts";
import { committedCosts } from "../kit/token-costs.ts";

const configFile = (config: object) => {
  const path = join(temporaryFolder(), "hub.json");
  writeFileSync(path, JSON.stringify(config));
  return path;
};

test("the catalogue says what each tool costs and to which sets it belongs, and what the sets cost together", async () => {
  const { stdout } = await run(["tools", "--sandbox"]);
  const { definition, answer } = committedCosts().clari_get_forecast!;
  expect(stdout).toMatch(/^Tool +Effect +Toolsets +Definition +Answer +What it answers\n/);
  expect(stdout).toMatch(
    new RegExp(
      `^clari_get_forecast +read +forecast-call +${definition} +${answer.toLocaleString("en-US")} +What`,
      "m",
    ),
  );
  expect(stdout).toMatch(/^salesforce_update_field +write +hygiene /m);
  expect(stdout).toMatch(/^hub_status +read +all /m);
  const costs = committedCosts();
  const sum = Object.values(costs).reduce((tokens, cost) => tokens + cost.definition, 0);
  expect(stdout).toContain(
    `${Object.keys(costs).length} tools: definitions of ${sum.toLocaleString("en-US")} tokens; of each toolset: admin `,
  );
});

test("of the configured sets only; --json has the descriptions, the sets and the cost", async () => {
  const config = configFile({ connectors: { clari: {}, salesforce: {}, revops: {} }, toolsets: ["admin"] });
  const tools = JSON.parse((await run(["tools", "--sandbox", "--json", "--config", config])).stdout);
  const names = tools.map(({ name }: { name: string }) => name);
  expect(names).toContain("clari_get_admin_limits");
  expect(names).not.toContain("clari_get_forecast");
  expect(tools.find(({ name }: { name: string }) => name === "salesforce_query")).toMatchObject({
    title: "Query Salesforce",
    inputSchema: { type: "object" },
    toolsets: ["admin", "hygiene"],
    cost: committedCosts().salesforce_query,
  });
  const { stdout } = await run(["tools", "--sandbox", "--config", config]);
  expect(stdout).toMatch(/tokens; of each toolset: admin [\d,]+\. /);
});

test("a prefix costs nothing but its letters: the measured numbers stand", async () => {
  const config = configFile({ connectors: { clari: { prefix: "" } } });
  const tools = JSON.parse((await run(["tools", "--sandbox", "--json", "--config", config])).stdout);
  expect(tools.find(({ name }: { name: string }) => name === "get_forecast").cost).toEqual(
    committedCosts().clari_get_forecast,
  );
});

test("of other people's tools there is an estimate, and the sum is one", async () => {
  const config = configFile({ connectors: { desk: { from: DESK } } });
  const { stdout } = await run(["tools", "--config", config]);
  expect(stdout).toMatch(/^desk_echo +read +~\d\d+ +Gives back/m);
  expect(stdout).toMatch(/7 tools: definitions of ~[\d,]{3,} tokens\./);
  const tools = JSON.parse((await run(["tools", "--json", "--config", config])).stdout);
  const { cost } = tools.find(({ name }: { name: string }) => name === "desk_echo");
  expect(cost).toEqual({ definition: expect.any(Number), answer: null, estimated: true });
  // Between what three and four characters a token would give.
  const { toolsets: _, cost: __, ...description } = tools[0];
  const characters = JSON.stringify(description).length;
  expect(cost.definition).toBeGreaterThan(characters / 6);
  expect(cost.definition).toBeLessThan(characters / 2);
});
