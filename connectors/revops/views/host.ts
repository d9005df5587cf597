/**
 * The view's side of MCP Apps (SEP-1865, version 2026-01-26): JSON-RPC 2.0 by postMessage with the page
 * around the frame. Ours, because the official client is 649 kB with its validation; what is spoken is the same.
 * https://github.com/modelcontextprotocol/ext-apps/blob/main/specification/2026-01-26/apps.mdx
 */

export interface HostContext {
  readonly theme?: string;
  readonly styles?: { readonly variables?: Readonly<Record<string, string | undefined>> };
  /** BCP 47. */
  readonly locale?: string;
  /** IANA. */
  readonly timeZone?: string;
  readonly toolInfo?: { readonly tool?: { readonly name?: string } };
}

export interface ToolResult {
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
}

export interface HostEvents {
  /** The arguments of the call that is shown. */
  input(given: Readonly<Record<string, unknown>>): void;
  result(result: ToolResult): void;
  cancelled(): void;
  /** All of the context, whatever part has changed. */
  context(context: HostContext): void;
}

export interface Host {
  /** Undefined where the host lets a view call no tools. Rejects with the host's message. */
  readonly callTool: ((name: string, given: object) => Promise<ToolResult>) | undefined;
  /** Undefined where the host opens no links. */
  readonly openLink: ((url: string) => Promise<unknown>) | undefined;
}

interface Message {
  readonly jsonrpc?: string;
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

interface Initialized {
  readonly hostContext?: HostContext;
  readonly hostCapabilities?: { readonly serverTools?: object; readonly openLinks?: object };
}

const VERSION = "2026-01-26";
const METHOD_NOT_FOUND = -32601;

/** Resolves when the host has answered; events may come from then on. */
export const connectToHost = async (name: string, events: HostEvents): Promise<Host> => {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let context: HostContext = {};

  // The host's origin is not known to a sandboxed frame; only whom it speaks to, its own parent.
  const send = (message: object) => window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const notify = (method: string, params: object = {}) => send({ method, params });
  const request = (method: string, params: object): Promise<unknown> => {
    last += 1;
    const id = last;
    send({ id, method, params });
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };

  const notified: Record<string, (params: never) => void> = {
    "ui/notifications/tool-input": ({ arguments: given }: { arguments?: Record<string, unknown> }) =>
      events.input(given ?? {}),
    "ui/notifications/tool-result": (result: ToolResult) => events.result(result),
    "ui/notifications/tool-cancelled": () => events.cancelled(),
    "ui/notifications/host-context-changed": (change: HostContext) => {
      context = { ...context, ...change };
      events.context(context);
    },
  };

  window.addEventListener("message", ({ source, data }: MessageEvent<Message | null>) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    const { id, method } = data;
    if (method === undefined) {
      const asked = waiting.get(id as number);
      waiting.delete(id as number);
      if (data.error) asked?.reject(new Error(data.error.message ?? "The host refused."));
      else asked?.resolve(data.result);
    } else if (id === undefined) notified[method]?.((data.params ?? {}) as never);
    else if (method === "ping" || method === "ui/resource-teardown") send({ id, result: {} });
    else send({ id, error: { code: METHOD_NOT_FOUND, message: "A view does not know this method." } });
  });

  const { hostContext = {}, hostCapabilities = {} } = (await request("ui/initialize", {
    appInfo: { name, version: "1.0.0" },
    appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
    protocolVersion: VERSION,
  })) as Initialized;
  context = hostContext;
  events.context(context);
  notify("ui/notifications/initialized");
  tellSize(notify);
  return {
    callTool: hostCapabilities.serverTools
      ? async (tool, given) => (await request("tools/call", { name: tool, arguments: given })) as ToolResult
      : undefined,
    openLink: hostCapabilities.openLinks ? (url) => request("ui/open-link", { url }) : undefined,
  };
};

/** The host makes the frame as high as its content. */
const tellSize = (notify: (method: string, params: object) => void): void => {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    notify("ui/notifications/size-changed", { width: window.innerWidth, height });
  }).observe(document.body);
};
