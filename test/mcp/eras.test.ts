import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import { INSTRUCTIONS } from "../../src/mcp/instructions.ts";
import { serveStdio } from "../../src/mcp/stdio.ts";
import { ROOT, startHub } from "../kit/hub.ts";

test.each(["2025", "2026"] as const)(
  "era %s: list, call, error, progress and cancellation work the same",
  async (era) => {
    const hub = await startHub({ connectors: ["desk"], era });
    expect(hub.client.getServerVersion()).toMatchObject({ name: "revops-hub" });
    expect(hub.client.getInstructions()).toBe(INSTRUCTIONS);
    expect(await hub.toolNames()).toContain("desk_echo");
    expect(await hub.call("desk_echo", { text: "a" })).toHaveAnswer({ text: "a" });
    expect(await hub.call("nothing")).toBeRefused("unknown_tool");

    const seen: (string | undefined)[] = [];
    const cancel = new AbortController();
    const waiting = hub.call(
      "desk_get_later",
      {},
      {
        signal: cancel.signal,
        onprogress: ({ message }) => {
          seen.push(message);
          cancel.abort();
        },
      },
    );
    await expect(waiting).rejects.toThrow();
    expect(seen).toEqual(["waiting"]);
    await expect.poll(() => hub.trail.last()).toMatchObject({ tool: "desk_get_later", code: "cancelled" });
    expect(
      hub.trail.entries().every((entry) => "client" in entry && entry.client === "test-client/1.0.0"),
    ).toBe(true);
  },
);

/** A client of the first generation, connected to a hub. */
const connectV1 = async ({ built }: Awaited<ReturnType<typeof startHub>>): Promise<ClientV1> => {
  const toHub = new PassThrough();
  const fromHub = new PassThrough();
  void serveStdio(built.hub, { input: toHub, output: fromHub }, built.log);
  const client = new ClientV1({ name: "v1", version: "1" });
  await client.connect(
    new StdioServerTransport(fromHub, toHub) as unknown as Parameters<typeof client.connect>[0],
  );
  return client;
};

test("the SDK of the first generation is served as well", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const client = await connectV1(hub);
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(await hub.toolNames());
  // This client checks structuredContent against the advertised schema, also of errors.
  const answer = await client.callTool({ name: "desk_echo", arguments: { text: "a" } });
  expect(answer.structuredContent).toEqual({ text: "a" });
  const refused = await client.callTool({ name: "desk_echo", arguments: {} });
  expect(refused).toMatchObject({ isError: true, structuredContent: { error: { code: "invalid_input" } } });
  await client.close();
});

test("and reads resources, begins with prompts and completes them", async () => {
  const library = { from: fileURLToPath(new URL("test/kit/library.ts", ROOT)) };
  const hub = await startHub({ connectors: { library } });
  const client = await connectV1(hub);
  expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain("library://books");
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    "library://shelves/{shelf}/{title}",
    "revops://rows/{cursor}",
  ]);
  const { contents } = await client.readResource({ uri: "library://books" });
  expect(contents).toMatchObject([{ mimeType: "text/csv", text: expect.stringContaining("Moby-Dick") }]);
  expect(hub.trail.last()).toMatchObject({ tool: "library_list_books", client: "v1/1", outcome: "ok" });
  await expect(client.readResource({ uri: "library://no" })).rejects.toMatchObject({ code: -32602 });

  const [prompt] = (await client.listPrompts()).prompts;
  const { messages } = await client.getPrompt({ name: prompt!.name, arguments: { shelf: "sea" } });
  expect(messages).toMatchObject([{ role: "user", content: { text: expect.stringContaining("shelf sea") } }]);
  const { completion } = await client.complete({
    ref: { type: "ref/prompt", name: prompt!.name },
    argument: { name: "shelf", value: "s" },
  });
  expect(completion.values).toEqual(["sea", "deep sea"]);
  await client.close();
});

test.each(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])(
  "initialize with %s is answered in kind",
  async (protocolVersion) => {
    const hub = await startHub({ connectors: ["desk"] });
    const { request, close } = rawConnection(hub);
    const { result } = await request("initialize", {
      protocolVersion,
      capabilities: {},
      clientInfo: { name: "raw", version: "0" },
    });
    expect(result).toMatchObject({ protocolVersion, instructions: INSTRUCTIONS });
    close();
  },
);

test.each([
  ["2025-03-26", ["text"]],
  ["2025-06-18", ["text", "resource_link"]],
  ["2025-11-25", ["text", "resource_link"]],
])("a cut table comes to %s as %j", async (protocolVersion, kinds) => {
  const hub = await startHub({ connectors: ["desk"], config: { limits: { answerTokens: 500 } } });
  const { request, close } = rawConnection(hub);
  await request("initialize", {
    protocolVersion,
    capabilities: {},
    clientInfo: { name: "raw", version: "0" },
  });
  const called = await request("tools/call", { name: "desk_list_rows", arguments: { count: 200 } });
  const { content } = called.result as { content: { type: string }[] };
  expect(content.map(({ type }) => type)).toEqual(kinds);
  close();
});

test("a call whose arguments are no object is answered, and the connection lives on", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const { request, send, close } = rawConnection(hub);
  await request("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "0" },
  });
  send("this is not JSON\n");
  send('{"jsonrpc":"2.0","id":"x"}\n');
  expect(await request("tools/call", { name: "desk_echo", arguments: [1] })).toMatchObject({
    error: { code: -32602 },
  });
  expect(await request("no/such/method", {})).toMatchObject({ error: { code: -32601 } });
  expect(await request("tools/call", { name: "desk_echo", arguments: { text: "still here" } })).toMatchObject(
    {
      result: { structuredContent: { text: "still here" } },
    },
  );
  close();
});

test("the instructions cost a model less than 300 tokens", () => {
  expect(encode(INSTRUCTIONS).length).toBeLessThan(300);
});

/** JSON lines without any client in between. */
const rawConnection = ({ built }: Awaited<ReturnType<typeof startHub>>) => {
  const input = new PassThrough();
  const output = new PassThrough();
  void serveStdio(built.hub, { input, output }, built.log);
  const waiting = new Map<number, (message: Record<string, unknown>) => void>();
  let text = "";
  output.on("data", (chunk) => {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting.get(message.id)?.(message);
    }
  });
  let id = 0;
  return {
    send: (line: string) => void input.write(line),
    request: (method: string, params: object): Promise<Record<string, unknown>> => {
      id += 1;
      const answered = new Promise<Record<string, unknown>>((resolve) => waiting.set(id, resolve));
      input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      return answered;
    },
    close: () => input.end(),
  };
};
