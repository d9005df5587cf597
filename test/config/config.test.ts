import { chmodSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { expect, test } from "vitest";
import { homeFolder } from "../../src/config/home.ts";
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

test("an empty REVOPS_HUB_CONFIG names no file", () => {
  const path = file('{"connectors":{}}');
  expect(loadConfig({ REVOPS_HUB_CONFIG: "" }, undefined, path).path).toBe(path);
});

test("a byte order mark at the beginning of the file is passed over", () => {
  expect(load('\ufeff{"connectors":{}}').config.connectors).toEqual({});
});

test.each([
  ["an unexpected token", '{\n  "connectors": {},\n  "a": hunter2\n}', 3, 8],
  ["a missing comma", '{"connectors": {}\n"hunter2": 1}', 2, 1],
  ["a text without its quotes", "hunter2", 1, 1],
  ["a file that breaks off", '{"connectors": {', 1, 17],
  ["a text that is not closed", '{"hunter2', 1, 10],
  ["something behind the end", '{"connectors": {}}\n\nhunter2', 3, 1],
])("%s is named by its place, and nothing of the file is repeated", (_, text, line, column) => {
  let message = "";
  try {
    load(text);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toMatch(new RegExp(`is not JSON at line ${line}, column ${column}\\.$`));
  expect(message).not.toContain("hunt");
});

test.each(["", "relative/state"])(
  "a state folder named %j is the default one, never the current folder",
  (given) => {
    const home = homeFolder({ XDG_STATE_HOME: given, LOCALAPPDATA: given });
    expect(isAbsolute(home)).toBe(true);
    expect(home).toBe(homeFolder({}));
    expect(home.startsWith(process.cwd())).toBe(false);
  },
);

test.each(["debug", "info", "warn", "error", "silent", "", undefined])("the log level %j is one", (level) => {
  expect(load('{"connectors":{}}', { REVOPS_HUB_LOG_LEVEL: level }).config.connectors).toEqual({});
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
