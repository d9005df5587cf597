/** JSON lines to a child process, without an SDK in between: it measures the server, not a client. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface StdioClient {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server sends
  request(method: string, params?: object): Promise<any>;
  /** Resident memory in MiB; Linux only. */
  residentMiB(): number;
  stop(): Promise<void>;
}

export interface Started {
  readonly client: StdioClient;
  /** Milliseconds from spawn to the answer to tools/list. */
  readonly startMs: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server sends
  readonly tools: any[];
}

export const start = async (args: readonly string[], env: Record<string, string>): Promise<Started> => {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const client = speak(child as unknown as ChildProcessWithoutNullStreams);
  const clientInfo = { name: "bench", version: "1" };
  await client.request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  child.stdin?.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const { tools } = await client.request("tools/list");
  return { client, startMs: performance.now() - startedAt, tools };
};

const speak = (child: ChildProcessWithoutNullStreams): StdioClient => {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let rest = "";
  let id = 0;
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line);
      const caller = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) caller?.reject(new Error(message.error.message));
      else caller?.resolve(message.result);
    }
  });
  return {
    request: (method, params = {}) =>
      new Promise((resolve, reject) => {
        id += 1;
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      }),
    residentMiB: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024,
    stop: () =>
      new Promise((resolve) => {
        child.once("close", () => resolve());
        child.stdin.end();
      }),
  };
};
