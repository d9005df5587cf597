/** A client of the hub over stdio, for the demo: it speaks the protocol like any other client. */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { VERSION } from "../version.ts";

export interface StartedClient {
  tools(): Promise<readonly { readonly name: string; readonly description?: string | undefined }[]>;
  /** Resolves with `structuredContent`; errors of the tool are in it under `error`. */
  call(
    tool: string,
    input: Record<string, unknown>,
    onProgress?: (message: string) => void,
  ): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface ClientOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  /** A person's answer to a question the hub asks. */
  readonly answer: (question: string) => boolean;
}

/** Longer than any call the hub allows. */
const TIMEOUT_MS = 60_000;

export const startClient = async ({ command, args, env, answer }: ClientOptions): Promise<StartedClient> => {
  const client = new Client(
    { name: "revops-hub-demo", version: VERSION },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: "auto" } },
  );
  client.setRequestHandler("elicitation/create", async ({ params }) =>
    answer(params.message) ? { action: "accept", content: { confirm: true } } : { action: "decline" },
  );
  await client.connect(new StdioClientTransport({ command, args: [...args], env, stderr: "ignore" }));
  return {
    tools: async () => (await client.listTools()).tools,
    async call(name, input, onProgress) {
      const options = {
        timeout: TIMEOUT_MS,
        ...(onProgress && {
          onprogress: ({ message }: { message?: string | undefined }) => onProgress(message ?? ""),
        }),
      };
      const { structuredContent } = await client.callTool({ name, arguments: input }, options);
      return (structuredContent ?? {}) as Record<string, unknown>;
    },
    close: () => client.close(),
  };
};
