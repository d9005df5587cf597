import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { DESK, temporaryFolder } from "../kit/hub.ts";
import { cleanEnvironment, run, startProcess } from "../kit/process.ts";

const configFile = (config: object) => {
  const path = join(temporaryFolder(), "hub.json");
  writeFileSync(path, JSON.stringify(config));
  return path;
};
const deskConfig = (more = {}) => configFile({ connectors: { desk: { from: DESK } }, ...more });

test("--version and --help", async () => {
  expect((await run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { stdout, status } = await run(["--help"]);
  expect(status).toBe(0);
  for (const command of ["serve", "demo", "doctor", "tools", "call", "audit", "kill"])
    expect(stdout).toContain(command);
});

test.each([
  ["an unknown command", ["explode"], /no command "explode"/],
  ["an unknown option", ["--colour"], /--colour/],
  ["a missing config file", ["tools", "--config", "/no/such.json"], /\/no\/such\.json/],
  ["arguments that are not JSON", ["call", "hub_status", "{", "--config", "FILE"], /not a JSON object/],
  ["an unknown format", ["call", "hub_status", "--format", "xlsx"], /"xlsx".*table, csv, md, json/],
  ["a format beside --json", ["call", "hub_status", "--format", "md", "--json"], /contradict each other/],
  ["a table for another format", ["call", "hub_status", "--table", "systems"], /--format csv/],
  ["a format for another command", ["tools", "--format", "md"], /tools takes neither/],
  ["an unknown toolset", ["tools", "--config", "SETS"], /no toolset "closing".*There are all/],
])("%s ends with status 2, one clear line on stderr and an empty stdout", async (_, args, message) => {
  const files: Record<string, () => string> = {
    FILE: () => deskConfig(),
    SETS: () => deskConfig({ toolsets: ["closing"] }),
  };
  const { status, stdout, stderr } = await run(args.map((word) => files[word]?.() ?? word));
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test("a reader that has seen enough ends a command without complaint", async () => {
  const command = startProcess(["tools", "--config", deskConfig()]);
  let stderr = "";
  command.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  command.stdout.destroy();
  expect(await new Promise((resolve) => command.on("close", resolve))).toBe(0);
  expect(stderr).toBe("");
});

test("a wrong config stops serving before the protocol begins", async () => {
  const { status, stdout, stderr } = await run([
    "--config",
    configFile({ connectors: {}, limits: { timeoutMs: -1 } }),
  ]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/limits\.timeoutMs/);
});

test("call answers as a table for people and as JSON for programs; an error is status 1", async () => {
  const env = cleanEnvironment();
  const json = await run(["call", "desk_list_rows", '{"count":2}', "--json", "--config", deskConfig()], env);
  expect(JSON.parse(json.stdout).rows).toMatchObject({ columns: ["id", "name"], total: 2 });
  const table = await run(["call", "desk_list_rows", '{"count":2}', "--config", deskConfig()], env);
  expect(table.stdout).toMatch(/id\s+name/);
  expect(table.stdout).not.toContain("\u001b[");
  const failed = await run(["call", "no_such_tool", "--config", deskConfig()], env);
  expect(failed.status).toBe(1);
  expect(failed).toMatchObject({ stdout: "", stderr: expect.stringMatching(/unknown_tool/) });
});

test("the kill switch works from another terminal, and the trail can be read, exported and verified", async () => {
  const env = cleanEnvironment();
  const config = deskConfig();
  const echo = () => run(["call", "desk_echo", '{"text":"a"}', "--json", "--config", config], env);
  expect((await echo()).status).toBe(0);
  const kill = await run(["kill", "on", "desk", "--config", config], env);
  expect(kill.stdout).toContain("Kill switch on for desk");
  expect(JSON.parse((await echo()).stderr).error.code).toBe("killed");
  await run(["kill", "off", "desk"], env);
  expect((await echo()).status).toBe(0);

  const tail = await run(["audit", "tail", "--json"], env);
  const kinds = tail.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).kind);
  expect(kinds).toEqual(["call", "kill", "call", "kill", "call"]);
  expect((await run(["audit", "verify"], env)).stdout).toContain("5 entries");

  const exported = await run(["audit", "export"], env);
  const file = join(temporaryFolder(), "trail.jsonl");
  writeFileSync(file, exported.stdout);
  expect((await run(["audit", "verify", file])).status).toBe(0);
  writeFileSync(file, exported.stdout.replace("desk_echo", "desk_list"));
  const bad = await run(["audit", "verify", file, "--json"]);
  expect(bad.status).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, firstBad: 1 });
});

test("a kill switch for a system that the hub does not have is refused; what is killed can always be let go", async () => {
  const env = cleanEnvironment();
  const config = deskConfig();
  const typo = await run(["kill", "on", "dsek", "--config", config], env);
  expect(typo.status).toBe(2);
  expect(typo.stderr).toMatch(/no connector "dsek"; nothing was stopped\..*desk/);
  expect((await run(["kill", "on", "--config", config], env)).stdout).toContain("the whole hub");
  await run(["kill", "on", "desk", "--config", config], env);
  const off = await run(["kill", "off", "desk", "--config", configFile({ connectors: {} })], env);
  expect(off.stdout).toContain("Killed now: *");
});

test("the kill switch works while the configuration does not", async () => {
  const { status, stdout, stderr } = await run(["kill", "on", "desk", "--config", "/no/such.json"]);
  expect(status).toBe(0);
  expect(stdout).toContain("Kill switch on for desk");
  expect(stderr).toContain("/no/such.json");
});

test("an empty state folder has no trail, which is not the same as a good one", async () => {
  const { stdout } = await run(["audit", "verify"]);
  expect(stdout).toContain("There is no trail");
  expect(stdout).not.toContain("✔");
});

test.each([
  ["arguments that are not JSON", ["call", "hub_status", "notjson"], {}, /not a JSON object/],
  [
    "a state folder that cannot be made",
    ["call", "hub_status"],
    { REVOPS_HUB_HOME: "/dev/null/x" },
    /state folder/,
  ],
])("with sandboxes, too, %s end the command", async (_, args, variables, message) => {
  const { status, stderr } = await run([...args, "--sandbox"], cleanEnvironment(variables));
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

test("a log level that is none stops the start and names the allowed ones", async () => {
  const env = cleanEnvironment({ REVOPS_HUB_LOG_LEVEL: "verbose" });
  const { status, stderr } = await run(["--config", deskConfig()], env);
  expect(status).toBe(2);
  expect(stderr).toMatch(/REVOPS_HUB_LOG_LEVEL is "verbose".*debug, info, warn, error, silent/);
});

test("doctor prints no terminal sequence that a system sent", async () => {
  const from = fileURLToPath(new URL("../mcp/patient.ts", import.meta.url));
  const { stdout } = await run(["doctor", "--config", configFile({ connectors: { patient: { from } } })]);
  expect(stdout).toContain("Patient: waiting");
});

test("doctor says what works, what does not, and what to do", async () => {
  const config = configFile({ connectors: { desk: { from: DESK }, clari: {} } });
  const { status, stdout } = await run(["doctor", "--config", config]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/✔ Desk: the drawer is open/);
  expect(stdout).toMatch(/✘ Clari: .*\n\s+→ Set CLARI_API_TOKEN/);
});

test("doctor prints a line for all that a connector looked at, and --json has the same", async () => {
  const env = cleanEnvironment();
  const { status, stdout } = await run(["doctor", "--sandbox"], env);
  expect(status).toBe(0);
  expect(stdout).toMatch(/✔ Salesforce: signed in as \S+ to /);
  for (const what of [
    "API version",
    "API requests",
    "audit object",
    "audit rows",
    "writable",
    "Commit stage",
    "notes",
  ])
    expect(stdout).toContain(`✔ Salesforce, ${what}: `);
  const checks = JSON.parse((await run(["doctor", "--sandbox", "--json"], env)).stdout);
  expect(checks).toContainEqual({
    level: "ok",
    what: "Salesforce, notes",
    detail: "notes can be added on Opportunity, Account, Contact, Lead",
  });
});

test("without credentials the hub serves all the same, and stdout stays pure protocol", async () => {
  const hub = startProcess([], cleanEnvironment({ JSFORCE_LOG_LEVEL: "DEBUG" }));
  const lines: string[] = [];
  let text = "";
  const answered = new Promise<void>((resolve) =>
    hub.stdout.on("data", (chunk) => {
      const parts = (text + chunk).split("\n");
      text = parts.pop() ?? "";
      lines.push(...parts);
      if (lines.length >= 3) resolve();
    }),
  );
  const send = (message: object) => hub.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "p", version: "1" } },
  });
  send({ id: 2, method: "tools/list" });
  send({ id: 3, method: "tools/call", params: { name: "hub_status", arguments: {} } });
  await answered;
  const messages = lines.map((line) => JSON.parse(line));
  expect(messages.map(({ jsonrpc }) => jsonrpc)).toEqual(messages.map(() => "2.0"));
  const status = messages.find(({ id }) => id === 3).result.structuredContent;
  expect(JSON.stringify(status.systems.rows)).toContain("CLARI_API_TOKEN");
  const ended = new Promise((resolve) => hub.on("close", resolve));
  hub.stdin.end();
  expect(await ended).toBe(0);
});

test("doctor does not ask a killed system, and says how to let it live again", async () => {
  const env = cleanEnvironment();
  const config = deskConfig();
  await run(["kill", "on", "desk", "--config", config], env);
  const { stdout } = await run(["doctor", "--config", config], env);
  expect(stdout).toMatch(/Kill switch: on for desk; it was not asked\n\s+→ revops-hub kill off desk/);
  expect(stdout).not.toContain("the drawer is open");
});
