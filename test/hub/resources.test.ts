/** What can be read of the hub itself. */
import { expect, test } from "vitest";
import { startHub, type TestHub } from "../kit/hub.ts";
import { records } from "../kit/records.ts";

const read = async ({ client }: TestHub, uri: string) => {
  const { contents } = await client.readResource({ uri });
  return JSON.parse((contents[0] as { text: string }).text);
};

test("status is what hub_status answers", async () => {
  const hub = await startHub({ connectors: ["desk"], config: { readOnly: true } });
  const status = await read(hub, "revops://status");
  expect(status).toMatchObject({ readOnly: true, killed: [] });
  expect(records(status.systems)).toMatchObject([{ name: "desk", state: "ready" }]);
});

test("the catalog is the list of tools, with whose they are and what they do", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const tools = records((await read(hub, "revops://catalog")).tools);
  expect(tools.map(({ name }) => name)).toEqual(await hub.toolNames());
  expect(tools.find(({ name }) => name === "desk_set_record")).toMatchObject({
    connector: "desk",
    effect: "write",
    title: "Set a record",
    arguments: "id, value, justification, dry_run?",
  });
  expect(tools.find(({ name }) => name === "desk_echo")).toMatchObject({ effect: "read" });

  const config = { tools: { deny: ["desk_e*"] }, readOnly: true };
  const less = await startHub({ connectors: ["desk"], config });
  const offered = records((await read(less, "revops://catalog")).tools).map(({ name }) => name);
  expect(offered).toEqual(await less.toolNames());
  expect(offered).not.toContain("desk_set_record");
});

test("the trail shows what this person did lately, newest first, and no values", async () => {
  const hub = await startHub({
    connectors: ["desk"],
    person: () => "accept",
  });
  await hub.call("desk_echo", { text: "a secret plan" });
  await hub.call("desk_no_such_tool");
  await hub.call("desk_set_record", {
    id: "r1",
    value: "a new value",
    justification: "a reason in words",
  });
  const trail = await read(hub, "revops://trail/recent");
  const entries = records(trail.entries);
  expect(entries).toMatchObject([
    { kind: "call", tool: "desk_set_record", outcome: "applied", client: "test-client/1.0.0" },
    { kind: "intent", tool: "desk_set_record", targets: "desk:Record:r1 value" },
    { kind: "call", tool: "desk_set_record", outcome: "asked" },
    { kind: "call", tool: "desk_no_such_tool", outcome: "refused", code: "unknown_tool" },
    { kind: "call", tool: "desk_echo", outcome: "ok" },
  ]);
  expect(entries[0]!.intent).toBe(entries[1]!.sequence);
  expect(JSON.stringify(trail)).not.toMatch(/secret plan|a new value|a reason in words/);
  // Reading it is itself an entry, for the next reading.
  const again = records((await read(hub, "revops://trail/recent")).entries);
  expect(again[0]).toMatchObject({ tool: "hub_read_trail", outcome: "ok" });
});

test("the trail shows nobody what another person did", async () => {
  const lead = await startHub({ connectors: ["desk"], principal: "lead" });
  await lead.call("desk_echo", { text: "a" });
  await lead.stop();
  const guest = await startHub({ connectors: ["desk"], principal: "guest", home: lead.home });
  await guest.call("hub_status");
  const { entries, looked } = await read(guest, "revops://trail/recent");
  expect(records(entries)).toMatchObject([{ tool: "hub_status" }]);
  expect(looked).toBe(2);
});

test("of a long trail the latest fifty are shown, however many others' lie between", async () => {
  const hub = await startHub({ connectors: ["desk"] });
  const append = (principal: string, tool: string) =>
    hub.built.trail.append({
      kind: "call",
      at: "2026-11-21T00:00:00.000Z",
      call: "c",
      tool,
      principal,
      client: "x",
      args: "",
      outcome: "ok",
      upstream: [{ system: "desk", requests: 2, statuses: [200, 200] }],
    });
  await Promise.all(Array.from({ length: 30 }, (_, n) => append("tester", `early_${n}`)));
  await Promise.all(Array.from({ length: 600 }, () => append("other", "others")));
  await Promise.all(Array.from({ length: 30 }, (_, n) => append("tester", `late_${n}`)));
  const { entries, looked } = await read(hub, "revops://trail/recent");
  const tools = records(entries).map(({ tool }) => tool);
  expect(tools).toHaveLength(50);
  expect(tools.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, n) => `late_${29 - n}`));
  expect(tools.slice(30)).toEqual(Array.from({ length: 20 }, (_, n) => `early_${29 - n}`));
  expect(records(entries)[0]).toMatchObject({ upstream: "desk 2" });
  expect(looked).toBe(660);
});

test("the rest of a cut table is read whole, as CSV, by the link beside the answer", async () => {
  const hub = await startHub({ connectors: ["desk"], config: { limits: { answerTokens: 1_000 } } });
  const { content } = await hub.client.callTool({ name: "desk_list_rows", arguments: { count: 2_000 } });
  const link = content.find(({ type }) => type === "resource_link");
  expect(link).toMatchObject({ mimeType: "text/csv", uri: expect.stringMatching(/^revops:\/\/rows\//) });
  const { uri } = link as { uri: string };
  const { contents } = await hub.client.readResource({ uri });
  const { mimeType, text } = contents[0] as { mimeType: string; text: string };
  expect(mimeType).toBe("text/csv");
  const lines = text.split("\r\n");
  expect(lines).toHaveLength(2_002);
  expect(lines.slice(0, 2)).toEqual(["id,name", "0,row 0"]);
  expect(lines.at(-2)).toBe("1999,row 1999");
  expect(hub.trail.last()).toMatchObject({ tool: "hub_read_rows", outcome: "ok" });

  // Nobody else's cursor, and none that was never given.
  await expect(hub.client.readResource({ uri: `${uri}x` })).rejects.toMatchObject({ code: -32602 });
  await hub.built.trail.kill("desk", true, "tester");
  await expect(hub.client.readResource({ uri })).rejects.toMatchObject({ data: { code: "killed" } });
});
