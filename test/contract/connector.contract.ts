/**
 * What every connector must keep, whoever wrote it. A connector's own line in connectors.test.ts gives
 * its name and, for each tool, arguments that make sense in the made-up company.
 */
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import type { Company } from "#sandbox/company/types.ts";
import { importConnector } from "../../src/connector/load.ts";
import { ROOT, startHub, type TestHub } from "../kit/hub.ts";

export interface ConnectorContract {
  readonly name: string;
  /** Connectors whose datasets it needs. */
  readonly needs?: readonly string[];
  readonly samples: Readonly<Record<string, (company: Company) => Record<string, unknown>>>;
  /** The tool whose sample must be called before, for those that need something to have happened. */
  readonly after?: Readonly<Record<string, string>>;
}

const shipped = new URL("connectors/", ROOT);
const VERBS =
  "get|list|search|describe|complete|run|query|update|create|add|undo|review|compare|prepare|find|pipeline|stale|at";

export const connectorContract = async ({
  name,
  needs = [],
  samples,
  after = {},
}: ConnectorContract): Promise<void> => {
  const connector = await importConnector(name, { shipped, base: ROOT });
  const tools = connector.tools.map((tool) => [tool.name, tool] as const);
  // A tool without a plan asks nobody: there is nothing to show beforehand, and nobody to fail it.
  const asking = new Set(connector.tools.filter(({ plan }) => plan).map((tool) => tool.name));
  const folder = new URL(`${name}/`, shipped);
  const sandboxed = existsSync(new URL("sandbox/sandbox.ts", folder)) ? [name] : needs;
  const start = () => startHub({ connectors: [name, ...needs] });

  describe(`the connector ${name}`, () => {
    test("is called like its folder, and has a README", () => {
      expect(connector.name).toBe(name);
      expect(existsSync(new URL("README.md", folder))).toBe(true);
    });

    test("has one file a tool, named after it", () => {
      const files = readdirSync(fileURLToPath(new URL("tools/", folder))).sort();
      const expected = tools.map(([tool]) => `${tool.slice(name.length + 1).replaceAll("_", "-")}.ts`).sort();
      expect(files).toEqual(expected);
    });

    test.skipIf(sandboxed.length === 0)("starts without asking anybody", async () => {
      const hub = await start();
      await hub.toolNames();
      for (const system of sandboxed) expect(hub.sandbox(system).requests()).toEqual([]);
    });

    test.skipIf(sandboxed.length === 0)("is well when its system is", async () => {
      const hub = await start();
      const { api, connector: started } = hub.built.supervised.find((one) => one.name === name)!;
      const { summary } = await started!.health(api, { signal: AbortSignal.timeout(10_000) });
      expect(summary).toMatch(/\w/);
    });

    test("has a sample for every tool of this contract", () => {
      expect(Object.keys(samples).sort()).toEqual(tools.map(([tool]) => tool).sort());
    });

    test.each(tools)("%s is named, titled and described for a model", (toolName, tool) => {
      expect(toolName).toMatch(new RegExp(`^${name}_(${VERBS})(_[a-z]+)*$`));
      expect(tool.title).toMatch(/^[A-Z].{3,40}$/);
      expect(tool.description.length).toBeGreaterThan(30);
      expect(tool.description.length).toBeLessThan(500);
      const undescribed = Object.entries(tool.input.shape as Record<string, z.ZodType>).filter(
        ([, field]) => !description(field),
      );
      expect(undescribed.map(([field]) => field)).toEqual([]);
    });

    // What follows needs the vendor, or its sandbox.
    describe.skipIf(sandboxed.length === 0).each(tools)("%s", (toolName) => {
      const input = (hub: TestHub, tool: string = toolName) => samples[tool]!(hub.company);
      const start = async () => {
        const hub = await startHub({ connectors: [name, ...needs] });
        const earlier = after[toolName];
        if (earlier !== undefined) await hub.call(earlier, input(hub, earlier));
        return hub;
      };
      const sent = (hub: TestHub) => sandboxed.map((system) => hub.sandbox(system).requests().length);

      test("answers its sample, with where it came from", async () => {
        const hub = await start();
        const { answer, isError } = await hub.call(toolName, input(hub));
        expect(isError, JSON.stringify(answer)).toBe(false);
        expect(answer.sources.length).toBeGreaterThan(0);
        for (const source of answer.sources)
          expect(source).toMatchObject({
            asOf: expect.stringMatching(/^\d{4}-/),
            requests: expect.any(Number),
          });
      });

      test.runIf(asking.has(toolName))(
        "shows in a dry run what it would send, and sends nothing",
        async () => {
          const hub = await start();
          const before = sent(hub);
          const { answer, isError } = await hub.call(toolName, { ...input(hub), dry_run: true });
          expect(isError, JSON.stringify(answer)).toBe(false);
          expect(answer.dry_run.requests.length).toBeGreaterThan(0);
          expect(sent(hub)).toEqual(before);
        },
      );

      test("refuses an argument it does not know", async () => {
        const hub = await start();
        expect(await hub.call(toolName, { ...input(hub), no_such_argument: 1 })).toBeRefused("invalid_input");
      });

      test.runIf(!asking.has(toolName))("asks nobody", async () => {
        const hub = await start();
        const before = sent(hub);
        await hub.call(toolName, input(hub));
        expect(sent(hub)).toEqual(before);
      });

      test.runIf(asking.has(toolName)).each([
        ["refuses the connection", { spoil: "drop", before: true }],
        ["answers with a login page", { spoil: "html" }],
        [
          "no longer accepts the credentials",
          { status: 401, body: '{"message":"Invalid authentication credentials"}' },
        ],
        ["is closed for maintenance", { status: 503, body: "maintenance" }],
        ["breaks off in the middle", { spoil: "cut" }],
        ["answers with half a JSON", { spoil: "truncate" }],
        ["redirects elsewhere", { status: 302, headers: { location: "http://127.0.0.1:9/" } }],
      ] as const)("says something useful when the system %s, and the hub goes on", async (_, fault) => {
        const hub = await start();
        for (const system of sandboxed) hub.sandbox(system).fault(fault);
        const { answer, isError } = await hub.call(toolName, input(hub));
        // An answer that joins systems may be partial; then it says so.
        if (isError) {
          expect(answer.error.code).not.toBe("internal");
          expect(answer.error.hint).toMatch(/\w/);
        } else expect(answer.notices.join()).toMatch(/Partial|without/);
        expect(JSON.stringify(answer)).not.toMatch(/<html|SANDBOX_|!AQ/i);
        expect((await hub.call("hub_status")).isError).toBe(false);
      });

      test("leaves an entry in the trail", async () => {
        const hub = await start();
        await hub.call(toolName, input(hub));
        expect(hub.trail.last()).toMatchObject({ kind: "call", tool: toolName, upstream: expect.any(Array) });
        expect(hub.built.trail.verify().ok).toBe(true);
      });
    });
  });
};

const description = (field: z.ZodType): string | undefined => {
  const inner = (field as { unwrap?: () => z.ZodType }).unwrap?.();
  return field.description ?? (inner && description(inner));
};
