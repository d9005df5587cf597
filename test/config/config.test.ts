import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { createSecretResolver } from "../../src/config/secrets.ts";
import { temporaryFolder } from "../kit/hub.ts";

const file = (text: string) => {
  const path = join(temporaryFolder(), "hub.json");
  writeFileSync(path, text);
  return path;
};
const load = (text: string, variables = {}) => loadConfig(variables, file(text), "unused");

test("a minimal file gets documented defaults", () => {
  const { config } = load('{"connectors":{"clari":{}}}');
  expect(config).toMatchObject({
    readOnly: false,
    writes: { confirm: "auto" },
    limits: { timeoutMs: 45_000 },
  });
});

test.each([
  ["a missing file", () => loadConfig({}, "/no/such/hub.json", "x"), /\/no\/such\/hub\.json.*ENOENT/],
  ["a comma too many", () => load('{"connectors":{},}'), /not JSON/],
  ["an unknown setting", () => load('{"connectors":{},"readonly":true}'), /readonly/],
  [
    "a wrong type, with its path",
    () => load('{"connectors":{"clari":{"tools":{"deny":"x"}}}}'),
    /connectors\.clari\.tools\.deny/,
  ],
  ["a wrong choice", () => load('{"connectors":{},"writes":{"confirm":"never"}}'), /writes\.confirm/],
])("%s stops the start and says where", (_, act, message) => {
  expect(act).toThrow(expect.objectContaining({ code: "config", message: expect.stringMatching(message) }));
});

test.each([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["ture", true],
  ["false", false],
  ["", false],
])("REVOPS_HUB_READ_ONLY=%s wins over the file", (value, readOnly) => {
  expect(load('{"connectors":{}}', { REVOPS_HUB_READ_ONLY: value }).config.readOnly).toBe(readOnly);
});

test("read-only in the file cannot be turned off by the variable", () => {
  expect(load('{"connectors":{},"readOnly":true}', { REVOPS_HUB_READ_ONLY: "false" }).config.readOnly).toBe(
    true,
  );
});

test("REVOPS_HUB_CONFIG names the file unless --config does", () => {
  const path = file('{"connectors":{}}');
  expect(loadConfig({ REVOPS_HUB_CONFIG: path }, undefined, "unused").path).toBe(path);
});

test("secrets are resolved by reference: variable, file, program", async () => {
  const path = join(temporaryFolder(), "token");
  writeFileSync(path, "from-a-file\n");
  const resolve = createSecretResolver({ TOKEN: "from-a-variable" });
  expect(await resolve("env:TOKEN")).toBe("from-a-variable");
  expect(await resolve(`file:${path}`)).toBe("from-a-file");
  expect(await resolve(`cmd:"${process.execPath}" -p "'from a program'"`)).toBe("from a program");
});

test("a program is run without a shell: nothing in the reference is expanded", async () => {
  const resolve = createSecretResolver({});
  expect(await resolve(`cmd:"${process.execPath}" -p process.argv.slice(1).join() $(id) ;ls`)).toBe(
    "$(id),;ls",
  );
});

test.each([
  ["env:NO_SUCH_TOKEN", /NO_SUCH_TOKEN is empty or not set/],
  ["file:/no/such/file", /ENOENT/],
  ["cmd:no-such-program", /ENOENT/],
  ["plain-secret-value", /not given by reference/],
])("%s fails with what to do", async (reference, message) => {
  await expect(createSecretResolver({})(reference)).rejects.toMatchObject({
    code: "config",
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/\w/),
  });
});

test("neither a failing program's output nor a value given in place of a reference is repeated", async () => {
  const script = join(temporaryFolder(), "fail.sh");
  writeFileSync(script, "#!/bin/sh\necho hunter2; echo hunter2 >&2; exit 3\n");
  chmodSync(script, 0o700);
  const resolve = createSecretResolver({});
  const error = await resolve(`cmd:${script}`).catch((thrown) => thrown);
  expect(error.message).toContain("exit status 3");
  expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain("hunter2");
  const plain = await resolve("hunter2").catch((thrown) => thrown);
  expect(`${plain.message} ${plain.hint}`).not.toContain("hunter2");
});

test("a keychain that cannot be asked says so", async () => {
  await expect(createSecretResolver({})("keychain:no-such-name")).rejects.toMatchObject({ code: "config" });
});
