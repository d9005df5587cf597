/** Runs the built hub as a process of its own, the way a client or a person starts it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { ROOT, temporaryFolder } from "./hub.ts";

export const ENTRY = fileURLToPath(new URL("dist/src/revops-hub.js", ROOT));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Only what a process needs to run, and what is given: nothing of the machine's own settings. */
export const cleanEnvironment = (variables: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: temporaryFolder(),
  REVOPS_HUB_HOME: temporaryFolder(),
  REVOPS_HUB_VAULT: "file",
  ...variables,
});

export const startProcess = (
  args: readonly string[],
  env = cleanEnvironment(),
  node = process.execPath,
): ChildProcessWithoutNullStreams => {
  const child = spawn(node, [ENTRY, ...args], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
};

export const run = async (
  args: readonly string[],
  env = cleanEnvironment(),
  node = process.execPath,
): Promise<Finished> => {
  const child = startProcess(args, env, node);
  child.stdin.end();
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, stdout, stderr };
};
