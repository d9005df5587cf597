import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DESK, temporaryFolder } from "../kit/hub.ts";
import { cleanEnvironment, ENTRY, run } from "../kit/process.ts";

const WRITE = JSON.stringify({ id: "r1", value: "new", justification: "corrected after the call" });

const setUp = () => {
  const config = join(temporaryFolder(), "hub.json");
  writeFileSync(
    config,
    JSON.stringify({ connectors: { desk: { from: DESK } }, writes: { confirm: "required" } }),
  );
  return { env: cleanEnvironment(), config };
};

const askFor = async ({ env, config }: ReturnType<typeof setUp>): Promise<string> => {
  const { stderr } = await run(["call", "desk_set_record", WRITE, "--json", "--config", config], env);
  return JSON.parse(stderr).error.approval;
};

/** A terminal of its own, with somebody who types an answer to the question. */
const SCRIPT = "/usr/bin/script";
const atTerminal = (args: readonly string[], env: Record<string, string>, typed: string) => {
  const command = [process.execPath, ENTRY, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn(SCRIPT, ["-qec", command, "/dev/null"], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let screen = "";
  child.stdout.on("data", (chunk) => {
    screen += chunk;
    if (typed && screen.includes("Make this change?")) {
      child.stdin.write(`${typed}\n`);
      typed = "";
    }
  });
  return new Promise<{ status: number | null; screen: string }>((resolve) =>
    child.on("close", (status) => resolve({ status, screen })),
  );
};

test("approve lists what waits, and without a terminal decides nothing", async () => {
  const { env, config } = setUp();
  expect((await run(["approve", "--config", config], env)).stdout).toContain("Nothing waits");
  const id = await askFor({ env, config });
  expect((await run(["approve", "--config", config], env)).stdout).toMatch(new RegExp(`${id}.*r1, value`));
  const { status, stderr } = await run(["approve", id, "--config", config], env);
  expect(status).toBe(2);
  expect(stderr).toContain("Only a person at a terminal");
  expect(JSON.parse((await run(["approve", "--json", "--config", config], env)).stdout)).toHaveLength(1);
});

test.runIf(existsSync(SCRIPT))("at a terminal a person sees the change, and it is made", async () => {
  const set = setUp();
  const id = await askFor(set);
  const { status, screen } = await atTerminal(["approve", id, "--config", set.config], set.env, "y");
  expect(screen).toContain("r1, value: (empty) → new");
  expect(screen).toContain("corrected after the call");
  expect(status).toBe(0);
  expect((await run(["approve", "--config", set.config], set.env)).stdout).toContain("Nothing waits");
  const { stdout } = await run(["audit", "tail", "--json", "--config", set.config], set.env);
  const entries = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(entries.at(-1)).toMatchObject({ outcome: "applied", client: "revops-hub-approve" });
});

test.runIf(existsSync(SCRIPT))("a person who says no decides it, too", async () => {
  const set = setUp();
  const id = await askFor(set);
  const { status, screen } = await atTerminal(["approve", id, "--config", set.config], set.env, "n");
  expect(status).toBe(1);
  expect(screen).toContain("declined");
  expect((await run(["approve", "--config", set.config], set.env)).stdout).toContain("Nothing waits");
});

test("an id under which nothing waits is an error that says where to look", async () => {
  const { env, config } = setUp();
  const { status, screen } = await atTerminal(["approve", "12345678", "--config", config], env, "");
  expect(status).toBe(2);
  expect(screen).toContain("Nothing waits under");
});
