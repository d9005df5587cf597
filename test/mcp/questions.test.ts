import { PassThrough } from "node:stream";
import { Client } from "@modelcontextprotocol/client";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { expect, onTestFinished, test } from "vitest";
import { serveStdio } from "../../src/mcp/stdio.ts";
import { startHub } from "../kit/hub.ts";

const WRITE = { id: "1", value: "new", justification: "asked by the owner" };

test.each([
  ["form", { form: {} }, true],
  ["an empty object, which means forms", {}, true],
  ["addresses only", { url: {} }, false],
])("a client that can elicit %s", async (_, elicitation, isAsked) => {
  const hub = await startHub({ connectors: ["desk"], config: { writes: { confirm: "required" } } });
  const toHub = new PassThrough();
  const fromHub = new PassThrough();
  void serveStdio(hub.built.hub, { input: toHub, output: fromHub }, hub.built.log);
  const client = new Client({ name: "c", version: "1" }, { capabilities: { elicitation } });
  let asked = 0;
  if (isAsked)
    client.setRequestHandler("elicitation/create", async () => {
      asked += 1;
      return { action: "accept", content: { confirm: true } };
    });
  await client.connect(new StdioServerTransport(fromHub, toHub));
  onTestFinished(() => client.close());
  const { structuredContent } = await client.callTool({ name: "desk_set_record", arguments: WRITE });
  expect(asked).toBe(isAsked ? 1 : 0);
  if (isAsked) expect(structuredContent).toMatchObject({ after: "new" });
  else expect(structuredContent).toMatchObject({ error: { code: "confirmation_required" } });
});

test("a person's answer counts once: sent again after the value was changed back, they are asked again", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const { request } = modern(hub);
  const set = (value: string, more = {}) =>
    request("tools/call", { name: "desk_set_record", arguments: { ...WRITE, value }, ...more });
  const answered = ({ result }: Answer) => ({
    requestState: result.requestState,
    inputResponses: { confirm: { action: "accept", content: { confirm: true } } },
  });
  await set("old", answered(await set("old")));
  const yes = answered(await set("new"));
  expect(await set("new", yes)).toHaveProperty("result.structuredContent.after", "new");
  await set("old", answered(await set("old")));
  expect((await set("new", yes)).result.resultType).toBe("input_required");
  expect(hub.trail.entries().filter(({ kind }) => kind === "intent")).toHaveLength(3);
});

test("server/discover may be kept as long as tools/list", async () => {
  const { request } = modern(await startHub({ connectors: ["desk"] }));
  const discovered = (await request("server/discover", {})).result;
  const listed = (await request("tools/list", {})).result;
  expect(discovered.ttlMs).toBe(listed.ttlMs);
  expect(discovered.ttlMs).toBeGreaterThan(0);
});

// biome-ignore lint/suspicious/noExplicitAny: a test looks at what came, whatever it is
type Answer = { readonly result: any };

/** The 2026 protocol by hand, for messages that no good client sends. */
const modern = ({ built }: Awaited<ReturnType<typeof startHub>>) => {
  const input = new PassThrough();
  const output = new PassThrough();
  void serveStdio(built.hub, { input, output }, built.log);
  onTestFinished(() => void input.end());
  let text = "";
  output.on("data", (chunk) => {
    text += chunk;
  });
  let id = 0;
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "0" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  };
  return {
    async request(method: string, params: object): Promise<Answer> {
      id += 1;
      const own = id;
      input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta } })}\n`);
      const find = () =>
        text
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line))
          .find((message) => message.id === own);
      await expect.poll(find).toBeDefined();
      return find();
    },
  };
};
