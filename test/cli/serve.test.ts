/** How a serving process goes on, and how it ends. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../kit/hub.ts";
import { cleanEnvironment, run, startProcess } from "../kit/process.ts";

const PATIENT = fileURLToPath(new URL("../mcp/patient.ts", import.meta.url));

const INITIALIZE = {
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "p", version: "1" } },
};
const call = (id: number, name: string, input = {}) => ({
  id,
  method: "tools/call",
  params: { name, arguments: input },
});

const start = () => {
  const config = join(temporaryFolder(), "hub.json");
  writeFileSync(config, JSON.stringify({ connectors: { patient: { from: PATIENT } } }));
  const env = cleanEnvironment();
  const hub = startProcess(["--config", config], env);
  let out = "";
  let log = "";
  hub.stdout.on("data", (chunk) => {
    out += chunk;
  });
  hub.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const lines = (...messages: object[]) =>
    messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");
  return {
    hub,
    env,
    lines,
    log: () => log,
    send: (...messages: object[]) => void hub.stdin.write(lines(...messages)),
    ids: () =>
      out
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line).id),
    ended: new Promise<number | null>((resolve) => hub.on("close", resolve)),
  };
};

const outcomes = async (env: Record<string, string>) =>
  (await run(["audit", "tail", "--json"], env)).stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === "call")
    .map(({ outcome }) => outcome);

test("requests that come through a pipe in one piece are all answered", async () => {
  const { hub, lines, ids, ended } = start();
  hub.stdin.end(lines(INITIALIZE, { id: 2, method: "tools/list" }, call(3, "hub_status")));
  expect(await ended).toBe(0);
  expect(ids().sort()).toEqual([1, 2, 3]);
});

test("SIGTERM lets a write end, and its trail with it", async () => {
  const { hub, env, send, log, ids, ended } = start();
  const file = join(temporaryFolder(), "go");
  send(INITIALIZE, call(2, "patient_set_record", { file, justification: "asked by the owner" }));
  await expect.poll(log).toContain("the write has begun");
  hub.kill("SIGTERM");
  writeFileSync(file, "");
  expect(await ended).toBe(0);
  expect(ids()).toEqual([1, 2]);
  expect(await outcomes(env)).toEqual(["applied"]);
});

test("a client that stops reading ends the hub in order, a write under way included", async () => {
  const { hub, env, send, log, ended } = start();
  const file = join(temporaryFolder(), "go");
  send(INITIALIZE, call(2, "patient_set_record", { file, justification: "asked by the owner" }));
  await expect.poll(log).toContain("the write has begun");
  hub.stdout.destroy();
  send(call(3, "hub_status"));
  writeFileSync(file, "");
  expect(await ended).toBe(0);
  expect(log()).not.toMatch(/EPIPE|\n {4}at /);
  expect(await outcomes(env)).toEqual(expect.arrayContaining(["applied"]));
});

test("an error that a connector lets fall is logged, and the hub goes on", async () => {
  const { hub, send, log, ids, ended } = start();
  send(INITIALIZE, call(2, "patient_get_slip", { how: "rejection" }));
  await expect.poll(log).toContain("stray");
  send(call(3, "hub_status"));
  await expect.poll(ids).toContain(3);
  hub.stdin.end();
  expect(await ended).toBe(0);
});

test("an exception outside of any call is logged, and ends the hub in order with status 1", async () => {
  const { send, log, ids, ended } = start();
  send(INITIALIZE, call(2, "patient_get_slip", { how: "exception" }));
  expect(await ended).toBe(1);
  expect(log()).toContain("stray");
  expect(ids()).toEqual([1, 2]);
});
