/** A host of MCP Apps in a browser, made of the official bridge: what a client does around a view. */
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

type Result = Parameters<AppBridge["sendToolResult"]>[0];

interface Shown {
  readonly tool: string;
  readonly input: Record<string, unknown>;
  readonly result: Result;
  readonly theme: "light" | "dark";
  readonly locale?: string;
  readonly variables?: Record<string, string>;
  /** False: a host that lets views call no tools and open no links. */
  readonly serves?: boolean;
}

declare global {
  interface Window {
    /** Resolves when the view has what it shows. */
    showView(shown: Shown): Promise<void>;
    changeTheme(theme: "light" | "dark"): void;
    teardown(): Promise<unknown>;
    /** Given by the test. */
    callTool(name: string, given: unknown): Promise<Result>;
    openedLink(url: string): Promise<void>;
  }
}

let bridge: AppBridge;

window.showView = async ({ tool, input, result, theme, locale, variables, serves = true }) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.style.cssText = "border:0;width:100%;display:block;height:200px";
  document.body.style.background = theme === "dark" ? "#1b1d21" : "#fff";
  document.body.append(frame);
  bridge = new AppBridge(
    null,
    { name: "test-host", version: "1.0.0" },
    serves ? { serverTools: {}, openLinks: {} } : {},
    {
      hostContext: {
        theme,
        timeZone: "UTC",
        ...(locale && { locale }),
        ...(variables && { styles: { variables: variables as never } }),
        toolInfo: { tool: { name: tool, inputSchema: { type: "object" } } },
      },
    },
  );
  bridge.oncalltool = ({ name, arguments: given }) => window.callTool(name, given);
  bridge.onopenlink = async ({ url }) => {
    await window.openedLink(url);
    return {};
  };
  bridge.onsizechange = ({ height }) => {
    if (height !== undefined) frame.style.height = `${height}px`;
  };
  const ready = new Promise<void>((resolve) => {
    bridge.oninitialized = () => resolve();
  });
  await bridge.connect(new PostMessageTransport(frame.contentWindow!, frame.contentWindow!));
  frame.src = "/view";
  await ready;
  await bridge.sendToolInput({ arguments: input });
  await bridge.sendToolResult(result);
};

window.changeTheme = (theme) => bridge.setHostContext({ theme });
window.teardown = () => bridge.teardownResource({});
