/**
 * Starts a real hub over real sandboxes and speaks MCP to it, so that a test reads like a transcript:
 *
 *   const hub = await startHub();
 *   expect(await hub.call("salesforce_query", { soql: "DELETE Account" })).toBeRefused("invalid_input");
 *   expect(hub.sandbox("salesforce").requests()).toEqual([]);
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/client";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { onTestFinished } from "vitest";
import type { Company } from "#sandbox/company/types.ts";
import type { StartedSandbox } from "#sandbox/module.ts";
import { type Sandboxes, startSandboxes } from "../../src/cli/sandboxes.ts";
import type { LoadedConfig } from "../../src/config/load.ts";
import { type HubConfigInput, hubConfig } from "../../src/config/schema.ts";
import { type BuiltHub, buildHub, CLOCK, FIRST_USE, LOG, PRINCIPAL } from "../../src/container.ts";
import { createLog } from "../../src/log.ts";
import { serveStdio } from "../../src/mcp/stdio.ts";
import type { Entry } from "../../src/trail/entry.ts";
import { createClock, type ManualClock } from "./clock.ts";
import { companyFor } from "./company.ts";

export const ROOT = new URL("../../", import.meta.url);
const CONNECTORS = new URL("connectors/", ROOT);
export const DESK = fileURLToPath(new URL("desk.ts", import.meta.url));

export interface StartOptions {
  /** Names of shipped connectors, or whole entries. Default: all three, with sandboxes. */
  readonly connectors?: readonly string[] | HubConfigInput["connectors"];
  /** The rest of the config file. */
  readonly config?: Omit<HubConfigInput, "connectors">;
  /** `2026`: the client negotiates 2026-07-28; `2025`: it opens with initialize. */
  readonly era?: "2025" | "2026";
  /** What a person answers when asked; without it the client cannot ask. */
  readonly person?: (message: string) => "accept" | "decline" | "cancel";
  readonly clock?: ManualClock;
  /** State folder of an earlier hub, to start again over. */
  readonly home?: string;
  readonly principal?: string;
  /** True: connectors are examined after their first use, as in production; tests that count requests do without. */
  readonly firstUse?: boolean;
  readonly variables?: Record<string, string>;
  /** So many open Commit deals of the current quarter at least, where the usual eighty are too few. */
  readonly commits?: number;
  /** False: the vendors' sandboxes stay off, and the configuration is taken as it is. */
  readonly sandboxes?: boolean;
  /** Takes what ends the hub, outside of any test. Default: it ends with the test. */
  readonly atEnd?: (end: () => Promise<void>) => void;
}

export interface ToolResult {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at what came, whatever it is
  readonly answer: any;
}

export interface TestHub {
  readonly built: BuiltHub;
  readonly client: Client;
  readonly clock: ManualClock;
  readonly home: string;
  /** Every log line so far, parsed. */
  log(): Promise<readonly Record<string, unknown>[]>;
  toolNames(): Promise<string[]>;
  call(tool: string, input?: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
  sandbox(name: string): StartedSandbox;
  /** What all sandboxes are views of. */
  readonly company: Company;
  trail: { entries(): (Entry & { sequence: number })[]; last(): Entry & { sequence: number } };
  stop(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: {
    progress: number;
    total?: number | undefined;
    message?: string | undefined;
  }) => void;
}

export const startHub = async (options: StartOptions = {}): Promise<TestHub> => {
  const clock = options.clock ?? createClock();
  const home = options.home ?? temporaryFolder();
  const lines: Record<string, unknown>[] = [];
  const configured: LoadedConfig = {
    config: hubConfig.parse({ ...options.config, connectors: entries(options.connectors) }),
    path: "test",
    base: ROOT,
  };
  const sandboxes: Sandboxes =
    options.sandboxes === false
      ? { loaded: configured, variables: {}, started: {}, company: undefined, close: async () => {} }
      : await startSandboxes(configured, CONNECTORS, {
          clock,
          company: () => companyFor({ seed: 7, now: clock.now(), commits: options.commits }),
        });
  // Never the keychain of the machine that runs the tests.
  const variables = { REVOPS_HUB_VAULT: "file", ...sandboxes.variables, ...options.variables };
  const built = await buildHub(
    { loaded: sandboxes.loaded, variables, home, shipped: CONNECTORS },
    (replace) => {
      replace(CLOCK, () => clock);
      if (!options.firstUse)
        replace(FIRST_USE, () => ({ note: () => {}, findings: () => [], close: async () => {} }));
      replace(PRINCIPAL, () => ({ id: options.principal ?? "tester" }));
      replace(LOG, () =>
        createLog({ level: "debug", clock, write: (line) => void lines.push(JSON.parse(line)) }),
      );
    },
  );

  const client = await connect(built, options);
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await client.close();
    await built.close();
    await sandboxes.close();
  };
  (options.atEnd ?? onTestFinished)(stop);

  const allEntries = () => [...built.trail.entries()].map(({ body }) => JSON.parse(body));
  return {
    built,
    client,
    clock,
    home,
    async log() {
      await built.log.flush();
      return lines;
    },
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(tool, input = {}, callOptions = {}) {
      const result = await client.callTool({ name: tool, arguments: input }, callOptions);
      const [text] = result.content as { text: string }[];
      const answer = result.structuredContent;
      // Clients read one or the other: they must never differ.
      if (JSON.stringify(answer) !== text?.text) throw new Error("content and structuredContent differ");
      return { isError: result.isError === true, answer };
    },
    sandbox(name) {
      const found = sandboxes.started[name];
      if (!found) throw new Error(`no sandbox ${name} in this test`);
      return found;
    },
    get company() {
      if (!sandboxes.company) throw new Error("no sandbox, no company");
      return sandboxes.company;
    },
    trail: { entries: allEntries, last: () => allEntries().at(-1) },
    stop,
  };
};

/** What a short name stands for; everything else about a sandboxed system its sandbox says. */
const ENTRIES: HubConfigInput["connectors"] = {
  desk: { from: DESK },
  salesforce: { config: { currency: "USD" } },
};

const entries = (
  connectors: StartOptions["connectors"] = ["clari", "revops", "salesforce"],
): HubConfigInput["connectors"] =>
  Array.isArray(connectors)
    ? Object.fromEntries(connectors.map((name: string) => [name, ENTRIES[name] ?? {}]))
    : (connectors as HubConfigInput["connectors"]);

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "revops-hub-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** The real framing on both ends, over a pair of streams instead of a process. */
const connect = async ({ hub, log }: BuiltHub, { era = "2026", person }: StartOptions): Promise<Client> => {
  const toHub = new PassThrough();
  const fromHub = new PassThrough();
  void serveStdio(hub, { input: toHub, output: fromHub }, log);
  const client = new Client(
    { name: "test-client", version: "1.0.0" },
    {
      capabilities: person ? { elicitation: { form: {} } } : {},
      ...(era === "2026" && { versionNegotiation: { mode: "auto" } }),
    },
  );
  if (person)
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      const action = person(params.message);
      return action === "accept" ? { action, content: { confirm: true } } : { action };
    });
  await client.connect(new StdioServerTransport(fromHub, toHub));
  return client;
};
