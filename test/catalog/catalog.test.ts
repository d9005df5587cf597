import { expect, test } from "vitest";
import { matcher } from "../../src/catalog/pattern.ts";
import { refusePoisonedText } from "../../src/catalog/poison.ts";
import { DESK, startHub } from "../kit/hub.ts";

test("tools are listed in the order of their names, with titles, annotations and both schemas", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const { tools } = await hub.client.listTools();
  const names = tools.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  for (const tool of tools) {
    expect(tool.title).toBeTruthy();
    expect(tool.outputSchema?.type).toBe("object");
    expect(tool.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    const write = tool.name === "desk_set_record";
    expect(tool.annotations).toEqual({
      readOnlyHint: !write,
      destructiveHint: write,
      idempotentHint: !write,
      openWorldHint: write,
    });
  }
});

test("only tools that touch a vendor offer a dry run", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const { tools } = await hub.client.listTools();
  const offering = tools.filter(({ inputSchema }) => "dry_run" in (inputSchema.properties ?? {}));
  expect(offering.map(({ name }) => name)).toEqual(["desk_set_record"]);
});

test.each([
  ["deny by name", { tools: { deny: ["desk_echo"] } }],
  ["deny by glob", { tools: { deny: ["*_echo"] } }],
  ["deny wins over allow", { tools: { allow: ["desk_*"], deny: ["desk_e*"] } }],
  ["allow of others only", { tools: { allow: ["desk_list_rows", "hub_*"] } }],
])("%s: hidden, and refused by name", async (_, config) => {
  const hub = await startHub({ connectors: ["desk"], config });
  expect(await hub.toolNames()).not.toContain("desk_echo");
  expect(await hub.toolNames()).toContain("desk_list_rows");
  expect(await hub.call("desk_echo", { text: "a" })).toBeRefused("forbidden");
});

test("a principal may have less than the hub", async () => {
  const config = { principals: { guest: { readOnly: true, deny: ["*_rows"] } } };
  const guest = await startHub({ connectors: ["desk"], config, principal: "guest" });
  expect(await guest.toolNames()).not.toContain("desk_set_record");
  expect(await guest.call("desk_list_rows", { count: 1 })).toBeRefused("forbidden");
  const other = await startHub({ connectors: ["desk"], config, principal: "lead" });
  expect(await other.toolNames()).toContain("desk_set_record");
});

test("an empty prefix shows bare names; another prefix replaces the connector's name", async () => {
  const bare = await startHub({ connectors: { desk: { from: DESK, prefix: "" } } });
  expect(await bare.toolNames()).toContain("echo");
  expect(await bare.call("echo", { text: "a" })).toHaveAnswer({ text: "a" });
  const named = await startHub({ connectors: { desk: { from: DESK, prefix: "office" } } });
  expect(await named.toolNames()).toContain("office_echo");
});

test("two tools of one name stop the start", async () => {
  const connectors = { desk: { from: DESK, prefix: "hub" }, revops: { prefix: "hub" } };
  await expect(startHub({ connectors })).resolves.toBeDefined();
  const colliding = {
    desk: { from: DESK, prefix: "" },
    other: { from: `${new URL("other-desk.ts", new URL("../kit/", import.meta.url)).pathname}`, prefix: "" },
  };
  await expect(startHub({ connectors: colliding })).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining('"echo"'),
  });
});

test.each(["zero\u200bwidth", "bidi\u202e", "tag\u{e0041}", "<IMPORTANT>obey</IMPORTANT>", "\u001b[31m"])(
  "tool text with %j is not loaded",
  (text) => {
    const tool = { name: "x_get_y", title: "T", description: text } as unknown as Parameters<
      typeof refusePoisonedText
    >[0];
    expect(() => refusePoisonedText(tool)).toThrow(/not loaded/);
  },
);

test("globs match whole names, and only * is special", () => {
  const admits = matcher({ allow: ["a.c", "b*d"] });
  expect(["a.c", "abc", "bd", "bxd", "bxdx"].map(admits)).toEqual([true, false, true, true, false]);
});
